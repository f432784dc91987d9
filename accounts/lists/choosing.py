"""What stands in the address bar of a list, read for one member: search, filters, order, columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict

from accounts.lists.spec import Choice, Column, ListSpec, Sort
from accounts.members.models import Member

SEARCH_LENGTH = 100
_DAY_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen from a list and this member may choose; everything else in the address is left out."""

    spec: ListSpec
    member: Member
    values: Mapping[str, str]
    sort: Sort
    columns: list[Column]
    # What each filter offers, by its key; some ask the database for it.
    choices: Mapping[str, list[Choice]]

    @property
    def search(self) -> str:
        return self.values.get("q", "")

    @property
    def is_filtered(self) -> bool:
        return any(self.values.values())

    @property
    def has_own_columns(self) -> bool:
        return self.columns != _first_columns(self.spec, self.member)

    def rows(self) -> "QuerySet":
        """The rows it finds, unsorted."""
        return self.spec.rows_for(self.member, self.values)

    def query(self, *, sort: str = "", **other: str) -> str:
        """The normal form for an address: only what differs from the list as it is found. `other` changes values."""
        sort = sort or self.sort.key
        pairs = [(key, value) for key, value in {**self.values, **other}.items() if value]
        if sort != self.spec.sorts_for(self.member)[0].key:
            pairs.append(("sort", sort))
        if self.has_own_columns:
            pairs += [("cols", column.key) for column in self.columns]
        return urlencode(pairs)


def chosen_of(spec: ListSpec, member: Member, query: QueryDict) -> Chosen:
    """Read an address. Values nobody offers, or not to this member, are left out."""
    values = {"q": _typed(query.get("q", ""))} if spec.search else {}
    filters = spec.filters_for(member)
    choices = {one.key: one.choices_for(member) for one in filters if one.choices}
    for one in filters:
        values[one.key] = _answer(choices.get(one.key), query.get(one.key, ""))
    sorts = spec.sorts_for(member)
    wanted = query.get("sort", "")
    sort = next((sort for sort in sorts if sort.key == wanted), sorts[0])
    return Chosen(spec, member, values, sort, _columns(spec, member, query.getlist("cols")), choices)


def _typed(text: str) -> str:
    # PostgreSQL refuses a NUL.
    return text.replace("\x00", "").strip()[:SEARCH_LENGTH]


def _answer(choices: list[Choice] | None, value: str) -> str:
    if choices is None:
        return _typed(value)[:_DAY_LENGTH]
    return value if value in {choice.value for choice in choices} else ""


def _columns(spec: ListSpec, member: Member, keys: list[str]) -> list[Column]:
    """The first column is the row's name and always there."""
    offered = spec.columns_for(member)
    wanted = [column for column in offered[1:] if column.key in keys]
    return [offered[0], *wanted] if wanted else _first_columns(spec, member)


def _first_columns(spec: ListSpec, member: Member) -> list[Column]:
    return [column for column in spec.columns_for(member) if column.first]
