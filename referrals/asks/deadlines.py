"""What time does to queued asks: the deadline passes."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.models import Workspace
from referrals.asks import circumstances, clock, post
from referrals.asks.errors import AskNotOpen
from referrals.asks.events import record
from referrals.asks.models import Ask
from referrals.asks.notices import tell_missed

_MOST_AT_ONCE = 500


def expire_overdue(*, workspace: Workspace, now: datetime) -> int:
    """Put asks that missed their deadline back on the desk as missed; gives how many. No mail leaves by itself then.

    Asks that are late by choice wait for their hour; drafts without a clock lapse as skipped.
    """
    in_time = Q(late_by_choice=False, deadline_at__lte=now)
    chosen = Q(late_by_choice=True, planned_send_at__lte=now - clock.PROMISE)
    overdue = workspace.asks.filter(in_time | chosen, state=Ask.State.QUEUED).order_by("deadline_at")
    shown = overdue.select_related("workspace", "contact__company", "moment__response", "sender__deputy")
    ended = [ask for ask in shown[:_MOST_AT_ONCE] if expire(ask=ask, now=now)]
    tell_missed(workspace=workspace, asks=[ask for ask in ended if ask.has_clock], now=now)
    return len(ended)


@transaction.atomic
def expire(*, ask: Ask, now: datetime) -> bool:
    """End one queued ask whose time is over; False if it is leaving at this moment or has left the queue."""
    try:
        ask = circumstances.lock(ask=ask, states=(Ask.State.QUEUED,))
    except AskNotOpen:
        return False
    if not post.take_back(ask):
        return False
    lapsed = not ask.has_clock
    ask.state = Ask.State.SKIPPED if lapsed else Ask.State.EXPIRED
    ask.ended_reason = "Nobody sent it" if lapsed else "The 24 hours are over"
    ask.send_at = None
    ask.save()
    circumstances.forget_asked(contact=ask.contact, now=now)
    kind = "ask.skipped" if lapsed else "ask.missed"
    record(kind, ask=ask, by=SYSTEM, now=now, reason=ask.ended_reason)
    return True
