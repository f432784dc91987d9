"""Doorways of the queue. The rows say what is open, so a lost wake-up only waits for the next tick."""

import logging
import time
from uuid import UUID

from celery import shared_task
from django.db import OperationalError, connection
from kombu.exceptions import OperationalError as BrokerError

from accounts.lists import exporting
from accounts.tenancy.clock import database_now
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope

logger = logging.getLogger(__name__)

# Shorter than a worker's patience with one task; the tick goes on with the rest.
_PATIENCE_S = 180


@shared_task(name="lists.tick")
def tick(**_future: object) -> None:
    """Write what is open, workspace by workspace in turn, and forget what is old."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspaces_with_due_exports()")
        waiting = [row[0] for row in cursor.fetchall()]
    for workspace_id in waiting:
        export_files.run(workspace_id=str(workspace_id))
        with workspace_scope(workspace_id):
            workspace = Workspace.objects.get(pk=workspace_id)
            exporting.forget_expired(workspace=workspace, now=database_now())


@shared_task(name="lists.export_files")
def export_files(*, workspace_id: str, **_future: object) -> None:
    """Write the open files of one workspace."""
    workspace = Workspace.objects.get(pk=workspace_id)
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        export_id = exporting.claim_next(workspace.pk)
        if export_id is None:
            return
        _write(workspace, export_id, until)


def wake(*, workspace_id: UUID) -> None:
    """Say that a file is open; without a broker the tick finds it."""
    try:
        export_files.delay(workspace_id=str(workspace_id))
    except BrokerError:
        logger.warning("The broker is away; the file waits for the next tick.")


def _write(workspace: Workspace, export_id: UUID, until: float) -> None:
    try:
        while exporting.write_chunk(workspace=workspace, export_id=export_id, now=database_now()):
            if time.monotonic() > until:
                return
    except OperationalError:
        # The database went away: the file goes on from its last chunk once the lease is over.
        logger.warning("The export %s was interrupted.", export_id)
    except Exception:
        logger.exception("The export %s failed.", export_id)
        exporting.fail_export(
            workspace=workspace,
            export_id=export_id,
            error="Something went wrong while it was written. Try again; if it stays so, tell whoever runs Goodword.",
            now=database_now(),
        )
