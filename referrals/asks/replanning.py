"""A mail that an outage kept at home: polite hours hold for it again, and so does its deadline (product.md 2.9)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.tenancy.actor import SYSTEM
from referrals.asks import circumstances, clock, post
from referrals.asks.calendars import Calendar
from referrals.asks.events import record
from referrals.asks.models import Ask
from referrals.asks.moves import LATE_GRACE
from referrals.asks.queueing import plan_for

# A mail server may put us off for some minutes; what is later than this meets its hours anew.
_HELD_UP = timedelta(minutes=20)
# Whoever pressed "send" wanted it out now, whatever the hour; by then the hour is another one.
_PERSON_WAITS = timedelta(hours=1)


def may_still_leave(ask: Ask, now: datetime) -> bool:
    """Whether a mail that is due may leave at `now` as it was planned; it is late by no more than an ordinary delay,
    or the hour is polite and its time is not over. Reads `ask.message`.
    """
    if ask.send_at is None or now - ask.send_at <= (_PERSON_WAITS if ask.sent_by_person else _HELD_UP):
        return True
    expires_at = ask.message.expires_at if ask.message else None
    if _latest(ask) <= now or (expires_at is not None and expires_at <= now):
        return False
    zone, calendar = circumstances.whereabouts(workspace=ask.workspace, contact=ask.contact)
    return clock.is_polite(now, zone=zone, calendar=calendar, weekends=_weekends(ask))


def plan_anew(ask: Ask, now: datetime) -> bool:
    """Give a locked ask whose mail could not leave a new minute before its deadline; the gate is asked before it goes.

    False where there is none, or the mail is leaving at this moment: nothing was changed. The ask is saved.
    """
    planned = _next_minute(ask, now)
    if planned is None:
        return False
    until = (
        _latest(ask)
        if ask.sent_by_person
        else post.untouched_until(workspace=ask.workspace, contact=ask.contact, ask=ask, due_at=planned)
    )
    # Judged as long ago as the ask was queued: the mail waits until the gate has been asked again.
    if not post.renew(ask=ask, contact=ask.contact, due_at=planned, expires_at=until, judged_at=ask.queued_at):
        return False
    ask.lost_minute_at = ask.lost_minute_at or ask.send_at or ask.planned_send_at
    ask.send_at = planned
    if not ask.sent_by_person:
        ask.planned_send_at = planned
    ask.save()
    record("ask.replanned", ask=ask, by=SYSTEM, now=now, was_planned_for=ask.lost_minute_at, send_at=planned)
    return True


def _latest(ask: Ask) -> datetime:
    """A person who sent it late knew that it was late; nobody else may be late without them."""
    if ask.late_by_choice and ask.message and ask.message.expires_at:
        return ask.message.expires_at
    sent_late = ask.sent_by_person and ask.send_at is not None and ask.send_at > ask.deadline_at
    return ask.deadline_at + LATE_GRACE if sent_late else ask.deadline_at


def _next_minute(ask: Ask, now: datetime) -> datetime | None:
    until = _latest(ask)
    if until <= now or ask.late_by_choice:
        return None
    zone, calendar = circumstances.whereabouts(workspace=ask.workspace, contact=ask.contact)
    if ask.sent_by_person or ask.policy == Ask.Policy.MANUAL:  # a person chose a minute that is over
        return _soon(now, until, zone, calendar)
    plan, _policy = plan_for(
        workspace=ask.workspace,
        contact=ask.contact,
        policy=ask.policy,
        known=circumstances.read(workspace=ask.workspace, contact=ask.contact, now=now),
        responded_at=ask.deadline_at - clock.PROMISE,
        now=now,
    )
    return plan.send_at if plan.send_at and plan.send_at < until else None


def _soon(now: datetime, until: datetime, zone: ZoneInfo, calendar: Calendar) -> datetime | None:
    if clock.is_polite(now, zone=zone, calendar=calendar, weekends="daytime"):
        return now
    return clock.next_polite(now, zone=zone, calendar=calendar, weekends="daytime", deadline=until)


def _weekends(ask: Ask) -> clock.Weekends:
    return "wait" if ask.workspace.weekends == "wait" and not ask.sent_by_person else "daytime"
