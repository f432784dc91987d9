"""Views and files of a member."""

from django.db.models import Q, QuerySet

from accounts.lists.models import Export, SavedView
from accounts.members.models import Member


def views_for(*, member: Member, list_name: str) -> list[SavedView]:
    """The member's own views of a list and those shared with the team, by name."""
    rows = member.workspace.saved_views.filter(Q(owner=member) | Q(shared=True), list_name=list_name)
    return list(rows.select_related("owner").order_by("name", "pk"))


def default_view(*, member: Member, list_name: str) -> SavedView | None:
    """The view in which the member finds the list."""
    rows = member.workspace.default_views.select_related("view").filter(member=member, list_name=list_name)
    default = rows.first()
    return default.view if default else None


def exports_of(*, member: Member) -> QuerySet[Export]:
    """The member's files, the newest first. Nobody sees a file of somebody else: roles differ."""
    return member.workspace.exports.filter(member=member).order_by("-created_at", "-pk")
