"""Which column tells what."""

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.imports.files import BadFile
from accounts.imports.registry import Field, Kind
from accounts.imports.tables import Table, plain_name


@dataclass(frozen=True)
class Columns:
    """`read` has the position of each field's column, `unread` the headers nobody asked for, `said` what to tell."""

    read: dict[str, int]
    unread: list[str]
    said: list[str]


def match_columns(kind: Kind, table: Table, chosen: Mapping[str, str], constants: Mapping[str, str]) -> Columns:
    """Find the column of each field: by `chosen` (header to field), else by its name or an alias, in that order.

    Raises BadFile where a needed column is missing or a chosen one does not exist.
    """
    places: dict[str, int] = {}
    said = []
    for position, header in enumerate(table.header):
        name = plain_name(header)
        if name in places:
            said.append(f"The column “{header}” appears twice; the first one is read.")
        elif name:
            places[name] = position
    read = _chosen(kind, places, chosen)
    taken = set(read.values())
    for field in kind.fields:
        if field.name in read or field.name in constants:
            continue
        free = [places[name] for name in _names(field) if name in places and places[name] not in taken]
        if free:
            read[field.name] = free[0]
            taken.add(free[0])
    _require(kind, set(read) | set(constants), table)
    unread = [header for position, header in enumerate(table.header) if position not in taken and header]
    return Columns(read, unread, said)


def _names(field: Field) -> tuple[str, ...]:
    return (field.name, *field.aliases)


def _chosen(kind: Kind, places: Mapping[str, int], chosen: Mapping[str, str]) -> dict[str, int]:
    read = {}
    for header, name in chosen.items():
        if kind.field(name) is None:
            known = ", ".join(field.name for field in kind.fields)
            raise BadFile(f"“{name}” is nothing a file of {kind.name} can tell. Choose one of {known}.")
        if plain_name(header) not in places:
            raise BadFile(f"The file has no column “{header}”.")
        read[name] = places[plain_name(header)]
    return read


def _require(kind: Kind, told: set[str], table: Table) -> None:
    for alternatives in kind.needs:
        if not told.intersection(alternatives):
            wanted = " or ".join(f"“{name}”" for name in alternatives)
            found = ", ".join(header for header in table.header if header) or "none"
            raise BadFile(
                f"The column {wanted} is missing; the file has {found}. Name it with --map COLUMN={alternatives[0]}."
            )
