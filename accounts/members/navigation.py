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


def add_setting(order: int, label: str, url_name: str, permission: Permission) -> None:
    """Put a page among the settings. Called from AppConfig.ready()."""
    page = Page(order, label, url_name, permission)
    if page not in _settings:
        _settings.append(page)
        _settings.sort(key=lambda one: one.order)


def of(member: Member, slug: str, path: str) -> list[dict[str, object]]:
    """The rows of the navigation: `label`, `url`, `current`, `apart`, `key`."""
    return _rows(_pages, member, slug, path)


def settings_of(member: Member, slug: str, path: str) -> list[dict[str, object]]:
    """The settings this member may open, as tabs."""
    return _rows(_settings, member, slug, path)


def _rows(pages: list[Page], member: Member, slug: str, path: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for page in pages:
        if can(member, page.permission):
            url = reverse(page.url_name, args=[slug])
            current = path.startswith(url)
            rows.append({"label": page.label, "url": url, "current": current, "apart": page.apart, "key": page.key})
    return rows
