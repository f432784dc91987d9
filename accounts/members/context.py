"""What the shell around every dashboard page shows."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts.members import navigation, queries


def shell(request: HttpRequest) -> dict[str, Any]:
    """`workspace`, `member`, `navigation`, `memberships`; empty outside the dashboard."""
    member = getattr(request, "member", None)
    if member is None:
        return {}
    workspace = request.workspace  # type: ignore[attr-defined]
    return {
        "workspace": workspace,
        "member": {
            "name": member.name,
            "role": member.get_role_display(),
            "second_factor_by": getattr(request, "second_factor_by", None),
            "menu": [
                {"label": "You", "url": reverse("you", args=[workspace.slug])},
                {"label": "What I am told", "url": reverse("notice-choices", args=[workspace.slug])},
            ],
        },
        "navigation": navigation.of(member, workspace.slug, request.path),
        "memberships": [
            {"name": one.name, "url": reverse("today", args=[one.slug]), "current": one == workspace}
            for one in queries.workspaces_of(request.user)
        ],
        "jump_url": reverse("jump", args=[workspace.slug]),
        "home_url": reverse("today", args=[workspace.slug]),
    }
