"""What became of the mail, written into the ask."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from accounts.mail import actions as mail
from accounts.mail.models import Message
from accounts.mail.signals import Settled
from accounts.tenancy.actor import SYSTEM, Actor
from accounts.tenancy.models import Workspace
from referrals.asks import circumstances, clock, rests
from referrals.asks.events import record
from referrals.asks.models import Ask
from referrals.asks.notices import tell_missed
from referrals.asks.reminders import REMIND_AFTER_WORKING_DAYS
from referrals.asks.replanning import plan_anew
from referrals.asks.sent import settle_sent

_UNDER_WAY = (Ask.State.QUEUED, Ask.State.SENDING, Ask.State.UNCONFIRMED)
_ENDED = ("sent", "failed", "unconfirmed", "cancelled")
_MOST_AT_ONCE = 500


def settle(*, workspace: Workspace, settled: Sequence[Settled], now: datetime) -> int:
    """Write the outcomes of a batch of mails into their asks; gives how many asks changed.

    The dispatcher holds the mails and waits for us, others hold the contact and may wait for the mail: so a contact
    somebody else has locked is passed over here, and `settle_left` takes it up at the next tick.
    """
    outcomes = {one.message_id: one for one in settled if one.kind == Message.Kind.ASK}
    sent = {key: one for key, one in outcomes.items() if one.state == "sent"}
    changed = settle_sent(workspace=workspace, sent=sent, now=now) if sent else 0
    if changed == len(outcomes):
        return changed
    asks = list(workspace.asks.filter(message_id__in=outcomes).exclude(state=Ask.State.SENT).order_by("contact_id"))
    free = _lock_free_contacts(workspace, [ask.contact_id for ask in asks])
    ours = [ask for ask in asks if ask.contact_id in free]
    return changed + sum(_write(workspace, ask, outcomes[ask.message_id], now) for ask in ours if ask.message_id)


def settle_left(*, workspace: Workspace, now: datetime) -> int:
    """Take up asks whose mail has come to an end without their hearing of it; gives how many changed."""
    left = workspace.asks.filter(state__in=_UNDER_WAY, message__state__in=_ENDED).exclude(
        state=Ask.State.UNCONFIRMED, message__state="unconfirmed"
    )
    # A mail that we took back ourselves has no error; its ask waits on the desk.
    left = left.exclude(message__state="cancelled", message__error="")
    changed = 0
    for ask in left.select_related("message").order_by("contact_id")[:_MOST_AT_ONCE]:
        message = ask.message
        if message is not None:
            end = Settled(
                message_id=message.pk,
                key=message.key,
                kind=message.kind,
                state=message.state,
                at=message.sent_at or now,
                error=message.error,
                rfc_message_id=message.rfc_message_id,
            )
            changed += settle(workspace=workspace, settled=[end], now=now)
    return changed


def note_bounce(*, workspace: Workspace, message_id: UUID, words: str, now: datetime) -> bool:
    """The mail of an ask came back: nobody was asked, so nobody is silent. True where an ask changed."""
    ask = workspace.asks.filter(Q(message_id=message_id) | Q(reminder_id=message_id)).first()
    if ask is None:
        return False
    ask.workspace = workspace
    ask = circumstances.lock(ask=ask)
    if ask.state != Ask.State.SENT:
        return False
    rests.lift_silence(contact=ask.contact)
    if ask.message_id == message_id:
        mail.cancel(workspace=workspace, message_id=ask.reminder_id)
        ask.state, ask.reminder_due_at, ask.ended_reason = Ask.State.FAILED, None, words[:240]
        ask.save()
        circumstances.forget_asked(contact=ask.contact, now=now)
        record("ask.failed", ask=ask, by=SYSTEM, now=now, reason=ask.ended_reason)
    return True


def _lock_free_contacts(workspace: Workspace, contact_ids: list[UUID]) -> set[UUID]:
    rows = workspace.contacts.filter(pk__in=contact_ids).order_by("pk")
    return set(rows.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True))


def _write(workspace: Workspace, ask: Ask, end: Settled, now: datetime) -> bool:
    ask.workspace = workspace
    ask = circumstances.lock(ask=ask)
    if ask.state == Ask.State.ANSWERED:
        return _sent_after_answer(ask, end)
    if ask.state not in _UNDER_WAY:
        return False
    if end.state == "sent":
        _sent(ask, end.at, SYSTEM, now)
    elif end.state == "unconfirmed":
        ask.state = Ask.State.UNCONFIRMED
        record("ask.unconfirmed", ask=ask, by=SYSTEM, now=now)
    else:
        _never_arrived(ask, end, now)
    ask.save()
    return True


def _sent(ask: Ask, at: datetime, by: Actor, now: datetime) -> None:
    zone, calendar = circumstances.whereabouts(workspace=ask.workspace, contact=ask.contact)
    ask.state, ask.sent_at, ask.ended_reason = Ask.State.SENT, at, ""
    ask.reminder_due_at = clock.add_working_days(at, REMIND_AFTER_WORKING_DAYS, zone, calendar)
    rests.after_sending(contact=ask.contact, sent_at=at)
    record("ask.sent", ask=ask, by=by, now=now)


def _sent_after_answer(ask: Ask, end: Settled) -> bool:
    """They answered while the mail was leaving: only the time is noted."""
    if end.state != "sent" or ask.sent_at is not None:
        return False
    ask.sent_at = end.at
    ask.save(update_fields=["sent_at", "updated_at"])
    return True


def _never_arrived(ask: Ask, end: Settled, now: datetime) -> None:
    if end.state == "failed":
        ask.state, kind, reason = Ask.State.FAILED, "ask.failed", f"The mail could not be delivered: {end.error}"
    elif end.error == "expired":
        if plan_anew(ask, now):
            return
        ask.state, kind, reason = Ask.State.EXPIRED, "ask.missed", "The mail could not leave in time"
        ask.sent_by_person = False
    else:
        words = "Mail to them came back" if end.error == "bounced" else "They asked not to be asked"
        ask.state, kind, reason = Ask.State.SKIPPED, "ask.skipped", words
    ask.send_at, ask.ended_reason = None, reason[:240]
    ask.save()
    rests.lift_silence(contact=ask.contact)
    circumstances.forget_asked(contact=ask.contact, now=now)
    record(kind, ask=ask, by=SYSTEM, now=now, reason=ask.ended_reason)
    if ask.state == Ask.State.EXPIRED:
        tell_missed(workspace=ask.workspace, asks=[ask], now=now)
