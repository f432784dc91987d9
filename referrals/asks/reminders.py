"""One reminder, and what silence after it means."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.customers.gate import judge
from accounts.customers.models import Contact
from accounts.mail import actions as mail
from accounts.mail.approvals import approved_until
from accounts.mail.models import Message
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.models import Workspace
from referrals.asks import circumstances, clock, drafts, post
from referrals.asks.errors import AskNotOpen
from referrals.asks.events import record
from referrals.asks.facts import latest_outcome
from referrals.asks.gatekeeping import reasons_against_reminder
from referrals.asks.models import Ask
from referrals.asks.queueing import known_facts
from referrals.asks.senders import Sender, is_there, sender_for

REMIND_AFTER_WORKING_DAYS = 5
SILENT_AFTER_WORKING_DAYS = 10
SILENT = "No answer"
_SILENT_AFTER_AT_LEAST = timedelta(days=14)
_MOST_AT_ONCE = 500


def remind_due(*, workspace: Workspace, now: datetime) -> int:
    """Queue the one reminder of asks that stayed unanswered for five working days; gives how many."""
    due = workspace.asks.filter(state=Ask.State.SENT, reminder=None, reminder_due_at__lte=now)
    return sum(remind(ask=ask, now=now) for ask in due.select_related("workspace")[:_MOST_AT_ONCE])


@transaction.atomic
def remind(*, ask: Ask, now: datetime) -> bool:
    """Queue the reminder of one ask: same sender, same thread, at the next polite minute.

    False where it must not go out: the gate says no, the sender is away, the text has a gap. It is then dropped.
    """
    try:
        ask = circumstances.lock(ask=ask, states=(Ask.State.SENT,))
    except AskNotOpen:
        return False
    if ask.reminder_id or ask.reminder_due_at is None or ask.message is None:
        return False
    ask.reminder_due_at = None
    reasons, body = _reasons_against(ask, now), ""
    if not reasons:
        body, reasons = _body(ask, now)
    if reasons:
        ask.save(update_fields=["reminder_due_at", "updated_at"])
        record("ask.reminder_dropped", ask=ask, by=SYSTEM, now=now, reasons=reasons)
        return False
    ask.reminder = _queue(ask, ask.message, body, now)
    ask.save(update_fields=["reminder_due_at", "reminder", "updated_at"])
    return True


def count_silences(*, workspace: Workspace, now: datetime) -> int:
    """Count a silence for each ask whose reminder stayed unanswered for ten working days; gives how many."""
    reminded = workspace.asks.filter(
        state=Ask.State.SENT,
        ended_reason="",
        reminder__state="sent",
        reminder__sent_at__lte=now - _SILENT_AFTER_AT_LEAST,
    )
    return sum(_count(ask, now) for ask in reminded.select_related("workspace")[:_MOST_AT_ONCE])


@transaction.atomic
def _count(ask: Ask, now: datetime) -> bool:
    try:
        ask = circumstances.lock(ask=ask, states=(Ask.State.SENT,))
    except AskNotOpen:
        return False
    reminder = ask.reminder
    if ask.ended_reason or reminder is None or reminder.sent_at is None:
        return False
    zone, calendar = circumstances.whereabouts(workspace=ask.workspace, contact=ask.contact)
    if clock.add_working_days(reminder.sent_at, SILENT_AFTER_WORKING_DAYS, zone, calendar) > now:
        return False
    ask.ended_reason = SILENT
    ask.save(update_fields=["ended_reason", "updated_at"])
    ask.contact.silences += 1
    ask.contact.save(update_fields=["silences", "updated_at"])
    record("ask.unanswered", ask=ask, by=SYSTEM, now=now, silences=ask.contact.silences)
    return True


def _reasons_against(ask: Ask, now: datetime) -> list[dict[str, str | None]]:
    if ask.sender is not None and not is_there(ask.sender, ask.workspace, now):
        return [{"code": "sender_away", "detail": f"{ask.sender_name} is away.", "until": None}]
    verdict = judge(workspace=ask.workspace, contact=ask.contact, purpose="asks", now=now)
    return [reason.as_json() for reason in reasons_against_reminder(ask, verdict)]


def _body(ask: Ask, now: datetime) -> tuple[str, list[dict[str, str | None]]]:
    hours = sender_for(workspace=ask.workspace, contact=ask.contact, now=now).hours
    sender = Sender(ask.sender, ask.sender_name, ask.sender_email, hours)
    response = ask.moment.response if ask.moment else None
    outcome = latest_outcome(workspace=ask.workspace, contact=ask.contact, now=now)
    draft = drafts.write(
        subject="",
        body=ask.program.reminder_body,
        facts=known_facts(ask=ask, sender=sender, response=response, outcome=outcome, now=now),
    )
    return draft.body, [{"code": one.code, "detail": one.detail, "until": None} for one in draft.problems]


def _queue(ask: Ask, first: Message, body: str, now: datetime) -> Message:
    contact: Contact = ask.contact
    zone, calendar = circumstances.whereabouts(workspace=ask.workspace, contact=contact)
    day = now + clock.PROMISE  # nobody is reminded on a Sunday: weekends wait, whatever the workspace says of asks
    due_at = clock.next_polite(now, zone=zone, calendar=calendar, weekends="wait", deadline=day) or day
    subject = first.subject if first.subject.lower().startswith("re:") else f"Re: {first.subject}"
    return mail.queue(
        workspace=ask.workspace,
        kind=Message.Kind.ASK,
        key=f"ask:{ask.pk}:reminder",
        envelope=post.envelope(
            workspace=ask.workspace,
            ask=ask,
            contact=contact,
            subject=subject[:300],
            body=body,
            in_reply_to=first.rfc_message_id,
        ),
        due_at=due_at,
        expires_at=due_at + clock.PROMISE,
        approved_until=approved_until(due_at=due_at, judged_at=now),
    )
