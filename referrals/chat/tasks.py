from celery import shared_task

from accounts.tenancy.clock import database_now
from accounts.tenancy.queries import each_active_workspace
from referrals.chat import actions


@shared_task(name="chat.tick")
def tick(**_future: object) -> None:
    for workspace in each_active_workspace():
        actions.show_what_became(workspace=workspace, now=database_now())
