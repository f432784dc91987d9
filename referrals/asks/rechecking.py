"""What is about to leave is judged again: the gate, the company's allowance, and after an outage the hour.

A mail that was judged here may leave for some minutes (accounts/mail/approvals.py); what an outage kept at home longer
than that does not leave before a tick has come by.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.customers.gate import judge_many
from accounts.mail import actions as mail
from accounts.mail.approvals import LOOK_AHEAD, approve
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.models import Workspace
from referrals.asks import circumstances, clock, post
from referrals.asks.errors import AskNotOpen
from referrals.asks.events import record
from referrals.asks.gatekeeping import reasons_against_reminder, standing_reasons
from referrals.asks.models import Ask
from referrals.asks.replanning import may_still_leave, plan_anew

_AT_ONCE = 500
_MOST_IN_A_TICK = 5_000
_LEAVING = (Ask.State.QUEUED, Ask.State.SENDING)
_HELD_UP = timedelta(minutes=20)


def recheck_due(*, workspace: Workspace, now: datetime) -> int:
    """Judge again what is about to leave and approve it; take back what must not leave, plan anew what an outage kept
    beyond polite hours. Gives how many were stopped or moved. The approvals that end first come first.
    """
    due = workspace.asks.filter(state__in=_LEAVING, message__state="queued", send_at__lte=now + LOOK_AHEAD)
    keys = list(due.order_by("message__approved_until", "pk").values_list("pk", flat=True)[:_MOST_IN_A_TICK])
    approved: list[UUID] = []
    for start in range(0, len(keys), _AT_ONCE):
        some = workspace.asks.filter(pk__in=keys[start : start + _AT_ONCE])
        asks = list(some.select_related("workspace", "contact__company", "message").order_by("send_at", "pk"))
        approved += _recheck(workspace, asks, now)
    # Last, because whoever holds a contact may wait for its mail, and never the other way round.
    approve(workspace=workspace, message_ids=approved)
    return len(keys) - len(approved)


def recheck_reminders(*, workspace: Workspace, now: datetime) -> int:
    """The same for reminders: the gate is asked again, and after an outage the hour; gives how many were dropped."""
    due = workspace.asks.filter(reminder__state="queued", reminder__due_at__lte=now + LOOK_AHEAD)
    asks = list(due.select_related("workspace", "contact__company", "reminder").order_by("pk")[:_MOST_IN_A_TICK])
    verdicts = judge_many(workspace=workspace, contact_ids=[ask.contact_id for ask in asks], purpose="asks", now=now)
    approved: list[UUID] = []
    dropped = 0
    for ask in asks:
        reasons = [reason.as_json() for reason in reasons_against_reminder(ask, verdicts[ask.contact_id])]
        if reasons or ask.state != Ask.State.SENT:
            dropped += _drop_reminder(ask, reasons, now)
        elif ask.reminder_id and _reminder_may_leave(ask, now):
            approved.append(ask.reminder_id)
    approve(workspace=workspace, message_ids=approved)
    return dropped


@transaction.atomic
def hold_back(*, ask: Ask, reasons: list[dict[str, str | None]], now: datetime) -> bool:
    """Skip one ask because the gate has closed; its moment says why. False if the mail has left."""
    try:
        ask = circumstances.lock(ask=ask, states=_LEAVING)
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


@transaction.atomic
def move_on(*, ask: Ask, now: datetime) -> bool:
    """Plan one ask anew whose minute is over, or put it on the desk as missed. False if it is leaving or has left."""
    try:
        ask = circumstances.lock(ask=ask, states=_LEAVING)
    except AskNotOpen:
        return False
    return plan_anew(ask, now) or miss(ask, "The mail could not leave in time", now)


def miss(ask: Ask, reason: str, now: datetime) -> bool:
    """Put a locked ask on the desk as missed: a person may still send it, it is not mailed by itself. False if its
    mail is leaving at this moment."""
    if not post.take_back(ask):
        return False
    ask.state, ask.send_at, ask.ended_reason, ask.sent_by_person = Ask.State.EXPIRED, None, reason, False
    ask.save()
    circumstances.forget_asked(contact=ask.contact, now=now)
    record("ask.missed", ask=ask, by=SYSTEM, now=now, reason=reason)
    return True


def _recheck(workspace: Workspace, asks: Sequence[Ask], now: datetime) -> list[UUID]:
    """The mails that may leave."""
    verdicts = judge_many(workspace=workspace, contact_ids=[ask.contact_id for ask in asks], purpose="asks", now=now)
    standing = standing_reasons(asks, verdicts, now)
    approved = []
    for ask in asks:
        if standing[ask.pk]:
            hold_back(ask=ask, reasons=[reason.as_json() for reason in standing[ask.pk]], now=now)
        elif not may_still_leave(ask, now):
            move_on(ask=ask, now=now)
        elif ask.message_id:
            approved.append(ask.message_id)
    return approved


def _drop_reminder(ask: Ask, reasons: list[dict[str, str | None]], now: datetime) -> bool:
    if not mail.cancel(workspace=ask.workspace, message_id=ask.reminder_id):
        return False
    record("ask.reminder_dropped", ask=ask, by=SYSTEM, now=now, reasons=reasons)
    return True


def _reminder_may_leave(ask: Ask, now: datetime) -> bool:
    """Nobody is reminded at night or on a Sunday: what an outage kept waits for the next working hour, while it may."""
    if ask.reminder is None or now - ask.reminder.due_at <= _HELD_UP:
        return True
    zone, calendar = circumstances.whereabouts(workspace=ask.workspace, contact=ask.contact)
    return clock.is_preferred(now, zone, calendar)
