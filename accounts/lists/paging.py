"""Turning pages by where the last one ended, not by how many rows to leave out: page 20,000 costs what page 1 costs.

Each order is one column and the key. Rows without a value are a second stretch behind the others, so that both are
read from the same index.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from accounts.lists.spec import Sort

PER_PAGE = 50
# Beyond it nobody counts: "10,000+".
MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place in an order. `backwards`: the page ends before it."""

    value: Any
    pk: UUID
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in order; `previous` and `next` are cursors, empty at the ends."""

    rows: list[Any]
    previous: str = ""
    next: str = ""


def page_of(rows: "QuerySet[Any]", sort: Sort, cursor: str = "", size: int = PER_PAGE) -> Page:
    """The page at this cursor; one that cannot be read is the first page. One statement, two where values end."""
    place = _read(cursor, rows.model, sort)
    backwards = place is not None and place.backwards
    found = _stretch(rows, sort, place, size + 1)
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page([]) if place is None else page_of(rows, sort, size=size)
    return Page(
        found,
        previous=_write(found[0], sort, "b") if (more if backwards else place is not None) else "",
        next=cursor_after(found[-1], sort) if (backwards or more) else "",
    )


def cursor_after(row: Any, sort: Sort) -> str:
    """The cursor of the page that begins behind this row."""
    return _write(row, sort, "a")


def counted(rows: "QuerySet[Any]") -> int:
    """How many there are, at most one more than MOST_COUNTED."""
    return rows.order_by()[: MOST_COUNTED + 1].count()


def _stretch(rows: "QuerySet[Any]", sort: Sort, place: Place | None, size: int) -> list[Any]:
    """Rows from the place on: those with a value, then those without; backwards the other way round."""
    backwards = place is not None and place.backwards
    empties = [False, True] if sort.nullable else [False]
    if backwards:
        empties.reverse()
    found: list[Any] = []
    for empty in empties:
        if len(found) >= size:
            break
        if place is not None and sort.nullable and empty != (place.value is None) and empty is backwards:
            # This stretch lies on the other side of the place.
            continue
        here = place if place is not None and empty == (place.value is None) else None
        found += _ordered(rows, sort, here, empty=empty, backwards=backwards)[: size - len(found)]
    return found


def _ordered(
    rows: "QuerySet[Any]", sort: Sort, place: Place | None, *, empty: bool, backwards: bool
) -> "QuerySet[Any]":
    falling = sort.descending != backwards
    sign, compare = ("-", "lt") if falling else ("", "gt")
    if empty:
        rows = rows.filter(**{f"{sort.column}__isnull": True})
        if place is not None:
            rows = rows.filter(**{f"pk__{compare}": place.pk})
        return rows.order_by(f"{sign}pk")
    if sort.nullable:
        rows = rows.filter(**{f"{sort.column}__isnull": False})
    if place is not None:
        # The first condition is what the index is entered by; the second only drops rows of the same value.
        rows = rows.filter(
            Q(**{f"{sort.column}__{compare}e": place.value}),
            Q(**{f"{sort.column}__{compare}": place.value}) | Q(**{f"pk__{compare}": place.pk}),
        )
    return rows.order_by(f"{sign}{sort.column}", f"{sign}pk")


def _write(row: Any, sort: Sort, way: str) -> str:
    value = getattr(row, sort.column)
    told = (
        value.isoformat() if isinstance(value, (date, datetime)) else str(value) if isinstance(value, UUID) else value
    )
    return base64.urlsafe_b64encode(json.dumps([way, told, str(row.pk)]).encode()).decode().rstrip("=")


def _read(cursor: str, model: Any, sort: Sort) -> Place | None:
    if not cursor or len(cursor) > 2000:
        return None
    try:
        way, told, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        value = None if told is None else model._meta.get_field(sort.column).to_python(told)
        # What we did not write: PostgreSQL refuses a NUL, and a time without its zone means nothing.
        if (isinstance(value, str) and "\x00" in value) or (isinstance(value, datetime) and value.tzinfo is None):
            return None
        return Place(value, UUID(pk), backwards=way == "b")
    except (ValueError, TypeError, AttributeError, binascii.Error, ValidationError, OverflowError):
        return None
