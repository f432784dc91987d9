"""What can be imported. Apps above add their kinds, or their part of one, in `ready()`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from accounts.imports.batch import Batch

FieldType = Literal[
    "text",
    "email",
    "country",
    "zone",
    "choice",
    "date",
    "moment",
    "month",
    "integer",
    "money",
    "currency",
    "yes_no",
    "domain",
]
Step = Callable[["Batch"], None]


class Joined(NamedTuple):
    """What somebody above knows of new rows: an SQL expression per column, and the joins they speak of."""

    values: Mapping[str, str]
    joins: str = ""


Addition = Callable[["Batch"], Joined]


@dataclass(frozen=True)
class Field:
    """One thing a row may tell. `aliases` are headers that mean it, in lower case with underscores."""

    name: str
    type: FieldType = "text"
    aliases: tuple[str, ...] = ()
    limit: int = 200
    # What a word in the file means, for `choice`.
    choices: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Its name for people."""
        return _LABELS.get(self.name, self.name.replace("_", " "))


# Where the name alone does not say it.
_LABELS = {
    "external_id": "id in your own system",
    "company": "id of the company",
    "contact": "id of the person",
    "arr": "revenue a year",
    "mrr": "revenue a month",
    "now": "value now",
    "name": "name",
    "referee": "name of the referred person",
    "referrer": "id of who referred them",
}


@dataclass
class Kind:
    """One kind of file. Each of `needs` is a set of fields of which one must be there.

    `steps` run in order over the rows of a chunk (of the whole file if `whole_file`), `closing` once after the last.
    `about` says to people what a row is, `example` is one. `additions` give further columns of a new row.
    """

    name: str
    fields: list[Field]
    needs: list[tuple[str, ...]]
    steps: list[Step] = field(default_factory=list)
    closing: list[Step] = field(default_factory=list)
    additions: list[Addition] = field(default_factory=list)
    whole_file: bool = False
    about: str = ""
    example: Mapping[str, str] = field(default_factory=dict)
    # Whether columns nobody reads may be kept as attributes.
    keeps_attributes: bool = False

    def field(self, name: str) -> Field | None:
        return next((one for one in self.fields if one.name == name), None)

    def label(self, name: str) -> str:
        """The field's name for people."""
        found = self.field(name)
        return found.label if found else name


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Add a kind, or replace the one of that name."""
    _kinds[kind.name] = kind


def extend(
    name: str,
    *,
    fields: tuple[Field, ...] = (),
    check: Step | None = None,
    step: Step | None = None,
    closing: Step | None = None,
    addition: Addition | None = None,
) -> None:
    """Add to a kind that is there: fields, a check before its steps, a step after them, something at the end. Once."""
    kind = _kinds[name]
    known = {one.name for one in kind.fields}
    kind.fields += [one for one in fields if one.name not in known]
    if check is not None and check not in kind.steps:
        kind.steps.insert(0, check)
    if step is not None and step not in kind.steps:
        kind.steps.append(step)
    if closing is not None and closing not in kind.closing:
        kind.closing.append(closing)
    if addition is not None and addition not in kind.additions:
        kind.additions.append(addition)


def find(name: str) -> Kind | None:
    return _kinds.get(name)


def get(name: str) -> Kind:
    """The kind of this name. Raises KeyError."""
    return _kinds[name]


# What speaks of companies and people comes after them.
_ORDER = (
    *("companies", "contacts", "responses", "subscriptions", "revenue", "deals"),
    *("churn", "usage", "tickets", "outcomes", "referrals"),
)


def in_order() -> list[Kind]:
    """Every kind, in the order in which files are best imported."""
    places = {name: place for place, name in enumerate(_ORDER)}
    return sorted(_kinds.values(), key=lambda kind: (places.get(kind.name, len(places)), kind.name))


def names() -> list[str]:
    return sorted(_kinds)
