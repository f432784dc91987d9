from celery import shared_task

from accounts.tenancy.clock import database_now
from accounts.tenancy.queries import each_active_workspace
from referrals.pipeline import actions


@shared_task(name="pipeline.tick")
def tick(**_future: object) -> None:
    for workspace in each_active_workspace():
        actions.forget_named(workspace=workspace, now=database_now())
