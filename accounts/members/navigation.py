"""The pages of the dashboard. Every app adds its own when it is ready; only pages that exist are shown."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.members.models import Member
from accounts.members.permissions import Permission, can


@dataclass(frozen=True, slots=True)
class Page:
    order: int
    label: str
    url_name: str
    permission: Permission
    # A gap before it: settings stand apart from the story.
    apart: bool = False
    # The letter that opens it after a "g".
    key: str = ""
    # Where it stands among the settings, and what one finds there.
    group: str = ""
    about: str = ""


_pages: list[Page] = []
_settings: list[Page] = []


def add(
    order: int,
    label: str,
    url_name: str,
    permission: Permission = Permission.DASHBOARD_READ,
    *,
    apart: bool = False,
    key: str = "",
) -> None:
    """Put a page into the navigation; `url_name` takes the workspace's slug. Called from AppConfig.ready()."""
    page = Page(order, label, url_name, permission, apart, key)
    if page not in _pages:
        _pages.append(page)
        _pages.sort(key=lambda one: one.order)


# The groups of the settings, in order; a page of a group that is not named here stands in the last.
GROUPS = ("Workspace", "Programs", "Sending", "People", "Connections", "Data")


def add_setting(
    order: int, label: str, url_name: str, permission: Permission, *, group: str = "Connections", about: str = ""
) -> None:
    """Put a page among the settings; `about` says in a few words what is there. Called from AppConfig.ready()."""
    page = Page(order, label, url_name, permission, group=group if group in GROUPS else GROUPS[-1], about=about)
    if page not in _settings:
        _settings.append(page)
        _settings.sort(key=lambda one: (GROUPS.index(one.group), one.order))


def of(member: Member, slug: str, path: str) -> list[dict[str, object]]:
    """The rows of the navigation: `label`, `url`, `current`, `apart`, `key`."""
    return _rows(_pages, member, slug, path)


def settings_of(member: Member, slug: str, path: str) -> list[dict[str, object]]:
    """The settings this member may open, group by group; also `group`, and `first` where a group begins."""
    return _rows(_settings, member, slug, path)


def _rows(pages: list[Page], member: Member, slug: str, path: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for page in pages:
        if can(member, page.permission):
            url = reverse(page.url_name, args=[slug])
            first = not rows or rows[-1]["group"] != page.group
            rows.append(
                {
                    "label": page.label,
                    "url": url,
                    "current": path.startswith(url),
                    "apart": page.apart,
                    "key": page.key,
                    "group": page.group,
                    "first": first,
                    "about": page.about,
                }
            )
    return rows
