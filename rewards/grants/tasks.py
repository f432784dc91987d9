from celery import shared_task

from accounts.tenancy.clock import database_now
from accounts.tenancy.queries import each_active_workspace
from rewards.grants import actions


@shared_task(name="rewards.tick")
def tick(**_future: object) -> None:
    for workspace in each_active_workspace():
        actions.release_due(workspace=workspace, now=database_now())
