"""Everything of a workspace in one zip: asked for, written table by table, downloaded, forgotten after a week.

The pieces are rows of the database, as files of lists are (accounts/lists/exporting.py). Each piece is one transaction
with the place where the next begins, so a file goes on where its worker died. Rows that change while it is written are
in it as they were when their table's turn came.
"""

import zlib
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from accounts.archives import tables
from accounts.archives.errors import ArchiveUnderWay
from accounts.archives.models import Archive, ArchivePiece
from accounts.events import actions as events
from accounts.lists import cells
from accounts.members.models import Member
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope

State = Archive.State

PIECE_ROWS = 5_000
KEPT = timedelta(days=7)
# Longer than any piece takes: a file whose worker was silent for so long is taken over.
LEASE = timedelta(minutes=2)


@transaction.atomic
def start(*, workspace: Workspace, member: Member, by: Actor, now: datetime) -> Archive:
    """Ask for a file of everything. Raises ArchiveUnderWay."""
    from accounts.archives import tasks  # noqa: PLC0415 -- tasks and actions call each other

    try:
        with transaction.atomic():
            archive = Archive.objects.create(workspace=workspace, member=member, expires_at=now + KEPT)
    except IntegrityError as error:
        raise ArchiveUnderWay("A file is being written already. Wait for it, or cancel it.") from error
    events.record(workspace_id=workspace.pk, type="archive.started", subject=archive, by=by, now=now)
    transaction.on_commit(partial(tasks.wake, workspace_id=workspace.pk))
    return archive


@transaction.atomic
def cancel(*, archive: Archive, by: Actor, now: datetime) -> Archive:
    """Stop writing a file, or throw a finished one away."""
    archive = archive.workspace.archives.select_for_update().get(pk=archive.pk)
    if archive.is_open or archive.state == State.DONE:
        _end(archive, State.CANCELLED, now=now)
        events.record(workspace_id=archive.workspace_id, type="archive.cancelled", subject=archive, by=by, now=now)
    return archive


@transaction.atomic
def note_download(*, archive: Archive, by: Actor, now: datetime) -> None:
    """Everything left the house with somebody: that is a fact."""
    archive = archive.workspace.archives.select_for_update().get(pk=archive.pk)
    events.record(workspace_id=archive.workspace_id, type="archive.downloaded", subject=archive, by=by, now=now)


def claim_next(workspace_id: UUID) -> UUID | None:
    """Take the open file of the workspace if nobody is writing it; its id, or None. By the database's clock."""
    with workspace_scope(workspace_id), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_archive SET state = 'running',"
            " lease_until = statement_timestamp() + make_interval(secs => %s) WHERE id = ("
            " SELECT id FROM accounts_archive WHERE workspace_id = %s AND state IN ('queued', 'running')"
            " AND (lease_until IS NULL OR lease_until <= statement_timestamp())"
            " ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id",
            [LEASE.total_seconds(), workspace_id],
        )
        found = cursor.fetchone()
        return found[0] if found else None


def write_piece(*, workspace: Workspace, archive_id: UUID, now: datetime) -> bool:
    """Write the next rows of a file in one transaction; whether more are to come."""
    with workspace_scope(workspace.pk):
        archive = workspace.archives.select_for_update().get(pk=archive_id)
        if archive.state != State.RUNNING:
            return False
        label = archive.table or next(iter(tables.tables()))
        rows = _rows(workspace, label, archive.cursor)
        _keep(workspace, archive, label, rows)
        archive.rows[label] = archive.rows.get(label, 0) + len(rows)
        if len(rows) == PIECE_ROWS:
            archive.table, archive.cursor = label, rows[-1].pk
        else:
            archive.table, archive.cursor = _after(label), None
        if not archive.table:
            _end(archive, State.DONE, now=now)
            return False
        archive.lease_until = now + LEASE
        archive.save()
        return True


def fail(*, workspace: Workspace, archive_id: UUID, error: str, now: datetime) -> None:
    """Give a file up, with the reason in words."""
    with workspace_scope(workspace.pk):
        archive = workspace.archives.select_for_update().filter(pk=archive_id, state=State.RUNNING).first()
        if archive is not None:
            _end(archive, State.FAILED, now=now, error=error)


def forget_expired(*, workspace_id: UUID, now: datetime) -> int:
    """Delete files whose time is over; how many."""
    with workspace_scope(workspace_id):
        expired = Archive.objects.filter(workspace_id=workspace_id, expires_at__lte=now)
        ArchivePiece.objects.filter(workspace_id=workspace_id, archive__in=expired).delete()
        return expired.delete()[0]


def _rows(workspace: Workspace, label: str, after: UUID | None) -> list[Any]:
    rows = tables.tables()[label].objects.filter(workspace=workspace)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.order_by("pk")[:PIECE_ROWS])


def _keep(workspace: Workspace, archive: Archive, label: str, rows: list[Any]) -> None:
    """Also an empty table has its head: who looks for it finds that there was nothing."""
    fields = tables.columns(label)
    lines = [[tables.written(getattr(row, field.attname)) for field in fields] for row in rows]
    head = [] if archive.cursor else [[field.attname for field in fields]]
    data = zlib.compress(cells.csv_lines([*head, *lines]).encode())
    ArchivePiece.objects.create(workspace=workspace, archive=archive, number=archive.pieces, table=label, data=data)
    archive.pieces += 1


def _after(label: str) -> str:
    labels = list(tables.tables())
    place = labels.index(label) + 1 if label in labels else len(labels)
    return labels[place] if place < len(labels) else ""


def _end(archive: Archive, state: str, *, now: datetime, error: str = "") -> None:
    archive.state, archive.finished_at, archive.lease_until, archive.error = state, now, None, error
    if state != State.DONE:
        archive.workspace.archive_pieces.filter(archive=archive).delete()
        archive.pieces = 0
    archive.save()
