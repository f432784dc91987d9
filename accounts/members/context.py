"""What the shell around every dashboard page shows."""

from typing import Any

from django.http import HttpRequest

from accounts.members import navigation, queries


def shell(request: HttpRequest) -> dict[str, Any]:
    """`workspace`, `member`, `navigation`, `memberships`; empty outside the dashboard."""
    member = getattr(request, "member", None)
    if member is None:
        return {}
    workspace = request.workspace  # type: ignore[attr-defined]
    return {
        "workspace": workspace,
        "member": member,
        "navigation": navigation.of(member, workspace.slug, request.path),
        "memberships": queries.workspaces_of(request.user),
    }
