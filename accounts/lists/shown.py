"""A list as its template needs it: heads with their links, lines of cells, filters with what is chosen."""

from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import QueryDict

from accounts.lists import cells, queries
from accounts.lists.choosing import Chosen, chosen_of
from accounts.lists.models import SavedView
from accounts.lists.spec import BulkAction, Column, Filter, Sort
from accounts.members.models import Member


@dataclass(frozen=True, slots=True)
class Head:
    column: Column
    href: str = ""
    sorted: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    column: Column
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    row: Any
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Views:
    """The saved views of a list, the one that is open, and whether what is seen differs from it."""

    all: list[SavedView]
    current: SavedView | None
    changed: bool
    is_own: bool
    is_default: bool


def heads(chosen: Chosen, keep: str) -> list[Head]:
    """The head of each column; where the list can be sorted by it, with the link to the next order."""
    return [_head(column, chosen, keep) for column in chosen.columns]


def _head(column: Column, chosen: Chosen, keep: str) -> Head:
    sorts = [sort for sort in chosen.spec.sorts_for(chosen.member) if sort.head == column.key]
    if not sorts:
        return Head(column)
    at = sorts.index(chosen.sort) if chosen.sort in sorts else None
    following = sorts[0] if at is None else sorts[(at + 1) % len(sorts)]
    return Head(column, f"?{keep}{chosen.query(sort=following.key)}", _direction(chosen.sort) if at is not None else "")


def _direction(sort: Sort) -> str:
    return "desc" if sort.descending else "asc"


def lines(rows: list[Any], columns: list[Column]) -> list[Line]:
    """The rows as texts; a cell with a template of its own makes no text."""
    return [
        Line(row, [Cell(column, "" if column.template else cells.shown(column.value(row))) for column in columns])
        for row in rows
    ]


def selects(chosen: Chosen) -> list[dict[str, Any]]:
    """The filters of the bar: `key`, `label`, `value`, `options` (none: a day), `last` (the day beside it, if any)."""
    shown: list[dict[str, Any]] = []
    for one in chosen.spec.filters_for(chosen.member):
        if one.as_tabs:
            continue
        told = {"key": one.key, "label": one.label, "value": chosen.values[one.key], "options": _options(one, chosen)}
        before = shown[-1] if shown else None
        if before and not (before["options"] or told["options"] or before["last"]):
            before["last"] = told
        else:
            shown.append({**told, "last": None})
    return shown


def _options(one: Filter, chosen: Chosen) -> list[tuple[str, str]]:
    return [(choice.value, choice.label) for choice in chosen.choices.get(one.key, [])]


def columns_offered(chosen: Chosen) -> list[dict[str, Any]]:
    """What may be chosen beside the row's name: `key`, `label`, `on`."""
    return [
        {"key": column.key, "label": column.label, "on": column in chosen.columns}
        for column in chosen.spec.columns_for(chosen.member)[1:]
    ]


def bulk_forms(chosen: Chosen, bound: dict[str, Form] | None = None) -> list[dict[str, Any]]:
    """The bulk actions of this member: `action`, `form` (None: it asks for nothing)."""
    return [
        {"action": action, "form": (bound or {}).get(action.key) or form_of(action, chosen.member)}
        for action in chosen.spec.actions_for(chosen.member)
    ]


def form_of(action: BulkAction, member: Member, data: QueryDict | None = None) -> Form | None:
    """The form of a bulk action; its fields carry the action's key, since several stand on one page."""
    if action.form is None:
        return None
    return action.form(data, workspace=member.workspace, prefix=action.key, auto_id=f"{action.key}_%s")


def views(chosen: Chosen, current_id: str) -> Views:
    """The saved views this member may open. Two statements."""
    rows = queries.views_for(member=chosen.member, list_name=chosen.spec.name)
    current = next((view for view in rows if view.public_id == current_id), None)
    if current is None:
        return Views(rows, None, changed=False, is_own=False, is_default=False)
    found_first = queries.default_view(member=chosen.member, list_name=chosen.spec.name)
    meant = chosen_of(chosen.spec, chosen.member, QueryDict(current.query)).query()
    return Views(
        rows,
        current,
        changed=meant != chosen.query(),
        is_own=current.owner_id == chosen.member.pk,
        is_default=found_first == current,
    )
