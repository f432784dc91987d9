"""Files of lists, made in the background: asked for, written chunk by chunk, downloaded, forgotten after a week.

The chunks are rows of the database: any web process can hand them out, and a backup or a purge needs no second store.
Each chunk is one transaction with the place where the next begins, so a file goes on where its worker died.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import connection, transaction
from django.http import QueryDict
from django.utils import timezone

from accounts.events import actions as events
from accounts.lists import cells, paging, signals, spec
from accounts.lists.choosing import Chosen, chosen_of
from accounts.lists.errors import ExportNotReady, TooManyExports
from accounts.lists.models import Export, ExportChunk
from accounts.members.permissions import can
from accounts.tenancy import ids
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope

State = Export.State

CHUNK_ROWS = 5_000
KEPT = timedelta(days=7)
# Longer than any chunk takes: a file whose worker was silent for so long is taken over.
LEASE = timedelta(minutes=2)
MOST_OPEN = 3


@transaction.atomic
def start_export(*, chosen: Chosen, by: Actor, now: datetime, chosen_ids: Collection[str] | None = None) -> Export:
    """Ask for a file of what was chosen, or of these rows only. Raises TooManyExports."""
    from accounts.lists import tasks  # noqa: PLC0415 -- tasks and actions call each other

    member, workspace = chosen.member, chosen.member.workspace
    if workspace.exports.filter(member=member, state__in=[State.QUEUED, State.RUNNING]).count() >= MOST_OPEN:
        raise TooManyExports(f"{MOST_OPEN} of your files are being written. Wait for one, or cancel it.")
    export = Export.objects.create(
        workspace=workspace,
        list_name=chosen.spec.name,
        query=chosen.query(),
        chosen_ids=None if chosen_ids is None else sorted(chosen_ids),
        member=member,
        expires_at=now + KEPT,
    )
    data = {"list": export.list_name, "query": export.query}
    events.record(workspace_id=workspace.pk, type="export.started", subject=export, by=by, now=now, data=data)
    transaction.on_commit(partial(tasks.wake, workspace_id=workspace.pk))
    return export


@transaction.atomic
def cancel_export(*, export: Export, now: datetime) -> Export:
    """Stop writing a file; one that has ended stays as it is."""
    export = export.workspace.exports.select_for_update().get(pk=export.pk)
    if export.is_open:
        _end(export, State.CANCELLED, now=now)
    return export


def claim_next(workspace_id: UUID) -> UUID | None:
    """Take one open file of the workspace that nobody is writing; its id, or None. By the database's clock."""
    with workspace_scope(workspace_id), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_export SET state = 'running',"
            " lease_until = statement_timestamp() + make_interval(secs => %s) WHERE id = ("
            " SELECT id FROM accounts_export WHERE workspace_id = %s AND state IN ('queued', 'running')"
            " AND (lease_until IS NULL OR lease_until <= statement_timestamp())"
            " ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id",
            [LEASE.total_seconds(), workspace_id],
        )
        found = cursor.fetchone()
        return found[0] if found else None


def write_chunk(*, workspace: Workspace, export_id: UUID, now: datetime) -> bool:
    """Write the next rows of a file in one transaction; whether more are to come."""
    with workspace_scope(workspace.pk), timezone.override(workspace.timezone):
        rows = workspace.exports.select_for_update(of=("self",)).select_related("member", "workspace")
        export = rows.get(pk=export_id)
        if export.state != State.RUNNING:
            return False
        chosen = _chosen(export)
        if chosen is None:
            _end(export, State.FAILED, now=now, error="You may not read this list any more.")
            return False
        return _write(export, chosen, now)


def fail_export(*, workspace: Workspace, export_id: UUID, error: str, now: datetime) -> None:
    """Give a file up, with the reason in words."""
    with workspace_scope(workspace.pk):
        export = workspace.exports.select_for_update().filter(pk=export_id, state=State.RUNNING).first()
        if export is not None:
            _end(export, State.FAILED, now=now, error=error)


def content_of(*, export: Export) -> Iterator[bytes]:
    """The file, chunk by chunk, each read in a scope of its own. Raises ExportNotReady at once."""
    if export.state != State.DONE or export.expires_at <= timezone.now():
        raise ExportNotReady("This file is not there (any more). Make a new one.")
    return _stream(export)


def forget_expired(*, workspace: Workspace, now: datetime) -> int:
    """Delete files whose time is over; how many."""
    expired = workspace.exports.filter(expires_at__lte=now)
    workspace.export_chunks.filter(export__in=expired).delete()
    return expired.delete()[0]


def _stream(export: Export) -> Iterator[bytes]:
    for number in range(export.chunks):
        with workspace_scope(export.workspace_id):
            rows = ExportChunk.objects.filter(workspace_id=export.workspace_id, export_id=export.pk, number=number)
            data = bytes(rows.values_list("data", flat=True).get())
        yield data


def _chosen(export: Export) -> Chosen | None:
    """What the member may read of it now: a role that changed meanwhile counts."""
    found = spec.find(export.list_name)
    if found is None or not can(export.member, found.permission):
        return None
    export.member.workspace = export.workspace
    return chosen_of(found, export.member, QueryDict(export.query))


def _write(export: Export, chosen: Chosen, now: datetime) -> bool:
    rows = chosen.rows()
    if export.chosen_ids is not None:
        rows = rows.filter(pk__in=[ids.decode(rows.model.prefix, one) for one in export.chosen_ids])
    if export.rows_total is None:
        export.rows_total = rows.order_by().count()
    page = paging.page_of(rows, chosen.sort, export.cursor, size=CHUNK_ROWS)
    if chosen.spec.prepare is not None:
        chosen.spec.prepare(export.workspace, page.rows)
    lines = [cells.file_row(chosen.columns, row) for row in page.rows]
    head = [column.label for column in chosen.columns]
    text = cells.csv_lines(lines if export.chunks else [head, *lines])
    if not export.chunks:
        text = cells.BYTE_ORDER_MARK + text
    ExportChunk.objects.create(workspace=export.workspace, export=export, number=export.chunks, data=text.encode())
    export.chunks += 1
    export.rows_done += len(page.rows)
    export.cursor = page.next
    # Rows may come and go while it is written.
    export.rows_total = max(export.rows_total, export.rows_done)
    if not page.next:
        export.rows_total = export.rows_done
        _end(export, State.DONE, now=now)
        return False
    export.lease_until = timezone.now() + LEASE
    export.save()
    return True


def _end(export: Export, state: str, *, now: datetime, error: str = "") -> None:
    export.state, export.finished_at, export.lease_until, export.error = state, now, None, error
    if state != State.DONE:
        export.workspace.export_chunks.filter(export=export).delete()
        export.chunks = 0
    export.save()
    if state != State.CANCELLED:
        signals.export_ended.send_robust(sender=Export, workspace=export.workspace, export=export, now=now)
