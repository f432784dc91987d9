"""Surveys and answers of a month."""

from datetime import datetime

from accounts.settings.usage import Used
from accounts.tenancy.models import Workspace


def of_month(workspace: Workspace, month: datetime, now: datetime) -> list[Used]:
    """Invitations made and answers received."""
    return [
        Used(40, "Surveys", workspace.invitations.filter(created_at__gte=month).count(), "invitations this month"),
        Used(50, "Answers", workspace.responses.filter(received_at__gte=month).count(), "received this month"),
    ]
