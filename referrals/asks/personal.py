"""What one member asked: for them and their managers, where the workspace shows figures of single members at all."""

from datetime import datetime, timedelta
from statistics import median

from accounts.members.figures import Figure
from accounts.members.models import Member

_OVER = timedelta(days=30)
_ENOUGH = 5


def figures_of(member: Member, now: datetime) -> list[Figure]:
    """Asks that left in the member's name within thirty days, and the middle time from the score to the ask."""
    sent = member.workspace.asks.filter(sender=member, sent_at__gte=now - _OVER, sent_at__lte=now)
    minutes = [(left - said).total_seconds() / 60 for said, left in sent.values_list("responded_at", "sent_at")]
    middle = f"{median(minutes):.0f} min" if len(minutes) >= _ENOUGH else ""
    return [
        Figure("Asks sent", str(len(minutes)), "last 30 days"),
        Figure("From score to ask", middle, f"the middle of {len(minutes)}; under {_ENOUGH} says nothing"),
    ]
