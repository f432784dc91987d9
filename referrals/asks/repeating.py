"""Mails of asks in the outbox: what they belong to, and what has to hold before one goes out again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from accounts.customers.gate import judge
from accounts.mail import confirming, owners
from accounts.mail.errors import MailMovedOn, NotRepeatable
from accounts.mail.models import Message
from accounts.mail.owners import Belonging
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace
from referrals.asks import circumstances, clock, moves
from referrals.asks.errors import LeaveAlone
from referrals.asks.gatekeeping import reasons_against_reminder
from referrals.asks.models import Ask

_REPEATABLE = (Ask.State.UNCONFIRMED, Ask.State.FAILED)


def find(workspace: Workspace, messages: Sequence[Message], now: datetime) -> dict[UUID, Belonging]:
    """The asks these mails, or reminders, belong to. One statement."""
    keys = [message.pk for message in messages]
    asks = workspace.asks.filter(Q(message_id__in=keys) | Q(reminder_id__in=keys)).select_related("contact")
    found: dict[UUID, Belonging] = {}
    for ask in asks:
        if ask.message_id:
            in_time = ask.state in _REPEATABLE and now < ask.deadline_at + moves.LATE_GRACE
            undo_url = reverse("today-ask-undo", args=[workspace.slug, ask.public_id])
            found[ask.message_id] = _belonging(workspace, ask, repeatable=in_time, undo_url=undo_url)
        if ask.reminder_id:
            found[ask.reminder_id] = _belonging(workspace, ask, repeatable=ask.state == Ask.State.SENT)
    return found


@transaction.atomic
def send_again(*, workspace: Workspace, message: Message, by: Actor, now: datetime) -> None:
    """Let the mail of an ask, or its reminder, go out once more.

    The gate is asked; the mail of an ask can be taken back for a minute. Raises AskNotOpen, DraftStopped, LeaveAlone,
    TooLate, MailIsLeaving, InvalidInput without an address, MailMovedOn, NotRepeatable.
    """
    ask = workspace.asks.filter(Q(message_id=message.pk) | Q(reminder_id=message.pk)).first()
    if ask is None:
        raise NotRepeatable("This mail belongs to no ask any more.")
    if ask.message_id == message.pk:
        moves.send_again(ask=ask, by=by, now=now)
    else:
        _remind_again(ask, message, now)


def register() -> None:
    """Called once when the apps are ready."""
    owners.register(Message.Kind.ASK, find, send_again)


def _remind_again(ask: Ask, message: Message, now: datetime) -> None:
    ask = circumstances.lock(ask=ask, states=(Ask.State.SENT,))
    verdict = judge(workspace=ask.workspace, contact=ask.contact, purpose="asks", now=now)
    reasons = reasons_against_reminder(ask, verdict)
    if reasons:
        raise LeaveAlone.because(reasons)
    again = confirming.requeue(
        workspace=ask.workspace,
        message_id=message.pk,
        to_email=ask.contact.email,
        due_at=now + clock.UNDO,
        expires_at=now + clock.PROMISE,
    )
    if not again:
        raise MailMovedOn.of(ask.workspace.messages.get(pk=message.pk))


def _belonging(workspace: Workspace, ask: Ask, *, repeatable: bool, undo_url: str = "") -> Belonging:
    return Belonging(
        label=f"Ask to {ask.contact.name}",
        url=reverse("ask-record", args=[workspace.slug, ask.public_id]),
        mend_url=reverse("contact-edit", args=[workspace.slug, ask.contact.public_id]),
        undo_url=undo_url,
        repeatable=repeatable,
        contact_id=ask.contact_id,
        company_id=ask.contact.company_id,
    )
