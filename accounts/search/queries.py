"""Finding places by a few letters: rows of every kind this member may read, pages, things to do."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.members import navigation
from accounts.members.models import Member
from accounts.search import registry
from accounts.search.registry import Hit

MOST_PER_KIND = 6


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    hits: list[Hit]


def places(*, member: Member, wanted: str) -> list[Group]:
    """What fits, in groups; pages and deeds come first where their name begins so. Without letters: those alone."""
    fixed = [Group("Pages", _pages(member, wanted)), Group("To do", _deeds(member, wanted))]
    if not wanted:
        return [group for group in fixed if group.hits]
    rows = [
        Group(kind.label, list(kind.find(member.workspace, wanted, MOST_PER_KIND)))
        for kind in registry.kinds_for(member)
    ]
    begins = any(hit.title.lower().startswith(wanted.lower()) for group in fixed for hit in group.hits)
    groups = [*fixed, *rows] if begins else [*rows, *fixed]
    return [group for group in groups if group.hits]


def _pages(member: Member, wanted: str) -> list[Hit]:
    slug = member.workspace.slug
    pages = [(page, "") for page in navigation.of(member, slug, "")]
    pages += [(page, "Settings") for page in navigation.settings_of(member, slug, "")]
    return [
        Hit(str(page["label"]), note, str(page["url"]))
        for page, note in pages
        if wanted.lower() in str(page["label"]).lower()
    ]


def _deeds(member: Member, wanted: str) -> list[Hit]:
    slug = member.workspace.slug
    return [
        Hit(deed.label, "", reverse(deed.url_name, args=[slug]))
        for deed in registry.deeds_for(member)
        if wanted.lower() in deed.label.lower()
    ]
