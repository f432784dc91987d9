"""Carrying a job on, chunk by chunk: each is one transaction that also says how far the file has come.

A worker that dies leaves the job where its last chunk ended. Whoever takes it up next begins there, on any machine;
two at once meet at the position, and the second stops.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection, transaction
from django.db.models import F, Q
from django.urls import reverse

from accounts.events import actions as events
from accounts.imports.chunks import CHUNK_ROWS, Chunks
from accounts.imports.files import BadFile
from accounts.imports.models import ImportJob
from accounts.imports.pieces import laid_down
from accounts.imports.plans import plan_of, said
from accounts.imports.report import RefusedLine, Report
from accounts.notices import actions as notices
from accounts.notices.actions import News
from accounts.notices.models import Kind
from accounts.tenancy.actor import SYSTEM, Actor, ActorKind
from accounts.tenancy.clock import database_now
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope

State = ImportJob.State
Clock = Callable[[], datetime]
Listener = Callable[[Sequence[RefusedLine]], None]

# A chunk takes seconds. Whoever dies in the middle of one is replaced after this time.
LEASE = timedelta(seconds=90)
# Shorter than a worker's patience with one task; what is left waits for the next turn.
TURN = timedelta(seconds=120)
MOST_ATTEMPTS = 5
_IN_PARTS = (
    f"A trial looks at {CHUNK_ROWS:,} rows at a time: a row that comes again much further down counts as new here, "
    "and as an update when you import."
)


class Overtaken(Exception):
    """Somebody stopped this job, or another worker has it: what this one was doing has not happened."""


def work(
    *,
    workspace: Workspace,
    job: ImportJob,
    clock: Clock = database_now,
    path: Path | None = None,
    on_refused: Listener | None = None,
) -> bool:
    """Carry the job on; says whether anything is left to do. `path` has the file where this machine has it already.

    A file that turns out to be none ends the job as failed, in words.
    """
    if not _claim(workspace, job, clock()):
        return False
    where: AbstractContextManager[Path] = laid_down(job) if path is None else nullcontext(path)
    try:
        with where as file:
            chunks, total = _begin(job, file, clock())
            until = clock() + TURN
            while not chunks.is_over:
                _chunk(job, chunks, total, clock(), on_refused)
                if path is None and clock() > until and not chunks.is_over:
                    _release(workspace, job)
                    return True
            _finish(job, chunks, total, clock())
    except BadFile as error:
        fail(workspace=workspace, job=job, reason=str(error), now=clock())
    except Overtaken:
        return False
    return False


def due(*, workspace: Workspace, now: datetime) -> list[ImportJob]:
    """The jobs nobody is working on, though they are under way."""
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    return list(workspace.import_jobs.filter(free, state__in=[State.TRYING, State.RUNNING]).order_by("created_at"))


def fail(*, workspace: Workspace, job: ImportJob, reason: str, now: datetime) -> None:
    """End the job with a sentence why. What came in before stays."""
    with workspace_scope(workspace.pk):
        open_ = workspace.import_jobs.filter(pk=job.pk, state__in=[State.TRYING, State.RUNNING])
        if open_.update(state=State.FAILED, error=reason[:500], ended_at=now, lease_until=None):
            record(workspace=workspace, job=job, type_="import.failed", now=now)
            tell(workspace=workspace, job=job, said=f"{job.filename} was not imported", text=reason, now=now)


def record(*, workspace: Workspace, job: ImportJob, type_: str, now: datetime, by: Actor | None = None) -> None:
    """Write down what happened to the job: kind and counts, never a cell of the file."""
    report = Report.of_json(job.kind, job.report, dry_run=False)
    data = {"id": job.public_id, "kind": job.kind, "rows_in": report.rows_in, "rows_refused": report.rows_refused}
    events.record(workspace_id=workspace.pk, type=type_, subject=job, by=by or actor_of(job), now=now, data=data)


def tell(*, workspace: Workspace, job: ImportJob, said: str, text: str, now: datetime) -> None:
    """Tell whoever brought the file that it has ended."""
    members = workspace.members.filter(pk=job.created_by_id) if job.created_by_id else []
    path = reverse("import-show", args=[workspace.slug, job.public_id])
    news = News(Kind.FILE_DONE, f"import:{job.pk}", said, path, text)
    notices.tell(workspace=workspace, members=list(members), news=news, now=now)


def actor_of(job: ImportJob) -> Actor:
    """Who brought the file."""
    return Actor(ActorKind.MEMBER, job.created_by_id) if job.created_by_id else SYSTEM


def _claim(workspace: Workspace, job: ImportJob, now: datetime) -> bool:
    """Take the job, and read it as it stands now; False where somebody has it, or it is over."""
    with workspace_scope(workspace.pk):
        rows = workspace.import_jobs.filter(pk=job.pk, state__in=[State.TRYING, State.RUNNING])
        free = rows.filter(Q(lease_until=None) | Q(lease_until__lte=now))
        taken = free.filter(attempts__lt=MOST_ATTEMPTS).update(lease_until=now + LEASE, attempts=F("attempts") + 1)
        job.refresh_from_db()
        spent = not taken and free.exists()
    job.workspace = workspace
    if spent:
        reason = f"It stopped {MOST_ATTEMPTS} times near row {job.position:,}. What came in before stays."
        fail(workspace=workspace, job=job, reason=reason, now=now)
    return bool(taken)


def _begin(job: ImportJob, file: Path, now: datetime) -> tuple[Chunks, Report]:
    plan = plan_of(job, file)
    total = Report.of_json(job.kind, job.report, dry_run=job.state == State.TRYING)
    if job.formats is None:
        job.formats = {name: asdict(column) for name, column in plan.reader.formats.items()}
        with workspace_scope(job.workspace_id):
            job.workspace.import_jobs.filter(pk=job.pk).update(formats=job.formats)
    if job.position == 0:
        total.said = said(plan)
    return Chunks(plan, by=actor_of(job), now=now, position=job.position), total


def _chunk(job: ImportJob, chunks: Chunks, total: Report, now: datetime, on_refused: Listener | None) -> None:
    """Store one chunk, and in the same transaction that it is stored. Raises Overtaken, and nothing is."""
    part = Report(job.kind, total.dry_run)
    with workspace_scope(job.workspace_id):
        _still_mine(job)
        if total.dry_run:
            _try(chunks, part)
        else:
            chunks.store(part)
            _keep_refused(job, part)
        total.add(part)
        changes = {"position": chunks.position, "report": total.to_json(), "lease_until": now + LEASE, "attempts": 0}
        # The row is held only here, so that stopping a job never waits for a chunk.
        mine = job.workspace.import_jobs.filter(pk=job.pk, state=job.state, position=job.position)
        if not mine.update(**changes):
            raise Overtaken
    job.position, job.report = chunks.position, changes["report"]
    if on_refused is not None:
        on_refused(part.refused)


def _still_mine(job: ImportJob) -> None:
    """A worker that waited while another one did this chunk need not do it again."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10min'")
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('import ' || %s, 0))", [str(job.workspace_id)])
    if not job.workspace.import_jobs.filter(pk=job.pk, state=job.state, position=job.position).exists():
        raise Overtaken


