from celery import shared_task

from accounts.notices import actions, digests
from accounts.tenancy.clock import database_now
from accounts.tenancy.queries import each_active_workspace


@shared_task(name="notices.tick")
def tick(**_future: object) -> None:
    for workspace in each_active_workspace():
        digests.send_due(workspace=workspace, now=database_now())


@shared_task(name="notices.housekeeping")
def housekeeping(**_future: object) -> None:
    for workspace in each_active_workspace():
        actions.forget_old(workspace=workspace, now=database_now())
