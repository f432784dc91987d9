"""A workspace that rests or closes has one page open for its team: it says so, and owners find the way back there."""

from django.http import HttpRequest
from django.urls import reverse

from accounts.members.models import Member

# Pages that stay open: how it goes on, and taking everything along.
OPEN = {
    "resting",
    "settings-life",
    "workspace-suspend",
    "workspace-resume",
    "workspace-close",
    "workspace-call-back",
    "settings-archive",
    "archive-cancel",
    "archive-download",
}


def resting(request: HttpRequest, member: Member) -> str | None:
    """Where everybody goes while the workspace is not active."""
    page = request.resolver_match.url_name if request.resolver_match else None
    if member.workspace.is_active or page in OPEN:
        return None
    return reverse("resting", args=[member.workspace.slug])