def _try(chunks: Chunks, part: Report) -> None:
    """Everything happens, and then has not."""
    with transaction.atomic():
        savepoint = transaction.savepoint()
        is_first = chunks.position == 0
        chunks.store(part)
        if chunks.is_over:
            chunks.close(part)
        elif is_first:
            part.said.append(_IN_PARTS)
        transaction.savepoint_rollback(savepoint)


_KEEP_REFUSED = """
INSERT INTO accounts_refusedrow (id, workspace_id, job_id, line, reason, cells)
SELECT uuidv7(), %s, %s, line, reason, cells::jsonb
  FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS gone (line, reason, cells)
ON CONFLICT (workspace_id, job_id, line) DO NOTHING
"""


def _keep_refused(job: ImportJob, part: Report) -> None:
    if not part.refused:
        return
    lines, reasons, cells = zip(*part.refused, strict=True)
    values = [list(lines), [reason[:500] for reason in reasons], [json.dumps(row) for row in cells]]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_REFUSED, [job.workspace_id, job.pk, *values])


def _release(workspace: Workspace, job: ImportJob) -> None:
    with workspace_scope(workspace.pk):
        workspace.import_jobs.filter(pk=job.pk, position=job.position).update(lease_until=None)


def _finish(job: ImportJob, chunks: Chunks, total: Report, now: datetime) -> None:
    trial = job.state == State.TRYING
    with workspace_scope(job.workspace_id):
        if not trial:
            chunks.close(total)
        job.report = total.to_json()
        changes = {"report": job.report, "rows_expected": chunks.position, "lease_until": None}
        changes |= {"state": State.TRIED} if trial else {"state": State.DONE, "ended_at": now}
        mine = job.workspace.import_jobs.filter(pk=job.pk, state=job.state, position=job.position)
        if not mine.update(**changes):
            raise Overtaken
        if not trial:
            record(workspace=job.workspace, job=job, type_="import.done", now=now)
            came = f"{total.rows_in:,} row{'' if total.rows_in == 1 else 's'} came in"
            refused = f", {total.rows_refused:,} wait to be mended." if total.rows_refused else "."
            tell(workspace=job.workspace, job=job, said=f"{job.filename} is imported", text=came + refused, now=now)
