from zoneinfo import ZoneInfo

from celery import shared_task

from accounts.tenancy.clock import database_now
from accounts.tenancy.queries import each_active_workspace
from feedback.experts import actions


@shared_task(name="feedback.tick")
def tick(**_future: object) -> None:
    for workspace in each_active_workspace():
        actions.recalculate(workspace=workspace, today=database_now().astimezone(ZoneInfo(workspace.timezone)).date())
