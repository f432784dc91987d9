"""Doorways of the queue `bulk`. The rows say what is due: two wake-ups, or a lost one, change nothing."""

from uuid import UUID

from celery import shared_task

from accounts.imports import actions, running
from accounts.imports.models import ImportJob
from accounts.tenancy.clock import database_now
from accounts.tenancy.models import Workspace
from accounts.tenancy.queries import each_active_workspace
from accounts.tenancy.scope import workspace_scope


# One chunk of a kind that needs its whole file at once may take longer than a task usually may.
@shared_task(name="imports.work", soft_time_limit=780, time_limit=840)
def work(*, workspace_id: str, job_id: str, **_future: object) -> None:
    """Carry one import on for some minutes; what is left asks for another turn."""
    workspace = Workspace.objects.get(pk=workspace_id)
    with workspace_scope(workspace.pk):
        job = ImportJob.objects.get(workspace=workspace, pk=UUID(job_id))
    if running.work(workspace=workspace, job=job):
        actions.wake(job)


@shared_task(name="imports.tick")
def tick(**_future: object) -> None:
    """Find imports whose worker died or whose wake-up was lost."""
    left = [
        job for workspace in each_active_workspace() for job in running.due(workspace=workspace, now=database_now())
    ]
    for job in left:
        actions.wake(job)


@shared_task(name="imports.housekeeping")
def housekeeping(**_future: object) -> None:
    """Delete files whose time is over."""
    for workspace in each_active_workspace():
        actions.erase_old(workspace=workspace, now=database_now())
