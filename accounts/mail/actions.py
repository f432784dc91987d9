"""Putting mail on its way. Everything here is a row; the dispatcher hands it over after the commit."""

import hashlib
import hmac
import logging
from dataclasses import dataclass
from datetime import datetime
from email.utils import make_msgid, parseaddr
from functools import partial
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from kombu.exceptions import OperationalError as BrokerError

from accounts.mail import recording
from accounts.mail.models import AccountMessage, Message, Suppression
from accounts.tenancy.models import Workspace

logger = logging.getLogger(__name__)

_KIND_OF = {
    Suppression.Purpose.ASKS.value: Message.Kind.ASK,
    Suppression.Purpose.SURVEYS.value: Message.Kind.SURVEY,
    Suppression.Purpose.CAMPAIGNS.value: Message.Kind.CAMPAIGN,
}


def normalize_email(email: str) -> str:
    """The form in which addresses are compared: trimmed, lower case."""
    return email.strip().lower()


def email_hash(email: str) -> bytes:
    """A hash of the address, keyed with SUPPRESSION_KEY: opt-outs survive erasure without keeping the address."""
    return hmac.new(
        b"goodword.suppression|" + settings.SUPPRESSION_KEY.encode(), normalize_email(email).encode(), hashlib.sha256
    ).digest()


@dataclass(frozen=True, slots=True)
class Envelope:
    """From whom, to whom, in which words."""

    to_email: str
    to_name: str
    from_email: str
    from_name: str
    subject: str
    body_text: str
    body_html: str = ""
    reply_to: str = ""
    in_reply_to: str = ""
    unsubscribe_url: str = ""


def queue(
    *,
    workspace: Workspace,
    kind: str,
    key: str,
    envelope: Envelope,
    due_at: datetime,
    expires_at: datetime | None = None,
    approved_until: datetime | None = None,
) -> Message:
    """Store one mail to be handed over from `due_at` on, once per `key`; the existing one is returned on a repeat.

    With `approved_until` it does not leave after that instant until `approve` is called: its cause is judged again.
    """
    message = Message(
        workspace=workspace,
        key=key,
        kind=kind,
        email_hash=email_hash(envelope.to_email),
        rfc_message_id=make_msgid(domain=_mail_domain(envelope.from_email)),
        due_at=due_at,
        expires_at=expires_at,
        approved_until=approved_until,
        **{name: getattr(envelope, name) for name in Envelope.__slots__},
    )
    is_due = _insert_once(message)
    if is_due is None:
        return workspace.messages.get(key=key)
    # Other mail is not worth a call to the broker in the request that caused it: the tick comes every two seconds.
    if is_due and kind == Message.Kind.ASK:
        transaction.on_commit(partial(_wake_up, workspace.pk))
    return message


def _insert_once(message: Message) -> bool | None:
    """One statement, for the intake's hot path: whether the new row is due now, None where the key exists."""
    fields = [field for field in Message._meta.concrete_fields if field.name != "created_at"]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO accounts_message ({columns}) VALUES ({marks}) "  # noqa: S608 -- names of our own columns
            "ON CONFLICT (workspace_id, key) DO NOTHING RETURNING created_at, due_at <= statement_timestamp()",
            [field.get_db_prep_save(getattr(message, field.attname), connection) for field in fields],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    message.created_at, is_due = row
    message._state.adding, message._state.db = False, connection.alias
    return is_due


def _wake_up(workspace_id: UUID) -> None:
    """Say that mail is due. Without a broker the mail only waits for the next tick."""
    from accounts.mail import tasks  # noqa: PLC0415 -- tasks and actions call each other

    try:
        tasks.send_asks.apply_async(kwargs={"workspace_id": str(workspace_id)}, retry=False)
    except (BrokerError, OSError):
        logger.exception("No wake-up for the mail of workspace %s; the next tick finds it.", workspace_id)


def cancel(*, workspace: Workspace, message_id: UUID | None) -> bool:
    """Take a mail back, up to the moment a worker claims it. False where it has left, or was never there."""
    if message_id is None:
        return False
    # One that waits to be tried again under its key may have left already.
    waiting = workspace.messages.filter(pk=message_id, state=Message.State.QUEUED, keyed_until=None)
    # Without the words of a try that failed: to whoever hears of it, an error says that it was not us who took it back.
    return bool(waiting.update(state=Message.State.CANCELLED, error=""))


@transaction.atomic
def suppress(*, workspace: Workspace, email: str, purpose: str, reason: str) -> Suppression:
    """Never again send this kind of mail to this address; what was queued for it is taken back at once."""
    hashed = email_hash(email)
    row, _created = Suppression.objects.get_or_create(
        workspace=workspace, email_hash=hashed, purpose=purpose, defaults={"reason": reason}
    )
    _take_back_queued(workspace, hashed, purpose, "bounced" if reason == "bounced" else "suppressed")
    return row


def _take_back_queued(workspace: Workspace, hashed: bytes, purpose: str, words: str) -> None:
    queued = workspace.messages.filter(email_hash=hashed, state=Message.State.QUEUED, keyed_until=None)
    if purpose in _KIND_OF:
        queued = queued.filter(kind=_KIND_OF[purpose])
    # A colleague may be somebody's customer too. What a worker claims at this moment, it looks at once more.
    rows = queued.exclude(kind=Message.Kind.NOTICE).annotate(instant=Now()).select_for_update(skip_locked=True)
    recording.settle(workspace, list(rows), state=Message.State.CANCELLED, error=words)


def unsuppress(*, workspace: Workspace, email: str, purpose: str) -> int:
    """The person wants this kind of mail again; gives how many blocks were lifted."""
    return workspace.suppressions.filter(email_hash=email_hash(email), purpose=purpose).delete()[0]


def queue_account_mail(*, to_email: str, subject: str, body_text: str, body_html: str, now: datetime) -> AccountMessage:
    """Store a mail about signing in."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return AccountMessage.objects.create(
        to_email=to_email,
        from_email=address,
        from_name=name,
        subject=" ".join(subject.split()),
        body_text=body_text,
        body_html=body_html,
        rfc_message_id=make_msgid(domain=_mail_domain(address)),
        due_at=now,
    )


def _mail_domain(from_email: str) -> str:
    return from_email.rpartition("@")[2] or urlsplit(settings.BASE_URL).hostname or "localhost"
