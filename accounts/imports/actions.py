"""What people do with imports: send a file, say what its columns mean, try, start, stop, mend."""

import csv
import io
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError as BrokerError

from accounts.imports import known, registry, running
from accounts.imports.chunks import Plan
from accounts.imports.errors import ImportIsOver, ImportNotReady
from accounts.imports.files import FileFormat
from accounts.imports.formats import DateOrder
from accounts.imports.mapping import missing_columns
from accounts.imports.models import ImportJob, ImportPiece, RefusedRow, SavedMapping
from accounts.imports.pieces import copy_pieces, count_rows, keep, laid_down
from accounts.imports.plans import file_format
from accounts.imports.tables import open_table
from accounts.tenancy.actor import Actor, ActorKind
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.models import Workspace

logger = logging.getLogger(__name__)
State = ImportJob.State
DATE_ORDERS: tuple[DateOrder, ...] = ("iso", "day_first", "month_first")


@transaction.atomic
def receive(*, workspace: Workspace, path: Path, filename: str, kind: str, by: Actor, now: datetime) -> ImportJob:
    """Keep a file and what its headers already say; `kind` is empty where that should be guessed. Raises BadFile."""
    table = open_table(path)
    guess = known.suggest(workspace=workspace, header=table.header, kind=kind)
    form = FileFormat(**{**asdict(table.format), "sub_header": guess.sub_header})
    return _create(
        workspace,
        path,
        form,
        table.header,
        by,
        filename=filename,
        kind=guess.kind,
        columns=guess.columns,
        attributes=guess.attributes,
        constants=guess.constants,
        chosen_formats=guess.chosen_formats,
        currency=workspace.currency,
    )


def receive_for_command(*, plan: Plan, by: Actor, now: datetime) -> ImportJob:
    """Keep a file whose columns are settled, already under way."""
    return _create(
        plan.workspace,
        plan.table.path,
        plan.table.format,
        plan.table.header,
        by,
        filename=plan.table.path.name,
        kind=plan.kind.name,
        columns=plan.columns.read,
        constants=dict(plan.constants),
        currency=plan.reader.currency,
        formats={name: asdict(column) for name, column in plan.reader.formats.items()},
        state=State.RUNNING,
        started_at=now,
    )


def _create(
    workspace: Workspace, path: Path, form: FileFormat, header: Sequence[str], by: Actor, **fields: Any
) -> ImportJob:
    fields["filename"] = fields["filename"].replace("\0", "")[-200:] or "pasted.csv"
    job = ImportJob.objects.create(
        workspace=workspace,
        size_bytes=path.stat().st_size,
        rows_expected=count_rows(path),
        header=list(header),
        created_by_id=by.id if by.kind == ActorKind.MEMBER else None,
        **asdict(form),
        **fields,
    )
    keep(job, path)
    return job


@transaction.atomic
def choose(
    *,
    job: ImportJob,
    kind: str,
    columns: Mapping[str, int],
    attributes: Mapping[int, str],
    constants: Mapping[str, str],
    chosen_formats: Mapping[str, Mapping[str, str]],
    currency: str,
) -> ImportJob:
    """Say how the file is read. Raises InvalidInput for what is missing, ImportIsOver once it has started."""
    job = _locked(job)
    _must_be(job, State.MAPPING, State.TRIED)
    wanted = registry.find(kind)
    if wanted is None:
        raise InvalidInput("Choose what the rows are.", field="kind", code="required")
    missing = missing_columns(wanted, {*columns, *constants})
    if missing:
        words = ", and ".join(" or ".join(wanted.label(name) for name in names) for names in missing)
        raise InvalidInput(f"Say which column has the {words}.", field="columns", code="required")
    job.kind, job.currency, job.formats, job.state = kind, currency, None, State.MAPPING
    job.columns, job.attributes = dict(columns), {str(at): name for at, name in attributes.items()}
    job.constants, job.chosen_formats = dict(constants), {name: dict(told) for name, told in chosen_formats.items()}
    job.report, job.position = {}, 0
    job.save()
    return job


