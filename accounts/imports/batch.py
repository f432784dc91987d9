"""The rows of one chunk inside the database, and the SQL that all kinds share.

COPY into a table with row-level security is refused, so rows wait in a temporary table. It lives in the transaction of
its chunk, which also works behind a connection pool.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import connection, models
from django.db.backends.utils import CursorWrapper

from accounts.imports.registry import Field, Kind
from accounts.imports.report import Report
from accounts.imports.values import sql_type
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace

# Beside the fields: where the row stood, what it said, columns kept as attributes, and what a kind looks up for it.
_OWN = {
    "line": "bigint",
    "raw": "text",
    "attributes": "jsonb",
    # The row this one becomes: a new one, unless it turns out to be known.
    "target": "uuid DEFAULT uuidv7()",
    "known": "boolean DEFAULT false",
    "company_id": "uuid",
    "contact_id": "uuid",
}
# Between the cells of a row as it was read: a character that no spreadsheet writes.
CELL_MARK = "\x1f"


@dataclass
class Batch:
    """What a step works with: rows in the table `import_rows` (alias `s` in SQL), `given` names the fields told."""

    cursor: CursorWrapper
    workspace: Workspace
    kind: Kind
    given: set[str]
    report: Report
    by: Actor
    now: datetime
    today: date
    currency: str
    has_attributes: bool = False
    # What each row said, by its line, where that is not kept in the table.
    texts: Mapping[int, str] = field(default_factory=dict)

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
            self.report.refuse(line, words, (raw or self.texts[line]).split(CELL_MARK))

    def keep_last(self, key: str) -> None:
        """Where a key appears again, the later row counts."""
        gone = self.run(
            "DELETE FROM import_rows s USING (SELECT key, max(line) AS last FROM "  # noqa: S608 -- own words
            f"(SELECT {key} AS key, line FROM import_rows s) each GROUP BY key HAVING count(*) > 1) twice "
            f"WHERE {key} = twice.key AND s.line < twice.last RETURNING s.line"
        )
        if gone:
            self.report.notes["A row appears again further down; the later one counts."] += len(gone)

    def find_companies(self) -> None:
        """Fill `company_id` by the company's external id; rows that name an unknown company are refused."""
        if "company" not in self.given:
            return
        self.run(
            "UPDATE import_rows s SET company_id = coalesce(c.merged_into_id, c.id) FROM accounts_company c "
            "WHERE c.workspace_id = %(workspace)s AND c.external_id = s.company"
        )
        # HubSpot writes every company of a person into one cell, the main one first.
        self.run(
            "UPDATE import_rows s SET company_id = coalesce(c.merged_into_id, c.id) FROM accounts_company c "
            "WHERE s.company_id IS NULL AND strpos(s.company, ';') > 0 AND c.workspace_id = %(workspace)s "
            "AND c.external_id = trim(split_part(s.company, ';', 1))"
        )
        self.refuse(
            "s.company IS NOT NULL AND s.company_id IS NULL",
            "format('There is no company “%%s” yet. Import companies first.', s.company)",
        )

    def find_contacts(self) -> None:
        """Fill `contact_id` by the person's id, else by address; their company becomes the row's. Unknown: refused."""
        self.run(
            "UPDATE import_rows s SET contact_id = coalesce(c.merged_into_id, c.id) FROM accounts_contact c "
            "WHERE c.workspace_id = %(workspace)s AND c.external_id = s.contact"
        )
        self.run(
            "UPDATE import_rows s SET contact_id = coalesce(c.merged_into_id, c.id) FROM accounts_contact c "
            "WHERE s.contact_id IS NULL AND s.contact IS NULL AND c.workspace_id = %(workspace)s "
            "AND c.email_normalized = s.email"
        )
        self.refuse(
            "s.contact_id IS NULL AND coalesce(s.contact, s.email) IS NOT NULL",
            "format('There is nobody known as “%%s” yet. Import contacts first.', coalesce(s.contact, s.email))",
        )
        self.run(
            "UPDATE import_rows s SET company_id = c.company_id FROM accounts_contact c "
            "WHERE c.workspace_id = %(workspace)s AND c.id = s.contact_id"
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
        new_id: str = "uuidv7()",
        **more: Any,
    ) -> None:
        """Insert or update one row per row of `source`, in one statement, and count which, and which stay as they are.

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
            f"SELECT coalesce(o.id, {new_id}), %(workspace)s, {', '.join(expressions)} FROM {source} "
            f"LEFT JOIN {table} o ON o.workspace_id = %(workspace)s AND {match} "
            f"ON CONFLICT ({conflict}) DO UPDATE SET {changes}"
            f"{''.join(f', {name} = EXCLUDED.{name}' for name in stamp)} RETURNING old.id IS NULL AS new, "
            f"{_row('old', told)} IS NOT DISTINCT FROM {_row('new', told)} AS same) "
            "SELECT count(*) FILTER (WHERE new), count(*) FILTER (WHERE NOT new), "
            "count(*) FILTER (WHERE NOT new AND same) FROM done"
        )
        ((new, changed, same),) = self.run(sql, **defaults, **more)
        self.report.stored[noun, "new"] += new
        self.report.stored[noun, "changed"] += changed
        self.report.stored[noun, "same"] += same


def _row(alias: str, names: Iterable[str]) -> str:
    return f"({', '.join(f'{alias}.{name}' for name in names)})"


def open_staging(cursor: CursorWrapper, kind: Kind) -> None:
    """Make the empty table in which the rows of this transaction wait."""
    columns = {**_OWN, **{field.name: sql_type(field) for field in kind.fields}}
    cursor.execute("DROP TABLE IF EXISTS import_rows")
    listed = ", ".join(f"{name} {type_}" for name, type_ in columns.items())
    cursor.execute(f"CREATE TEMP TABLE import_rows ({listed}) ON COMMIT DROP")


def copy_rows(cursor: CursorWrapper, fields: list[Field], rows: Iterable[tuple[Any, ...]]) -> None:
    """Stream rows (line, raw, attributes, the fields' values in order) into the waiting table; a blank is a null."""
    names = ", ".join(["line", "raw", "attributes", *(field.name for field in fields)])
    cursor.copy_expert(f"COPY import_rows ({names}) FROM STDIN WITH (FORMAT csv)", _CopyCsv(rows), _COPY_BYTES)


_COPY_BYTES, _COPY_ROWS = 1 << 18, 2_000


class _CopyCsv:
    """Rows as the CSV that COPY reads, made while it reads."""

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self._rows = iter(rows)
        self._rest = b""

    def read(self, size: int) -> bytes:
        while len(self._rest) < size:
            text = io.StringIO(newline="")
            # Both characters in the end of a row are quoted in a cell, which Python's writer does for no others.
            csv.writer(text, lineterminator="\r\n").writerows(islice(self._rows, _COPY_ROWS))
            more = text.getvalue().encode()
            if not more:
                break
            self._rest += more
        part, self._rest = self._rest[:size], self._rest[size:]
        return part


def _columns(model: type[models.Model]) -> list[Any]:
    own = {"id", "workspace", "created_at", "updated_at"}
    return [column for column in model._meta.concrete_fields if column.name not in own and not column.generated]
