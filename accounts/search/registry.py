"""What can be jumped to. Apps above add their kinds and actions in `ready()`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from accounts.members.models import Member
from accounts.members.permissions import Permission, can
from accounts.tenancy.models import Workspace


@dataclass(frozen=True, slots=True)
class Hit:
    """One place to go: its name, a word beside it, its address."""

    title: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class Kind:
    """`find(workspace, wanted, most)` gives at most so many hits, the best first."""

    order: int
    label: str
    find: Callable[[Workspace, str, int], Sequence[Hit]]
    permission: Permission = Permission.DASHBOARD_READ


@dataclass(frozen=True, slots=True)
class Deed:
    """Something to do, by the page on which it is done; `url_name` takes the workspace's slug."""

    label: str
    url_name: str
    permission: Permission = Permission.DASHBOARD_READ


_kinds: list[Kind] = []
_deeds: list[Deed] = []


def add_kind(kind: Kind) -> None:
    """Let the palette find rows of this kind. Called from AppConfig.ready()."""
    if kind not in _kinds:
        _kinds.append(kind)
        _kinds.sort(key=lambda one: one.order)


def add_deed(label: str, url_name: str, permission: Permission = Permission.DASHBOARD_READ) -> None:
    """Let the palette offer this. Called from AppConfig.ready()."""
    deed = Deed(label, url_name, permission)
    if deed not in _deeds:
        _deeds.append(deed)


def kinds_for(member: Member) -> list[Kind]:
    return [kind for kind in _kinds if can(member, kind.permission)]


def deeds_for(member: Member) -> list[Deed]:
    return [deed for deed in _deeds if can(member, deed.permission)]
