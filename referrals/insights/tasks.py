from celery import shared_task

from accounts.tenancy.clock import database_now
from accounts.tenancy.queries import each_active_workspace
from referrals.insights import fridays


@shared_task(name="insights.tick")
def tick(**_future: object) -> None:
    for workspace in each_active_workspace():
        fridays.tell_due(workspace=workspace, now=database_now())
