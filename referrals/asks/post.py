"""The mail of an ask: put into the outbox, moved, taken back. The draft and the human last line make its text."""

import re
from datetime import datetime, timedelta
from typing import Any

from accounts.customers.models import Contact
from accounts.mail import actions as mail
from accounts.mail.actions import Envelope
from accounts.mail.approvals import approved_until
from accounts.mail.models import Message, Suppression
from accounts.mail.preferences import preferences_url
from accounts.tenancy.models import Workspace
from referrals.asks import clock
from referrals.asks.circumstances import whereabouts
from referrals.asks.drafts import Problem
from referrals.asks.models import Ask
from referrals.asks.tokens import TOKENS

# An untouched mail that could not be handed over in daylight is not sent in the dark: it goes back to the desk.
_TWILIGHT = timedelta(hours=1)
# Only an ask whose own end is unknown or a failure may have its mail sent a second time.
_REPEATED = {
    Ask.State.UNCONFIRMED: [Message.State.UNCONFIRMED],
    Ask.State.FAILED: [Message.State.FAILED],
}
_GAP = re.compile(r"\[([a-z_]+(?:\.[a-z_]+)?)\]")
_NO_SENDER = Problem("no_sender", "Nobody is named as sender. Give this company an owner, or the workspace a sender.")


def problems_of(*, subject: str, body: str, sender_email: str) -> list[Problem]:
    """What is wrong with a finished text: gaps left by a draft, no sender, nothing to read."""
    gaps = [token for token in dict.fromkeys(_GAP.findall(f"{subject}\n{body}")) if token in TOKENS]
    problems = [Problem("missing_fact", TOKENS[token], token) for token in gaps]
    if not subject.strip():
        problems.append(Problem("no_subject", "The mail has no subject."))
    if not body.strip():
        problems.append(Problem("no_body", "The mail says nothing."))
    if not sender_email:
        problems.append(_NO_SENDER)
    return problems


def as_rows(problems: list[Problem]) -> list[dict[str, Any]]:
    """Problems as they are stored and answered."""
    return [{"code": problem.code, "detail": problem.detail, "token": problem.token} for problem in problems]


def envelope(*, workspace: Workspace, ask: Ask, contact: Contact, subject: str, body: str, **more: str) -> Envelope:
    """From the sender to the contact, with the last line that carries opt-out and postal address."""
    person: dict[str, Any] = {"workspace_id": workspace.pk, "object_id": contact.pk, "nonce": contact.preferences_nonce}
    leave = preferences_url(kind="contact", **person)
    return Envelope(
        to_email=contact.email,
        to_name=f"{contact.first_name} {contact.last_name}".strip(),
        from_email=ask.sender_email,
        from_name=ask.sender_name,
        subject=subject,
        body_text=f"{body}\n\n{last_line(workspace, leave)}\n",
        reply_to=ask.sender_email,
        # One click ends the asks; the page in the text offers the choice.
        unsubscribe_url=preferences_url(kind="contact", purpose=Suppression.Purpose.ASKS.value, **person),
        **more,
    )


def last_line(workspace: Workspace, leave_url: str) -> str:
    """One line a person could have written, with what the law wants in it."""
    name, address = workspace.name, workspace.postal_address
    imprint = address if name.casefold() in address.casefold() else f"{name}, {address}".rstrip(", ")
    return f"Rather not get these? Tell me, or click here: {leave_url}\n{imprint}"


def put(
    *,
    workspace: Workspace,
    ask: Ask,
    contact: Contact,
    due_at: datetime,
    expires_at: datetime,
    judged_at: datetime,
) -> Message:
    """Store the ask's mail, once per ask; `ask.message` is set and left to the caller to save.

    `judged_at`: when the gate last said yes; the mail leaves only while that is fresh (`recheck_due` renews it).
    """
    ask.message = mail.queue(
        workspace=workspace,
        kind=Message.Kind.ASK,
        key=f"ask:{ask.pk}",
        envelope=envelope(workspace=workspace, ask=ask, contact=contact, subject=ask.subject, body=ask.body),
        due_at=due_at,
        expires_at=expires_at,
        approved_until=approved_until(due_at=due_at, judged_at=judged_at),
    )
    return ask.message


def renew(*, ask: Ask, contact: Contact, due_at: datetime, expires_at: datetime, judged_at: datetime) -> bool:
    """Put the ask's mail into the outbox with its present text and time, also one taken back before.

    `judged_at` as in `put`. False where the mail is leaving or has left: then nothing was changed.
    """
    workspace = ask.workspace
    if ask.message_id is None:
        put(workspace=workspace, ask=ask, contact=contact, due_at=due_at, expires_at=expires_at, judged_at=judged_at)
        return True
    words = envelope(workspace=workspace, ask=ask, contact=contact, subject=ask.subject, body=ask.body)
    states = [Message.State.QUEUED, Message.State.CANCELLED, *_REPEATED.get(Ask.State(ask.state), [])]
    # One that waits to be tried again under its key may have left already.
    waiting = workspace.messages.filter(pk=ask.message_id, state__in=states, keyed_until=None)
    changed = waiting.update(
        state=Message.State.QUEUED,
        error="",
        to_email=words.to_email,
        to_name=words.to_name,
        email_hash=mail.email_hash(words.to_email),
        from_email=words.from_email,
        from_name=words.from_name,
        reply_to=words.reply_to,
        subject=words.subject,
        body_text=words.body_text,
        due_at=due_at,
        expires_at=expires_at,
        approved_until=approved_until(due_at=due_at, judged_at=judged_at),
    )
    return bool(changed)


def take_back(ask: Ask) -> bool:
    """Take the ask's mail out of the outbox; False where it is leaving or has left, heard of or not."""
    if ask.message_id is None or mail.cancel(workspace=ask.workspace, message_id=ask.message_id):
        return True
    return ask.workspace.messages.filter(pk=ask.message_id, state=Message.State.CANCELLED).exists()


def untouched_until(*, workspace: Workspace, contact: Contact, ask: Ask, due_at: datetime) -> datetime:
    """Until when an untouched mail due at `due_at` may still be handed over: by daylight, before the deadline."""
    zone, calendar = whereabouts(workspace=workspace, contact=contact)
    local = due_at.astimezone(zone)
    dusk = max(calendar.preferred.end, calendar.fallback.end)
    nightfall = datetime.combine(local.date(), dusk, zone) + _TWILIGHT
    if local >= nightfall:  # a person chose this minute
        nightfall = local + clock.PROMISE
    return nightfall if ask.late_by_choice else min(ask.deadline_at, nightfall)
