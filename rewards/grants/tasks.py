from celery import shared_task
from django.utils import timezone

from accounts.tenancy.queries import each_active_workspace
from rewards.grants import actions


@shared_task(name="rewards.tick")
def tick(**_future: object) -> None:
    for workspace in each_active_workspace():
        actions.release_due(workspace=workspace, now=timezone.now())
