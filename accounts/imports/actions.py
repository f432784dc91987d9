"""Importing a CSV file: look at all of it once, then store it chunk by chunk.

Each chunk is one transaction, and every row has a key, so an import that was killed is simply started again.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from accounts.imports.batch import Batch, copy_rows, open_staging
from accounts.imports.files import BadFile
from accounts.imports.formats import BadValue, ColumnFormat, guess_columns
from accounts.imports.mapping import Columns, match_columns
from accounts.imports.refused import RefusedFile
from accounts.imports.registry import Field, Kind
from accounts.imports.report import Report
from accounts.imports.tables import Row, Table, open_table
from accounts.imports.values import Reader
from accounts.tenancy import money
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope

CHUNK_ROWS = 50_000
_GUESSED = {"date": "date", "moment": "date", "month": "date", "integer": "number", "money": "number"}


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
    found = match_columns(kind, table, columns or {}, constants)
    reader = _reader(workspace, kind, table, found, constants, currency.upper() or workspace.currency)
    report = Report(kind.name, dry_run, said=_said(workspace, kind, found, reader))
    refused = RefusedFile((refused_folder or Path.cwd()) / f"{path.stem}.refused.csv", table.header, write=not dry_run)
    job = _Job(workspace, kind, table, found, constants, reader, report, refused, by, now)
    try:
        with _rolled_back(workspace) if dry_run else nullcontext():
            job.run()
    finally:
        refused.close()
    report.refused_path = refused.path
    return report


class _Job:
    def __init__(
        self,
        workspace: Workspace,
        kind: Kind,
        table: Table,
        found: Columns,
        constants: Mapping[str, str],
        reader: Reader,
        report: Report,
        refused: RefusedFile,
        by: Actor,
        now: datetime,
    ) -> None:
        self.workspace, self.kind, self.table, self.found, self.constants = workspace, kind, table, found, constants
        self.reader, self.report, self.refused, self.by, self.now = reader, report, refused, by, now
        told = set(found.read) | set(constants)
        # A currency is known for every amount, column or not.
        self.fields = [field for field in kind.fields if field.name in told or field.type == "currency"]

    def run(self) -> None:
        rows = self.table.rows()
        first = next(rows, None)
        while first is not None:
            with self._batch() as batch:
                first = self._store(batch, chain([first], rows))
        if self.kind.closing:
            with self._batch() as batch:
                for step in self.kind.closing:
                    step(batch)

    def _store(self, batch: Batch, rows: Iterator[Row]) -> Row | None:
        """Take one chunk, or all if the kind needs the whole file at once; gives the first row of the next."""
        while True:
            copy_rows(batch.cursor, self.fields, self._values(islice(rows, CHUNK_ROWS)))
            following = next(rows, None)
            if following is None or not self.kind.whole_file:
                break
            rows = chain([following], rows)
        batch.cursor.execute("ANALYZE import_rows")
        batch.cursor.execute("SELECT count(*) FROM import_rows")
        staged, refused_before = batch.cursor.fetchone()[0], self.report.rows_refused
        for step in self.kind.steps:
            step(batch)
        self.report.rows_in += staged - (self.report.rows_refused - refused_before)
        return following

    def _values(self, rows: Iterator[Row]) -> Iterator[tuple[Any, ...]]:
        width = len(self.table.header)
        for row in rows:
            try:
                if len(row.cells) > width:
                    raise BadValue(f"This row has {len(row.cells)} cells, the header has {width}.")
                values = self.reader.values(self.fields, _cells(row.cells, self.found, self.constants))
            except BadValue as error:
                self.report.refuse(row.line, str(error))
                self.refused.add(row.line, str(error), row.cells)
                continue
            yield (row.line, json.dumps(row.cells), *(values[field.name] for field in self.fields))

    @contextmanager
    def _batch(self) -> Iterator[Batch]:
        with workspace_scope(self.workspace.pk), connection.cursor() as cursor:
            # One import into a workspace at a time: two would wait for each other's rows in turn.
            cursor.execute("SELECT set_config('lock_timeout', '10min', true)")
            cursor.execute("SELECT set_config('statement_timeout', '10min', true)")
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended('import ' || %s, 0))", [str(self.workspace.pk)]
            )
            open_staging(cursor, self.kind)
            yield Batch(
                cursor=cursor,
                workspace=self.workspace,
                kind=self.kind,
                given={field.name for field in self.fields},
                report=self.report,
                refused=self.refused,
                by=self.by,
                now=self.now,
                today=self.now.astimezone(self.reader.zone).date(),
                currency=self.reader.currency,
            )


@contextmanager
def _rolled_back(workspace: Workspace) -> Iterator[None]:
    """Everything happens, and then has not."""
    with transaction.atomic():
        savepoint = transaction.savepoint()
        yield
        transaction.savepoint_rollback(savepoint)


def _cells(cells: list[str], found: Columns, constants: Mapping[str, str]) -> dict[str, str]:
    width = len(cells)
    told = {name: cells[position] for name, position in found.read.items() if position < width}
    return {**told, **constants}


def _reader(
    workspace: Workspace,
    kind: Kind,
    table: Table,
    found: Columns,
    constants: Mapping[str, str],
    currency: str,
) -> Reader:
    """Look at every row once: only a whole column says how its dates and numbers are written."""
    try:
        money.decimals(currency)
    except money.MoneyError as error:
        raise BadFile(str(error)) from error
    expected = {field.name: _GUESSED[field.type] for field in kind.fields if field.type in _GUESSED}
    judged = Columns({name: at for name, at in found.read.items() if name in expected}, [], [])
    seen = (_cells(row.cells, judged, {}) for row in table.rows())
    guessed: dict[str, ColumnFormat] = guess_columns(seen, expected) if judged.read else {}  # type: ignore[arg-type]
    return Reader(guessed, ZoneInfo(workspace.timezone), currency)


def _said(workspace: Workspace, kind: Kind, found: Columns, reader: Reader) -> list[str]:
    """What was taken for granted, so that a person can disagree."""
    said = list(found.said)
    by_sentence: dict[str, list[str]] = {}
    for name, column in reader.formats.items():
        if column.stated:
            by_sentence.setdefault(column.stated, []).append(name)
        if column.decimal_mark == "," and column.kind == "decimal":
            by_sentence.setdefault("Decimals are written with a comma.", []).append(name)
    said += [f"{', '.join(names)}: {sentence}" for sentence, names in by_sentence.items()]
    types = {field.type for field in kind.fields if field.name in found.read}
    if "moment" in types:
        said.append(f"Times without a zone are times in {workspace.timezone}.")
    if "money" in types:
        said.append(f"Amounts without a currency are in {reader.currency}.")
    if found.unread:
        said.append(f"Not read: {', '.join(found.unread)}.")
    return said


def _check_constants(kind: Kind, constants: Mapping[str, str]) -> None:
    for name in constants:
        if kind.field(name) is None:
            known = ", ".join(_names(kind.fields))
            raise BadFile(f"“{name}” is nothing a file of {kind.name} can tell. Choose one of {known}.")


def _names(fields: list[Field]) -> list[str]:
    return [field.name for field in fields]
