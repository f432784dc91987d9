"""Importing a file of this machine at once: what `manage.py import_csv` does."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import transaction

from accounts.imports import actions, running
from accounts.imports.chunks import Chunks, Plan
from accounts.imports.files import BadFile
from accounts.imports.mapping import match_columns
from accounts.imports.models import ImportJob
from accounts.imports.pieces import check_size
from accounts.imports.plans import reader, said, settle_formats
from accounts.imports.refused import RefusedFile
from accounts.imports.registry import Kind
from accounts.imports.report import Report
from accounts.imports.tables import open_table
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope


def import_csv(
    *,
    workspace: Workspace,
    kind: Kind,
    path: Path,
    by: Actor,
    now: datetime,
    columns: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
    currency: str = "",
    dry_run: bool = False,
    refused_folder: Path | None = None,
) -> Report:
    """Store the rows of a file and say what became of them.

    `columns` maps headers to fields, `constants` gives a field the same text in every row, `currency` is for amounts
    without one. Refused rows go into a file in `refused_folder` (the current folder). Raises BadFile.
    """
    constants = constants or {}
    _check_constants(kind, constants)
    table = open_table(path)
    check_size(path)
    found = match_columns(kind, table, columns or {}, constants)
    formats = settle_formats(kind, table.rows(), found.read, {})
    how = reader(workspace, formats, currency.upper() or workspace.currency)
    plan = Plan(workspace, kind, table, found, constants, how)
    if dry_run:
        return _tried(plan, by=by, now=now)
    with workspace_scope(workspace.pk):
        job = actions.receive_for_command(plan=plan, by=by, now=now)
    refused = RefusedFile((refused_folder or Path.cwd()) / f"{path.stem}.refused.csv", table.header)
    try:
        running.work(workspace=workspace, job=job, path=path, on_refused=refused.add_all)
    finally:
        refused.close()
    return _report(workspace, job, refused)


def _report(workspace: Workspace, job: ImportJob, refused: RefusedFile) -> Report:
    with workspace_scope(workspace.pk):
        job.refresh_from_db()
    if job.state != ImportJob.State.DONE:
        raise BadFile(job.error or "Somebody stopped this import. What came in before stays.")
    report = Report.of_json(job.kind, job.report, dry_run=False)
    report.refused_path = refused.path
    return report


def _tried(plan: Plan, *, by: Actor, now: datetime) -> Report:
    total = Report(plan.kind.name, dry_run=True, said=said(plan))
    chunks = Chunks(plan, by=by, now=now)
    with _rolled_back():
        while not chunks.is_over:
            part = Report(plan.kind.name, dry_run=True)
            chunks.store(part)
            total.add(part)
        chunks.close(total)
    return total


@contextmanager
def _rolled_back() -> Iterator[None]:
    """Everything happens, and then has not."""
    with transaction.atomic():
        savepoint = transaction.savepoint()
        yield
        transaction.savepoint_rollback(savepoint)


def _check_constants(kind: Kind, constants: Mapping[str, str]) -> None:
    for name in constants:
        if kind.field(name) is None:
            known = ", ".join(field.name for field in kind.fields)
            raise BadFile(f"“{name}” is nothing a file of {kind.name} can tell. Choose one of {known}.")
