"""Mails of thank-yous in the outbox: what they belong to, and what has to hold before one goes out again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from accounts.mail import owners
from accounts.mail.errors import NotRepeatable
from accounts.mail.models import Message
from accounts.mail.owners import Belonging
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace
from referrals.thanks import actions
from referrals.thanks.models import ThankYou

_REPEATABLE = (ThankYou.State.UNCONFIRMED, ThankYou.State.FAILED)


def find(workspace: Workspace, messages: Sequence[Message], now: datetime) -> dict[UUID, Belonging]:
    """The people these mails thank. One statement; a mail that another one has replaced belongs to nobody."""
    rows = workspace.thank_yous.filter(message_id__in=[message.pk for message in messages]).select_related("contact")
    return {
        row.message_id: Belonging(
            label=f"Thank-you to {row.contact.name}",
            url=reverse("contact-record", args=[workspace.slug, row.contact.public_id]),
            mend_url=reverse("contact-edit", args=[workspace.slug, row.contact.public_id]),
            repeatable=row.state in _REPEATABLE,
            contact_id=row.contact_id,
            company_id=row.contact.company_id,
        )
        for row in rows
        if row.message_id
    }


def send_again(*, workspace: Workspace, message: Message, by: Actor, now: datetime) -> None:
    """Let a thank-you go out once more. Raises what `actions.send_again` raises, NotRepeatable."""
    thank_you = workspace.thank_yous.filter(message_id=message.pk).first()
    if thank_you is None:
        raise NotRepeatable("This thank-you was written anew since. Look at the later one.")
    actions.send_again(thank_you=thank_you, message=message, now=now)


def register() -> None:
    """Called once when the apps are ready."""
    owners.register(Message.Kind.THANKS, find, send_again)
