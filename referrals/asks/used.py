"""Asks of a month."""

from datetime import datetime

from accounts.settings.usage import Used
from accounts.tenancy.models import Workspace
from referrals.asks.by_hand import asked_today


def of_month(workspace: Workspace, month: datetime, now: datetime) -> list[Used]:
    """Asks sent, and how many of today's asks for old praise are used up."""
    return [
        Used(60, "Asks", workspace.asks.filter(sent_at__gte=month).count(), "sent this month"),
        Used(
            65,
            "Asks for old praise",
            asked_today(workspace=workspace, now=now),
            "by hand today; the limit stands under Hours and days",
            limit=workspace.warm_start_per_day,
        ),
    ]
