"""The mail of a thank-you: sent as a person, like an ask."""

from datetime import datetime

from accounts.mail import actions as mail
from accounts.mail.models import Message
from accounts.mail.preferences import preferences_url
from referrals.asks import clock
from referrals.asks.post import last_line
from referrals.asks.senders import Sender
from referrals.thanks.models import ThankYou


def put(*, thank_you: ThankYou, sender: Sender, now: datetime) -> Message:
    """Queue its mail, handed over after the minute in which a person may still change their mind."""
    workspace, contact = thank_you.workspace, thank_you.contact
    leave = preferences_url(
        kind="contact", workspace_id=workspace.pk, object_id=contact.pk, nonce=contact.preferences_nonce
    )
    envelope = mail.Envelope(
        to_email=contact.email,
        to_name=f"{contact.first_name} {contact.last_name}".strip(),
        from_email=sender.email,
        from_name=sender.name,
        subject=thank_you.subject,
        body_text=f"{thank_you.body}\n\n{last_line(workspace, leave)}\n",
        reply_to=sender.email,
        unsubscribe_url=leave,
    )
    # After a failure it is another mail, so it needs another key.
    again = f":after:{thank_you.message_id}" if thank_you.message_id else ""
    due_at = now + clock.UNDO
    return mail.queue(
        workspace=workspace,
        kind=Message.Kind.THANKS,
        key=f"thanks:{thank_you.pk}{again}",
        envelope=envelope,
        due_at=due_at,
        expires_at=due_at + clock.PROMISE,
    )
