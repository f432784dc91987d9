"""Which workspaces a user may enter. Read before any workspace is known, so through definer functions."""

from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from accounts.members.models import Member
from accounts.tenancy.models import Workspace


def workspaces_of(user: Any) -> list[Workspace]:
    """The workspaces this user is an active member of, by name, those that rest or close too. One statement."""
    ids = RawSQL("SELECT workspaces_of_user(%s)", [user.pk])
    return list(Workspace.objects.filter(pk__in=ids).order_by("name"))


def enter(user: Any, slug: str) -> Member | None:
    """The user's active membership of the workspace with this slug, its scope opened; None for strangers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT enter_workspace(%s, %s)", [user.pk, slug])
        member_id = cursor.fetchone()[0]
    return Member.objects.select_related("workspace", "user").get(pk=member_id) if member_id else None
