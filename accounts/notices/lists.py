"""The list of one's notices."""

from collections.abc import Mapping

from django.db.models import Q, QuerySet

from accounts.lists.spec import BulkAction, Choice, Column, Doing, Filter, ListSpec, Sort
from accounts.members.models import Member
from accounts.members.permissions import Permission
from accounts.notices import actions
from accounts.notices.models import Channel, Kind, Notice
from accounts.tenancy.models import Workspace

_CELL = "accounts/notices/_cell.html"


def notice_rows(workspace: Workspace, values: Mapping[str, str]) -> QuerySet[Notice]:
    """Notices given here, unread ones unless all are wanted; whose they are is said by `own_notices`."""
    rows = workspace.notices.filter(channels__contains=[Channel.IN_APP])
    if values.get("show", "") != "all":
        rows = rows.filter(read_at=None)
    if values.get("kind"):
        rows = rows.filter(kind=values["kind"])
    for word in values.get("q", "").split()[:5]:
        rows = rows.filter(Q(title__icontains=word) | Q(text__icontains=word))
    return rows


def own_notices(rows: "QuerySet[Notice]", member: Member) -> "QuerySet[Notice]":
    """Nobody reads a colleague's notices."""
    return rows.filter(member=member)


def read(row: Notice, doing: Doing) -> None:
    actions.mark_read(workspace=doing.workspace, member=row.member, notices=[row], now=doing.now)


def unread(row: Notice, doing: Doing) -> None:
    actions.mark_unread(notice=row)


def _state(row: Notice) -> str:
    return "read" if row.read_at else "unread"


NOTICES = ListSpec(
    name="notices",
    url_name="notices",
    noun="notice",
    nouns="notices",
    search="Search your notices",
    rows=notice_rows,
    own=own_notices,
    columns=(
        Column("title", "What happened", lambda n: n.title, template=_CELL, opt=False),
        Column("kind", "Kind", lambda n: n.get_kind_display()),
        Column("at", "When", lambda n: n.created_at, template=_CELL, right=True),
        Column("text", "In full", lambda n: n.text, first=False),
        Column("state", "Read", _state, first=False),
    ),
    sorts=(
        Sort("-at", "Time, newest first", "created_at", descending=True, head="at"),
        Sort("at", "Time, oldest first", "created_at", head="at"),
    ),
    filters=(
        Filter("show", "Show", (Choice("", "Unread"), Choice("all", "All")), as_tabs=True),
        Filter("kind", "Kind", (Choice("", "Every kind"), *(Choice(kind.value, kind.label) for kind in Kind))),
    ),
    actions=(
        BulkAction("read", "Mark as read", Permission.DASHBOARD_READ, read),
        BulkAction("unread", "Mark as unread", Permission.DASHBOARD_READ, unread),
    ),
    whole={"show": "all"},
)