@transaction.atomic
def read_again(*, job: ImportJob, encoding: str, delimiter: str) -> ImportJob:
    """Read the file in other letters or with another mark between the columns. Raises BadFile, ImportIsOver."""
    job = _locked(job)
    _must_be(job, State.MAPPING, State.TRIED)
    job.encoding, job.delimiter = encoding, delimiter
    with laid_down(job) as path:
        job.header = open_table(path, file_format(job)).header
    guess = known.suggest(workspace=job.workspace, header=job.header, kind=job.kind)
    job.kind, job.columns, job.attributes = guess.kind or job.kind, guess.columns, guess.attributes
    job.constants, job.chosen_formats = guess.constants, guess.chosen_formats
    job.formats, job.state = None, State.MAPPING
    job.save()
    return job


@transaction.atomic
def try_out(*, job: ImportJob) -> ImportJob:
    """Have the whole file tried without keeping anything."""
    job = _locked(job)
    _must_be(job, State.MAPPING, State.TRIED)
    return _set_off(job, State.TRYING)


@transaction.atomic
def start(*, job: ImportJob, by: Actor, now: datetime) -> ImportJob:
    """Have the file imported as it was tried; files with these headers are read like this from now on."""
    job = _locked(job)
    _must_be(job, State.TRIED)
    known.remember(job=job, now=now)
    return _begin(job, by, now)


@transaction.atomic
def cancel(*, job: ImportJob, by: Actor, now: datetime) -> ImportJob:
    """Stop: the chunk under way is undone, those before it stay. A trial goes back to its columns."""
    job = _locked(job)
    if job.is_over:
        raise ImportIsOver("This import is over already.")
    if job.state == State.TRYING:
        job.state, job.report, job.position, job.lease_until = State.MAPPING, {}, 0, None
        job.save()
        return job
    job.state, job.ended_at, job.lease_until = State.CANCELLED, now, None
    job.save()
    running.record(workspace=job.workspace, job=job, type_="import.cancelled", now=now, by=by)
    return job


@transaction.atomic
def use_again(*, job: ImportJob, kind: str, by: Actor, now: datetime) -> ImportJob:
    """The same file once more, as another kind: the people in a file of answers. Raises ImportNotReady."""
    job = _locked(job)
    if job.erased_at is not None:
        raise ImportNotReady("The file was deleted after its time. Send it again.")
    guess = known.suggest(workspace=job.workspace, header=job.header, kind=kind)
    new = ImportJob.objects.create(
        workspace=job.workspace,
        kind=kind,
        filename=job.filename,
        size_bytes=job.size_bytes,
        encoding=job.encoding,
        delimiter=job.delimiter,
        skip_lines=job.skip_lines,
        sub_header=job.sub_header,
        header=job.header,
        columns=guess.columns,
        attributes=guess.attributes,
        constants=guess.constants,
        chosen_formats=guess.chosen_formats,
        currency=job.currency,
        rows_expected=job.rows_expected,
        created_by_id=by.id if by.kind == ActorKind.MEMBER else None,
    )
    copy_pieces(job, new)
    return new


