"""What time does to queued asks: the deadline passes, or the gate closes before the mail has left."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.customers.gate import judge_many
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.models import Workspace
from referrals.asks import circumstances, clock, post
from referrals.asks.errors import AskNotOpen
from referrals.asks.events import record
from referrals.asks.gatekeeping import standing_reasons
from referrals.asks.models import Ask

_MOST_AT_ONCE = 500
# Many ticks long, so that whatever is handed over has been judged again shortly before.
_LOOK_AHEAD = timedelta(hours=1)


def expire_overdue(*, workspace: Workspace, now: datetime) -> int:
    """Put asks that missed their deadline back on the desk as missed; gives how many. No mail leaves by itself then.

    Asks that are late by choice wait for their hour; drafts without a clock lapse as skipped.
    """
    in_time = Q(late_by_choice=False, deadline_at__lte=now)
    chosen = Q(late_by_choice=True, planned_send_at__lte=now - clock.PROMISE)
    overdue = workspace.asks.filter(in_time | chosen, state=Ask.State.QUEUED).order_by("deadline_at")
    return sum(expire(ask=ask, now=now) for ask in overdue.select_related("workspace")[:_MOST_AT_ONCE])


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


def recheck_due(*, workspace: Workspace, now: datetime) -> int:
    """Judge again what is about to leave, and take back what must not; gives how many. A hold may be new since."""
    due = workspace.asks.filter(
        state__in=[Ask.State.QUEUED, Ask.State.SENDING], message__state="queued", send_at__lte=now + _LOOK_AHEAD
    )
    waiting = list(due.select_related("workspace").order_by("send_at")[:_MOST_AT_ONCE])
    verdicts = judge_many(workspace=workspace, contact_ids=[ask.contact_id for ask in waiting], purpose="asks", now=now)
    stopped = 0
    for ask in waiting:
        reasons = standing_reasons(ask, verdicts[ask.contact_id])
        if reasons:
            stopped += hold_back(ask=ask, reasons=[reason.as_json() for reason in reasons], now=now)
    return stopped


@transaction.atomic
def hold_back(*, ask: Ask, reasons: list[dict[str, str | None]], now: datetime) -> bool:
    """Skip one ask because the gate has closed; its moment says why. False if the mail has left."""
    try:
        ask = circumstances.lock(ask=ask, states=(Ask.State.QUEUED, Ask.State.SENDING))
    except AskNotOpen:
        return False
    if not post.take_back(ask):
        return False
    ask.state, ask.send_at, ask.ended_reason = Ask.State.SKIPPED, None, str(reasons[0]["detail"])[:240]
    ask.verdict = {**ask.verdict, "ok": False, "reasons": reasons}
    ask.save()
    circumstances.forget_asked(contact=ask.contact, now=now)
    record("ask.skipped", ask=ask, by=SYSTEM, now=now, reason=ask.ended_reason)
    return True
