from celery import shared_task

from accounts.api import actions
from accounts.tenancy.clock import database_now
from accounts.tenancy.queries import each_active_workspace


@shared_task(name="accounts.tick")
def housekeeping(**_future: object) -> None:
    for workspace in each_active_workspace():
        actions.forget_old_answers(workspace=workspace, now=database_now())
