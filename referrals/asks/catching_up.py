"""A moment leads to one ask or says why not; a moment that did neither is found and taken up."""

from datetime import datetime

from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.models import Workspace
from referrals.asks import clock, intake

_MOST_AT_ONCE = 200


def catch_up(*, workspace: Workspace, now: datetime) -> int:
    """Take up the moments of the last 24 hours that have neither an ask nor a reason; gives how many were asked.

    A failed receiver or a fact written by another hand may leave some behind.
    """
    silent = workspace.moments.filter(
        occurred_at__gt=now - clock.PROMISE, occurred_at__lte=now, not_asked__isnull=True, ask__isnull=True
    ).order_by("occurred_at")
    asked = 0
    for moment in silent.select_related("contact__company", "response")[:_MOST_AT_ONCE]:
        ask, _reasons = intake.follow(workspace=workspace, moment=moment, response=moment.response, by=SYSTEM, now=now)
        asked += ask is not None and ask.moment_id == moment.pk
    return asked
