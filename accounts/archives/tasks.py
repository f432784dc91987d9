"""Doorways of the queue. The rows say what is open, so a lost wake-up only waits for the next tick."""

import logging
import time
from uuid import UUID

from celery import shared_task
from django.db import OperationalError, connection
from kombu.exceptions import OperationalError as BrokerError

from accounts.archives import actions
from accounts.tenancy.clock import database_now
from accounts.tenancy.models import Workspace

logger = logging.getLogger(__name__)

# Shorter than a worker's patience with one task; the tick goes on with the rest.
_PATIENCE_S = 180


@shared_task(name="archives.tick")
def tick(**_future: object) -> None:
    """Write what is open, also of workspaces that rest or close, and forget what is old."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspaces_with_due_archives()")
        waiting = [row[0] for row in cursor.fetchall()]
    for workspace_id in waiting:
        write.run(workspace_id=str(workspace_id))
        actions.forget_expired(workspace_id=workspace_id, now=database_now())


@shared_task(name="archives.write")
def write(*, workspace_id: str, **_future: object) -> None:
    """Write the open file of one workspace."""
    workspace = Workspace.objects.get(pk=workspace_id)
    archive_id = actions.claim_next(workspace.pk)
    if archive_id is None:
        return
    until = time.monotonic() + _PATIENCE_S
    try:
        while actions.write_piece(workspace=workspace, archive_id=archive_id, now=database_now()):
            if time.monotonic() > until:
                return
    except OperationalError:
        # The database went away: the file goes on from its last piece once the lease is over.
        logger.warning("The archive %s was interrupted.", archive_id)
    except Exception:
        logger.exception("The archive %s failed.", archive_id)
        actions.fail(
            workspace=workspace,
            archive_id=archive_id,
            error="Something went wrong while it was written. Try again; if it stays so, tell whoever runs Goodword.",
            now=database_now(),
        )


def wake(*, workspace_id: UUID) -> None:
    """Say that a file is open; without a broker the tick finds it."""
    try:
        write.delay(workspace_id=str(workspace_id))
    except BrokerError:
        logger.warning("The broker is away; the file waits for the next tick.")
