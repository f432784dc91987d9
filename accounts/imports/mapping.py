"""Which column tells what."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from accounts.imports.files import BadFile
from accounts.imports.registry import Kind
from accounts.imports.tables import Table, plain_name


@dataclass(frozen=True)
class Columns:
    """`read` has the position of each field's column, `unread` the headers nobody asked for, `said` what to tell.

    `attributes` has the name under which a column is kept as it is, by the column's position.
    """

    read: dict[str, int]
    unread: list[str]
    said: list[str]
    attributes: dict[int, str] = field(default_factory=dict)


def match_columns(kind: Kind, table: Table, chosen: Mapping[str, str], constants: Mapping[str, str]) -> Columns:
    """Find the column of each field: by `chosen` (header to field), else by its name or an alias, in that order.

    Raises BadFile where a needed column is missing or a chosen one does not exist.
    """
    places, said = places_of(table.header)
    read = by_name(kind, places, _chosen(kind, places, chosen), constants)
    missing = missing_columns(kind, set(read) | set(constants))
    if missing:
        wanted = " or ".join(f"“{name}”" for name in missing[0])
        found = ", ".join(header for header in table.header if header) or "none"
        raise BadFile(
            f"The column {wanted} is missing; the file has {found}. Name it with --map COLUMN={missing[0][0]}."
        )
    return Columns(read, unread(table.header, read.values()), said)


def places_of(header: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Where each name stands, and what to say of names that stand twice."""
    places: dict[str, int] = {}
    said = []
    for position, written in enumerate(header):
        name = plain_name(written)
        if name in places:
            said.append(f"The column “{written}” appears twice; the first one is read.")
        elif name:
            places[name] = position
    return places, said


def by_name(
    kind: Kind, places: Mapping[str, int], read: Mapping[str, int], constants: Collection[str] = ()
) -> dict[str, int]:
    """`read`, and for every other field the first free column of its name or an alias."""
    found = dict(read)
    taken = set(found.values())
    for one in kind.fields:
        if one.name in found or one.name in constants:
            continue
        free = [places[name] for name in (one.name, *one.aliases) if name in places and places[name] not in taken]
        if free:
            found[one.name] = free[0]
            taken.add(free[0])
    return found


def missing_columns(kind: Kind, told: Collection[str]) -> list[tuple[str, ...]]:
    """Of each need nobody tells, the fields of which one must be there."""
    return [alternatives for alternatives in kind.needs if not set(told).intersection(alternatives)]


def unread(header: Sequence[str], taken: Iterable[int]) -> list[str]:
    """The headers of columns nobody reads."""
    read = set(taken)
    return [written for position, written in enumerate(header) if position not in read and written]


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
