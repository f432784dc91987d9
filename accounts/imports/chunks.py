"""From the rows of a file into the workspace: one chunk, one transaction."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import Any

from django.db import connection

from accounts.customers.validity import ATTRIBUTES_LIMIT
from accounts.imports.batch import CELL_MARK, Batch, copy_rows, open_staging
from accounts.imports.mapping import Columns
from accounts.imports.registry import Field, Kind
from accounts.imports.report import Report
from accounts.imports.tables import Row, Table
from accounts.imports.values import Reader
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope

CHUNK_ROWS = 50_000
# Or fewer, where they are wide: a chunk's rows are kept in memory until they are stored.
CHUNK_LETTERS = 16_000_000
# So many rows are read at once: enough that a loop over a column pays, few enough to cost no memory.
BLOCK_ROWS = 2_000


@dataclass(frozen=True)
class Plan:
    """How one file is read: which column tells what, and in which words."""

    workspace: Workspace
    kind: Kind
    table: Table
    columns: Columns
    constants: Mapping[str, str]
    reader: Reader

    @property
    def fields(self) -> list[Field]:
        """What the file tells. A currency is known for every amount, column or not."""
        told = set(self.columns.read) | set(self.constants)
        return [field for field in self.kind.fields if field.name in told or field.type == "currency"]

    @property
    def size(self) -> int:
        """How many rows make a chunk: without end where the kind must see the whole file at once."""
        return 1 << 62 if self.kind.whole_file else CHUNK_ROWS


class Chunks:
    """The rows of a file, to be stored chunk by chunk; `position` counts the rows read."""

    def __init__(self, plan: Plan, *, by: Actor, now: datetime, position: int = 0) -> None:
        self.plan, self.by, self.now, self.position = plan, by, now, position
        self._rows = islice(plan.table.rows(), position, None)
        self._next = next(self._rows, None)
        # What the rows of this chunk said, to be told of those that are refused later.
        self._texts: dict[int, str] = {}

    @property
    def is_over(self) -> bool:
        return self._next is None

    def store(self, report: Report) -> None:
        """Store the next chunk, inside `batch`'s transaction, and tell `report`. Raises BadFile."""
        self._texts.clear()
        with self._batch(report) as batch:
            for _ in range(-(-self.plan.size // CHUNK_ROWS)):
                copy_rows(batch.cursor, self.plan.fields, self._values(report))
                if self.is_over:
                    break
            # A small sample of the keys: the rows are all alike, and a large one takes longer than it saves.
            batch.cursor.execute("SET LOCAL default_statistics_target = 10")
            batch.cursor.execute(f"ANALYZE import_rows ({', '.join(self._asked_about())})")
            batch.cursor.execute("SELECT count(*) FROM import_rows")
            staged, refused_before = batch.cursor.fetchone()[0], report.rows_refused
            for step in self.plan.kind.steps:
                step(batch)
            report.rows_in += staged - (report.rows_refused - refused_before)

    def close(self, report: Report) -> None:
        """What comes once, after the last chunk. May be done again."""
        if self.plan.kind.closing:
            with self._batch(report) as batch:
                for step in self.plan.kind.closing:
                    step(batch)

    def _asked_about(self) -> list[str]:
        keys = {"external_id", "email", "company", "contact", "subscription"}
        return ["line", "target", *(field.name for field in self.plan.fields if field.name in keys)]

    def _values(self, report: Report) -> Iterator[tuple[Any, ...]]:
        """The next rows as COPY takes them, up to a chunk."""
        left, letters = CHUNK_ROWS, 0
        while left and letters < CHUNK_LETTERS and (block := self._block(min(left, BLOCK_ROWS))):
            left -= len(block)
            letters += sum(map(len, chain.from_iterable(row.cells for row in block)))
            yield from self._read(block, report)

    def _block(self, size: int) -> list[Row]:
        if self._next is None:
            return []
        rows = [self._next, *islice(self._rows, size - 1)]
        self._next = next(self._rows, None)
        self.position += len(rows)
        return rows

    def _read(self, rows: list[Row], report: Report) -> Iterator[tuple[Any, ...]]:
        plan, width = self.plan, len(self.plan.table.header)
        lines, cells = zip(*rows, strict=True)
        raw = list(map(CELL_MARK.join, cells))
        faults = _faults(cells, raw, width)
        columns = list(zip(*map(_of_width(width), cells), strict=True)) if set(map(len, cells)) != {width} else None
        columns = columns or list(zip(*cells, strict=True))
        told: dict[str, Sequence[str]] = {name: columns[at] for name, at in plan.columns.read.items()}
        told |= {name: [text] * len(rows) for name, text in plan.constants.items()}
        fields = plan.fields
        values = plan.reader.block(fields, told, len(rows))
        attributes = self._attributes(columns, len(rows), faults)
        faults = {**values.refused, **faults}
        for row in sorted(faults):
            report.refuse(lines[row], faults[row], list(cells[row]))
        if plan.kind.whole_file:
            kept = raw
        else:
            kept = [""] * len(rows)
            self._texts.update(zip(lines, raw, strict=True))
        ready = zip(lines, kept, attributes, *(values.columns[field.name] for field in fields), strict=True)
        if not faults:
            return ready
        return (row for place, row in enumerate(ready) if place not in faults)

    def _attributes(self, columns: Sequence[Sequence[str]], size: int, faults: dict[int, str]) -> list[str]:
        kept = self.plan.columns.attributes
        if not kept:
            return [""] * size
        names = list(kept.values())
        told = []
        for row, texts in enumerate(zip(*(columns[at] for at in kept), strict=True)):
            filled = {name: text.strip() for name, text in zip(names, texts, strict=True) if text.strip()}
            written = json.dumps(filled, ensure_ascii=False) if filled else ""
            if len(written.encode()) > ATTRIBUTES_LIMIT:
                faults.setdefault(row, "The columns kept as they are hold more than 16 kB.")
            told.append(written)
        return told

    @contextmanager
    def _batch(self, report: Report) -> Iterator[Batch]:
        plan = self.plan
        with workspace_scope(plan.workspace.pk), connection.cursor() as cursor:
            # One import into a workspace at a time: two would wait for each other's rows in turn.
            cursor.execute("SELECT set_config('lock_timeout', '10min', true)")
            cursor.execute("SELECT set_config('statement_timeout', '10min', true)")
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended('import ' || %s, 0))", [str(plan.workspace.pk)]
            )
            open_staging(cursor, plan.kind)
            yield Batch(
                cursor=cursor,
                workspace=plan.workspace,
                kind=plan.kind,
                given={field.name for field in plan.fields},
                report=report,
                by=self.by,
                now=self.now,
                today=self.now.astimezone(plan.reader.zone).date(),
                currency=plan.reader.currency,
                has_attributes=bool(plan.columns.attributes),
                texts=self._texts,
            )


def _faults(cells: Sequence[list[str]], raw: list[str], width: int) -> dict[int, str]:
    """What is wrong with whole rows."""
    faults = {
        row: f"This row has {len(texts)} cells, the header has {width}."
        for row, texts in enumerate(cells)
        if len(texts) > width
    }
    if "\0" in "".join(raw):
        faults |= {
            row: "This row has a character that is no letter (NUL)." for row, text in enumerate(raw) if "\0" in text
        }
    return faults


def _of_width(width: int) -> Callable[[list[str]], list[str]]:
    """Makes rows that are too short or too long as wide as the header."""

    def cut(cells: list[str]) -> list[str]:
        return (cells + [""] * (width - len(cells)))[:width]

    return cut
