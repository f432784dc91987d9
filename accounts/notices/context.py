"""The bell in the shell around every dashboard page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from accounts.notices import queries


def bell(request: HttpRequest) -> dict[str, Any]:
    """`bell`: url, poll_url and unread; counted only where a page shows it."""
    member = getattr(request, "member", None)
    return {"bell": SimpleLazyObject(lambda: of(member))} if member is not None else {}


def of(member: Any) -> dict[str, Any]:
    """What the bell of this member shows."""
    slug = member.workspace.slug
    return {
        "url": reverse("notices", args=[slug]),
        "poll_url": reverse("notice-bell", args=[slug]),
        "unread": queries.unread_count(workspace=member.workspace, member=member),
        "most": queries.MOST_SHOWN,
    }
