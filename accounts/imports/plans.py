"""From what is known of a file to the way it is read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from accounts.imports import registry
from accounts.imports.chunks import BLOCK_ROWS, Plan
from accounts.imports.files import BadFile, FileFormat
from accounts.imports.formats import ColumnFormat, Guesses
from accounts.imports.mapping import Columns, places_of, unread
from accounts.imports.models import ImportJob
from accounts.imports.registry import Field, Kind
from accounts.imports.tables import Row, open_table
from accounts.imports.values import Reader
from accounts.tenancy import money
from accounts.tenancy.models import Workspace

GUESSED: dict[str, Literal["date", "number"]] = {
    "date": "date",
    "moment": "date",
    "month": "date",
    "integer": "number",
    "money": "number",
}


def plan_of(job: ImportJob, path: Path) -> Plan:
    """How the job's file is read, all of it looked at where that was not done before. Raises BadFile."""
    kind = registry.find(job.kind)
    if kind is None:
        raise BadFile(f"“{job.kind}” cannot be imported any more.")
    table = open_table(path, file_format(job))
    columns = columns_of(job)
    if job.formats is None:
        found = settle_formats(kind, table.rows(), columns.read, job.chosen_formats)
    else:
        found = {name: ColumnFormat(**told) for name, told in job.formats.items()}
    return Plan(job.workspace, kind, table, columns, job.constants, reader(job.workspace, found, job.currency))


def file_format(job: ImportJob) -> FileFormat:
    """How the job's bytes are written."""
    return FileFormat(job.encoding, job.delimiter, job.skip_lines, job.sub_header)


def columns_of(job: ImportJob) -> Columns:
    """Which column of the job's file tells what."""
    attributes = {int(position): name for position, name in job.attributes.items()}
    taken = {*job.columns.values(), *attributes}
    said = places_of(job.header)[1]
    return Columns(dict(job.columns), unread(job.header, taken), said, attributes)


def reader(workspace: Workspace, found: Mapping[str, ColumnFormat], currency: str) -> Reader:
    """Raises BadFile for a currency we do not know."""
    try:
        money.decimals(currency)
    except money.MoneyError as error:
        raise BadFile(str(error)) from error
    return Reader(found, ZoneInfo(workspace.timezone), currency)


def settle_formats(
    kind: Kind, rows: Iterable[Row], read: Mapping[str, int], chosen: Mapping[str, Mapping[str, Any]]
) -> dict[str, ColumnFormat]:
    """Look at the rows once: only a whole column says how dates and numbers are written.

    What a person chose stands above what was found.
    """
    expected = {field.name: GUESSED[field.type] for field in kind.fields if field.type in GUESSED}
    places = {name: at for name, at in read.items() if name in expected}
    seen = Guesses()
    if places:
        for block in _blocks(rows):
            for name, at in places.items():
                seen.look(name, [row.cells[at] if at < len(row.cells) else "" for row in block])
    found = seen.decide(expected)
    return {name: _as_chosen(column, chosen.get(name, {})) for name, column in found.items()}


def _blocks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rows = iter(rows)
    while block := list(islice(rows, BLOCK_ROWS)):
        yield block


def _as_chosen(column: ColumnFormat, chosen: Mapping[str, Any]) -> ColumnFormat:
    if not chosen:
        return column
    return ColumnFormat(**{**asdict(column), **chosen, "ambiguous": False, "stated": "Read as you said."})


def said(plan: Plan) -> list[str]:
    """What was taken for granted, so that a person can disagree."""
    told = list(plan.columns.said)
    by_sentence: dict[str, list[str]] = {}
    for name, column in plan.reader.formats.items():
        if column.stated:
            by_sentence.setdefault(column.stated, []).append(name)
        if column.decimal_mark == "," and column.kind == "decimal":
            by_sentence.setdefault("Decimals are written with a comma.", []).append(name)
    told += [f"{', '.join(names)}: {sentence}" for sentence, names in by_sentence.items()]
    types = {field.type for field in _told(plan)}
    if "moment" in types:
        told.append(f"Times without a zone are times in {plan.workspace.timezone}.")
    if "money" in types:
        told.append(f"Amounts without a currency are in {plan.reader.currency}.")
    if plan.columns.attributes:
        told.append(f"Kept as they are: {', '.join(plan.columns.attributes.values())}.")
    if plan.columns.unread:
        told.append(f"Not read: {', '.join(plan.columns.unread)}.")
    return told


def _told(plan: Plan) -> list[Field]:
    return [field for field in plan.kind.fields if field.name in plan.columns.read]