@transaction.atomic
def mend(*, job: ImportJob, rows: Mapping[UUID, Sequence[str]], by: Actor, now: datetime) -> ImportJob:
    """Send refused rows again as somebody corrected them: a small import of its own, read as the first one was.

    Raises ImportNotReady where the first one is not over, or somebody else sent these rows.
    """
    job = _locked(job)
    if not job.is_over:
        raise ImportNotReady("This import still runs. Its refused rows can be mended when it is over.")
    found = RefusedRow.objects.select_for_update().filter(workspace=job.workspace, job=job, mended_in=None)
    waiting = list(found.filter(pk__in=rows).order_by("line"))
    if not waiting:
        raise ImportNotReady("These rows were sent again already.")
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(job.header)
    writer.writerows(rows[row.pk] for row in waiting)
    data = text.getvalue().encode()
    new = ImportJob.objects.create(
        workspace=job.workspace,
        kind=job.kind,
        filename=job.filename,
        size_bytes=len(data),
        encoding="utf-8",
        delimiter=",",
        header=job.header,
        columns=job.columns,
        attributes=job.attributes,
        constants=job.constants,
        chosen_formats=job.chosen_formats,
        formats=job.formats,
        currency=job.currency,
        rows_expected=len(waiting),
        created_by_id=by.id if by.kind == ActorKind.MEMBER else None,
        again_of=job,
    )
    ImportPiece.objects.create(workspace=job.workspace, job=new, number=0, data=data)
    RefusedRow.objects.filter(workspace=job.workspace, pk__in=[row.pk for row in waiting]).update(mended_in=new)
    return _begin(new, by, now)


@transaction.atomic
def forget_mapping(*, job: ImportJob) -> ImportJob:
    """Forget how files with these headers were read, and begin with their names again."""
    job = _locked(job)
    _must_be(job, State.MAPPING, State.TRIED)
    SavedMapping.objects.filter(workspace=job.workspace, signature=known.signature(job.header)).delete()
    guess = known.suggest(workspace=job.workspace, header=job.header, kind="")
    job.kind, job.columns, job.attributes = guess.kind, guess.columns, guess.attributes
    job.constants, job.chosen_formats, job.formats, job.state = (
        guess.constants,
        guess.chosen_formats,
        None,
        State.MAPPING,
    )
    job.save()
    return job


@transaction.atomic
def erase_old(*, workspace: Workspace, now: datetime) -> int:
    """Delete files and refused rows after their time; what became of them stays. Gives how many jobs."""
    old = workspace.import_jobs.filter(
        erased_at=None, created_at__lte=now - timedelta(days=settings.IMPORT_FILES_KEPT_DAYS)
    ).exclude(state__in=[State.TRYING, State.RUNNING])
    keys = list(old.values_list("pk", flat=True))
    ImportPiece.objects.filter(workspace=workspace, job__in=keys).delete()
    RefusedRow.objects.filter(workspace=workspace, job__in=keys).delete()
    workspace.import_jobs.filter(pk__in=keys, state__in=[State.MAPPING, State.TRIED]).update(
        state=State.CANCELLED, ended_at=now
    )
    return workspace.import_jobs.filter(pk__in=keys).update(erased_at=now)


def wake(job: ImportJob) -> None:
    """Say that a job is due. Without a broker it only waits for the next tick."""
    from accounts.imports import tasks  # noqa: PLC0415 -- tasks and actions call each other

    keys = {"workspace_id": str(job.workspace_id), "job_id": str(job.pk)}
    try:
        tasks.work.apply_async(kwargs=keys, retry=False)
    except (BrokerError, OSError):
        logger.exception("No wake-up for import %s; the next tick finds it.", job.pk)


def _begin(job: ImportJob, by: Actor, now: datetime) -> ImportJob:
    job.started_at = now
    _set_off(job, State.RUNNING)
    running.record(workspace=job.workspace, job=job, type_="import.started", now=now, by=by)
    return job


def _set_off(job: ImportJob, state: str) -> ImportJob:
    job.state, job.position, job.report, job.attempts, job.lease_until = state, 0, {}, 0, None
    job.save()
    transaction.on_commit(partial(wake, job))
    return job


def _locked(job: ImportJob) -> ImportJob:
    rows = ImportJob.objects.select_for_update(of=("self",)).select_related("workspace")
    return rows.get(pk=job.pk, workspace_id=job.workspace_id)


def _must_be(job: ImportJob, *states: str) -> None:
    if job.state not in states:
        raise ImportIsOver(f"This import is “{job.get_state_display().lower()}” by now.")
