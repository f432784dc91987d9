"""Doorways of the queue `bulk`. The row says what is due, so a lost wake-up only waits for the next tick."""

import logging
from uuid import UUID

from celery import shared_task
from kombu.exceptions import OperationalError as BrokerError

from accounts.tenancy.clock import database_now
from accounts.tenancy.models import Workspace
from accounts.tenancy.queries import each_active_workspace

logger = logging.getLogger(__name__)


@shared_task(name="demo.work")
def work(*, workspace_id: str, job_id: str, **_future: object) -> None:
    """Carry one job to its end."""
    from referrals.demo import jobs  # noqa: PLC0415 -- jobs and tasks call each other

    jobs.work(workspace=Workspace.objects.get(pk=workspace_id), job_id=UUID(job_id))


@shared_task(name="demo.tick")
def tick(**_future: object) -> None:
    """Find jobs whose worker died or whose wake-up was lost."""
    from referrals.demo import jobs  # noqa: PLC0415 -- as above

    left = [job for workspace in each_active_workspace() for job in jobs.due(workspace=workspace, now=database_now())]
    for job in left:
        wake(workspace_id=job.workspace_id, job_id=job.pk)


def wake(*, workspace_id: UUID, job_id: UUID) -> None:
    """Say that a job is due; without a broker the tick finds it."""
    try:
        work.delay(workspace_id=str(workspace_id), job_id=str(job_id))
    except BrokerError:
        logger.warning("The broker is away; the demo waits for the next tick.")
