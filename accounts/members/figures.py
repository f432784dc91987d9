"""Figures of one member. Upper apps say in `ready()` what they count; who may see it is decided here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from accounts.members.models import Member
from accounts.members.permissions import may_see_figures_of


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with the words under it; `value` empty where there is too little to say."""

    label: str
    value: str
    note: str


Source = Callable[[Member, datetime], list[Figure]]

_sources: list[Source] = []


def add(source: Source) -> None:
    """Count this for every member. Called from AppConfig.ready()."""
    if source not in _sources:
        _sources.append(source)


def of(member: Member, *, seen_by: Member, now: datetime) -> list[Figure]:
    """The member's figures, none where `seen_by` may not see those of one person."""
    if not may_see_figures_of(seen_by, member):
        return []
    return [figure for source in _sources for figure in source(member, now)]
