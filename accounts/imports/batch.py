"""The rows of one chunk inside the database, and the SQL that all kinds share.

COPY into a table with row-level security is refused, so rows wait in a temporary table. It lives in the transaction of
its chunk, which also works behind a connection pool.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, models
from django.db.backends.utils import CursorWrapper

from accounts.imports.refused import RefusedFile
from accounts.imports.registry import Field, Kind
from accounts.imports.report import Report
from accounts.imports.values import sql_type
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace

# Beside the fields: where the row stood, what it said, and what a kind looks up for it.
_OWN = {"line": "bigint", "raw": "text", "target": "uuid", "company_id": "uuid", "contact_id": "uuid"}


@dataclass
class Batch:
    """What a step works with: rows in the table `import_rows` (alias `s` in SQL), `given` names the fields told."""

    cursor: CursorWrapper
    workspace: Workspace
    kind: Kind
    given: set[str]
    report: Report
    refused: RefusedFile
    by: Actor
    now: datetime
    today: date
    currency: str

    def parameters(self, **more: Any) -> dict[str, Any]:
        return {"workspace": self.workspace.pk, "now": self.now, "today": self.today, **more}

    def run(self, sql: str, **more: Any) -> list[tuple[Any, ...]]:
        """Run SQL with %(workspace)s, %(now)s, %(today)s and whatever else is given; gives the rows, if any."""
        self.cursor.execute(sql, self.parameters(**more))
        return self.cursor.fetchall() if self.cursor.description else []

    def refuse(self, condition: str, reason: str, **more: Any) -> None:
        """Take rows out. `reason` is an SQL expression of text; both speak of `s`."""
        gone = self.run(
            f"DELETE FROM import_rows s WHERE {condition} RETURNING s.line, {reason}, s.raw",  # noqa: S608 -- own words
            **more,
        )
        for line, words, raw in sorted(gone):
            self.report.refuse(line, words)
            self.refused.add(line, words, json.loads(raw))

    def keep_last(self, key: str) -> None:
        """Where a key appears again, the later row counts."""
        # Keys are filled in by the steps before; with the old statistics every row would be compared with every other.
        self.cursor.execute("ANALYZE import_rows")
        gone = self.run(
            f"DELETE FROM import_rows s USING import_rows later WHERE {key.replace('s.', 'later.')} = {key} "  # noqa: S608 -- own words
            "AND later.line > s.line RETURNING s.line"
        )
        lines = len({line for (line,) in gone})
        if lines:
            self.report.notes["A row appears again further down; the later one counts."] += lines

    def find_companies(self) -> None:
        """Fill `company_id` by the company's external id; rows that name an unknown company are refused."""
        self.run(
            "UPDATE import_rows s SET company_id = coalesce(c.merged_into_id, c.id) FROM accounts_company c "
            "WHERE c.workspace_id = %(workspace)s AND c.external_id = s.company"
        )
        self.refuse(
            "s.company IS NOT NULL AND s.company_id IS NULL",
            "format('There is no company “%%s” yet. Import companies first.', s.company)",
        )

    def need(self, *names: str) -> None:
        """Refuse rows in which one of these fields is blank."""
        for name in names:
            self.refuse(f"s.{name} IS NULL", f"'The {name.replace('_', ' ')} is blank.'")

    def upsert(
        self,
        noun: str,
        model: type[models.Model],
        values: Mapping[str, str],
        *,
        exact: Mapping[str, str] | None = None,
        match: str = "o.external_id = s.external_id",
        conflict: str = "workspace_id, external_id",
        source: str = "import_rows s",
        **more: Any,
    ) -> None:
        """Insert or update one row per row of `source`, in one statement, and count which.

        `values` and `exact` give an SQL expression per column over `s` (waiting) and `o` (stored already, or nulls).
        A null of `values` is a blank cell: it leaves what is stored. One of `exact` is stored.
        """
        exact = exact or {}
        told = {**values, **exact}
        columns, expressions, defaults = [], [], {}
        for column in _columns(model):
            name = column.column
            columns.append(name)
            if name in exact:
                expressions.append(exact[name])
                continue
            defaults[f"default_{name}"] = column.get_db_prep_save(column.get_default(), connection)
            expressions.append(f"coalesce({values.get(name, 'NULL')}, o.{name}, %(default_{name})s)")
        changes = ", ".join(f"{name} = EXCLUDED.{name}" for name in told)
        stamp = {"updated_at"} & {column.name for column in model._meta.concrete_fields}
        columns += sorted(stamp)
        expressions += ["%(now)s"] * len(stamp)
        table = model._meta.db_table
        sql = (
            f"WITH done AS (INSERT INTO {table} AS t (id, workspace_id, {', '.join(columns)}) "  # noqa: S608 -- own words
            f"SELECT coalesce(o.id, uuidv7()), %(workspace)s, {', '.join(expressions)} FROM {source} "
            f"LEFT JOIN {table} o ON o.workspace_id = %(workspace)s AND {match} "
            f"ON CONFLICT ({conflict}) DO UPDATE SET {changes}"
            f"{''.join(f', {name} = EXCLUDED.{name}' for name in stamp)} RETURNING old.id IS NULL AS new) "
            "SELECT count(*) FILTER (WHERE new), count(*) FILTER (WHERE NOT new) FROM done"
        )
        ((new, changed),) = self.run(sql, **defaults, **more)
        self.report.stored[noun, "new"] += new
        self.report.stored[noun, "changed"] += changed


def open_staging(cursor: CursorWrapper, kind: Kind) -> None:
    """Make the empty table in which the rows of this transaction wait."""
    columns = {**_OWN, **{field.name: sql_type(field) for field in kind.fields}}
    cursor.execute("DROP TABLE IF EXISTS import_rows")
    listed = ", ".join(f"{name} {type_}" for name, type_ in columns.items())
    cursor.execute(f"CREATE TEMP TABLE import_rows ({listed}) ON COMMIT DROP")


def copy_rows(cursor: CursorWrapper, fields: list[Field], rows: Iterable[tuple[Any, ...]]) -> int:
    """Stream rows (line, raw, the fields' values in order) into the waiting table; gives how many."""
    names = ", ".join(["line", "raw", *(field.name for field in fields)])
    stream = _CopyText(rows)
    cursor.copy_expert(f"COPY import_rows ({names}) FROM STDIN", stream)
    return stream.count


class _CopyText:
    """Rows as the text that COPY reads, made while it reads."""

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self._rows = iter(rows)
        self._rest = b""
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        parts, length = [self._rest], len(self._rest)
        while size < 0 or length < size:
            row = next(self._rows, None)
            if row is None:
                break
            line = ("\t".join(map(_copy_cell, row)) + "\n").encode()
            parts.append(line)
            length += len(line)
            self.count += 1
        text = b"".join(parts)
        cut = len(text) if size < 0 else size
        self._rest = text[cut:]
        return text[:cut]


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _copy_cell(value: Any) -> str:
    return "\\N" if value is None else str(value).translate(_ESCAPES)


def _columns(model: type[models.Model]) -> list[Any]:
    own = {"id", "workspace", "created_at", "updated_at"}
    return [column for column in model._meta.concrete_fields if column.name not in own]
