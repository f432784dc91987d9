"""A person decides about a mail that nobody heard the end of, or that came back. One way for every kind of mail."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.events import actions as events
from accounts.mail import owners, recording
from accounts.mail.actions import email_hash
from accounts.mail.errors import MailMovedOn, NotRepeatable
from accounts.mail.models import Message
from accounts.mail.signals import Settled
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace

_STATES = Message.State
REPEATABLE = (_STATES.UNCONFIRMED, _STATES.FAILED)
_ON_ITS_WAY = (_STATES.QUEUED, _STATES.SENDING)
_NEWS_FOR = timedelta(days=1)


@transaction.atomic
def confirm_arrival(*, workspace: Workspace, message: Message, by: Actor, now: datetime) -> Message:
    """A person found out that an unconfirmed mail arrived: it counts as sent when it was handed over.

    Said twice, or after the mail server's own answer, it changes nothing. Raises MailMovedOn where it did not arrive.
    """
    message = workspace.messages.select_for_update().get(pk=message.pk)
    if message.state == _STATES.SENT:
        return message
    if message.state != _STATES.UNCONFIRMED:
        raise MailMovedOn.of(message)
    message.state, message.error, message.sent_at = _STATES.SENT, "", message.handed_at or now
    message.save(update_fields=["state", "error", "sent_at"])
    _record("message.confirmed", workspace, message, by, now)
    recording.announce(workspace, [_as_settled(message, message.sent_at)])
    return message


@transaction.atomic
def send_again(*, workspace: Workspace, message: Message, by: Actor, now: datetime) -> Message:
    """A person decided that a mail goes out once more; whoever it belongs to judges whether it may.

    Asked twice it goes once. Raises MailMovedOn (the mail server has answered meanwhile), NotRepeatable, and what its
    owner refuses.
    """
    message = workspace.messages.get(pk=message.pk)
    if message.state in _ON_ITS_WAY:
        return message
    if message.state not in REPEATABLE:
        raise MailMovedOn.of(message)
    (owners.repeater_of(message.kind) or _repeat_notice)(workspace=workspace, message=message, by=by, now=now)
    message.refresh_from_db()
    _record("message.sent_again", workspace, message, by, now)
    return message


def requeue(
    *, workspace: Workspace, message_id: UUID, to_email: str, due_at: datetime, expires_at: datetime | None
) -> bool:
    """Put a mail that failed or is unconfirmed back into the outbox; False where its answer came meanwhile."""
    waiting = workspace.messages.filter(pk=message_id, state__in=REPEATABLE)
    return bool(
        waiting.update(
            state=_STATES.QUEUED,
            error="",
            to_email=to_email,
            email_hash=email_hash(to_email),
            due_at=due_at,
            expires_at=expires_at,
            approved_until=None,
        )
    )


def _repeat_notice(*, workspace: Workspace, message: Message, by: Actor, now: datetime) -> None:
    """Mail to the team needs nobody's judgement."""
    if message.kind != Message.Kind.NOTICE:
        raise NotRepeatable("This mail can't be repeated here. Write it again where it came from.")
    again = requeue(
        workspace=workspace,
        message_id=message.pk,
        to_email=message.to_email,
        due_at=now,
        expires_at=now + _NEWS_FOR,
    )
    if not again:
        raise MailMovedOn.of(workspace.messages.get(pk=message.pk))


def _record(type_: str, workspace: Workspace, message: Message, by: Actor, now: datetime) -> None:
    belonging = owners.belongings(workspace=workspace, messages=[message], now=now).get(message.pk)
    events.record(
        workspace_id=workspace.pk,
        type=type_,
        subject=message,
        by=by,
        now=now,
        data={"id": message.public_id, "kind": message.kind, "subject": message.subject},
        contact_id=belonging.contact_id if belonging else None,
        company_id=belonging.company_id if belonging else None,
    )


def _as_settled(message: Message, at: datetime) -> Settled:
    return Settled(message.pk, message.key, message.kind, str(message.state), at, "", message.rfc_message_id)
