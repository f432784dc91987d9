from zoneinfo import ZoneInfo

from celery import shared_task
from django.utils import timezone

from accounts.tenancy.queries import each_active_workspace
from feedback.experts import actions


@shared_task(name="feedback.tick")
def tick(**_future: object) -> None:
    for workspace in each_active_workspace():
        actions.recalculate(workspace=workspace, today=timezone.now().astimezone(ZoneInfo(workspace.timezone)).date())
