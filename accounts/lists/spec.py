"""What a list is: said once, used by the screen, the file and the saved view alike.

A new list is one `ListSpec`, registered in `AppConfig.ready()`, and a view of three lines (`accounts/lists/views.py`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.members.models import Member
from accounts.members.permissions import Permission, can
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace


@dataclass(frozen=True, slots=True)
class Column:
    """`value` gives text, a number, a day, a moment or Money; the page shows `template` instead where there is one."""

    key: str
    label: str
    value: Callable[[Any], Any]
    template: str = ""
    # Numbers stand at the right; what is `opt` is left out on phones; what is not `first` has to be chosen.
    right: bool = False
    opt: bool = True
    first: bool = True
    permission: Permission | None = None


@dataclass(frozen=True, slots=True)
class Sort:
    """An order by one indexed column; rows without a value come last, ties by key."""

    key: str
    label: str
    column: str
    descending: bool = False
    nullable: bool = False
    permission: Permission | None = None
    # The column of the screen whose head sorts by it.
    head: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    permission: Permission | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """A question with a few answers, or a day (`choices` empty)."""

    key: str
    label: str
    choices: Sequence[Choice] | Callable[[Workspace], Sequence[Choice]] = ()
    permission: Permission | None = None
    # Shown as tabs above the list, by the list's own page.
    as_tabs: bool = False

    def choices_for(self, member: Member) -> list[Choice]:
        choices = self.choices(member.workspace) if callable(self.choices) else self.choices
        return [choice for choice in choices if allowed(choice, member)]


@dataclass(frozen=True, slots=True)
class Doing:
    """What a bulk action is told beside the row."""

    workspace: Workspace
    by: Actor
    now: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BulkAction:
    """One verb over chosen rows. `do(row, doing)` calls the action of one row; its Refusal is that row's reason."""

    key: str
    label: str
    permission: Permission
    do: Callable[[Any, Doing], object]
    # `form(workspace=...)` where it asks for more; it opens in a dialog.
    form: Callable[..., forms.Form] | None = None


@dataclass(frozen=True, slots=True)
class ListSpec:
    """`rows(workspace, values)` filters by what was chosen ("q" and each filter's key); it need not sort."""

    name: str
    url_name: str
    noun: str
    nouns: str
    rows: Callable[[Workspace, Mapping[str, str]], "QuerySet[Any]"]
    columns: Sequence[Column]
    sorts: Sequence[Sort]
    filters: Sequence[Filter] = ()
    actions: Sequence[BulkAction] = ()
    # What the search field says; empty where the list has none.
    search: str = ""
    # Leaves of the rows what is the reader's own, where a list is not everybody's.
    own: Callable[["QuerySet[Any]", Member], "QuerySet[Any]"] | None = None
    # Adds to the rows of one page what takes a query of its own.
    prepare: Callable[[Workspace, list[Any]], None] | None = None
    # The values that leave nothing out, where the list as it is found leaves something out.
    whole: Mapping[str, str] = field(default_factory=dict)
    permission: Permission = Permission.DASHBOARD_READ

    def rows_for(self, member: Member, values: Mapping[str, str]) -> "QuerySet[Any]":
        """What this member finds by these values, unsorted."""
        rows = self.rows(member.workspace, values)
        return self.own(rows, member) if self.own is not None else rows

    def columns_for(self, member: Member) -> list[Column]:
        return [column for column in self.columns if allowed(column, member)]

    def sorts_for(self, member: Member) -> list[Sort]:
        return [sort for sort in self.sorts if allowed(sort, member)]

    def filters_for(self, member: Member) -> list[Filter]:
        return [one for one in self.filters if allowed(one, member)]

    def actions_for(self, member: Member) -> list[BulkAction]:
        return [action for action in self.actions if can(member, action.permission)]


def allowed(part: Column | Sort | Filter | Choice, member: Member) -> bool:
    """Whether this member may know of it."""
    return part.permission is None or can(member, part.permission)


@dataclass(slots=True)
class _Registry:
    specs: dict[str, ListSpec] = field(default_factory=dict)


_registry = _Registry()


def register(spec: ListSpec) -> None:
    """Make a list known by its name. Called from AppConfig.ready()."""
    _registry.specs[spec.name] = spec


def find(name: str) -> ListSpec | None:
    return _registry.specs.get(name)


def names() -> list[str]:
    return sorted(_registry.specs)
