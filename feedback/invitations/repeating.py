"""Mails of surveys in the outbox: whom they invite, and what has to hold before one goes out again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from accounts.customers import gate
from accounts.mail import confirming, owners
from accounts.mail.errors import MailMovedOn, NotRepeatable
from accounts.mail.models import Message
from accounts.mail.owners import Belonging
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace
from feedback.invitations.actions import NotInvited

UNDO = timedelta(seconds=60)


def find(workspace: Workspace, messages: Sequence[Message], now: datetime) -> dict[UUID, Belonging]:
    """The people these mails invite. One statement."""
    rows = workspace.invitations.filter(message_id__in=[message.pk for message in messages])
    return {
        row.message_id: Belonging(
            label=f"Survey for {row.contact.name}",
            url=reverse("contact-record", args=[workspace.slug, row.contact.public_id]),
            mend_url=reverse("contact-edit", args=[workspace.slug, row.contact.public_id]),
            repeatable=row.answered_at is None and row.expires_at > now,
            contact_id=row.contact_id,
            company_id=row.contact.company_id,
        )
        for row in rows.select_related("contact")
        if row.message_id
    }


@transaction.atomic
def send_again(*, workspace: Workspace, message: Message, by: Actor, now: datetime) -> None:
    """Let the mail with a survey link go out once more. Raises NotRepeatable, NotInvited with the reasons of the gate,
    MailMovedOn."""
    row = workspace.invitations.select_related("contact").filter(message_id=message.pk).first()
    if row is None or row.answered_at is not None or row.expires_at <= now:
        raise NotRepeatable("This survey was answered, or its link has run out.")
    verdict = gate.judge(workspace=workspace, contact=row.contact, purpose="surveys", now=now)
    if not verdict.ok or not row.contact.email:
        detail = verdict.reasons[0].detail if verdict.reasons else f"{row.contact.name} has no e-mail address."
        raise NotInvited(detail, reasons=verdict.as_json()["reasons"])
    again = confirming.requeue(
        workspace=workspace,
        message_id=message.pk,
        to_email=row.contact.email,
        due_at=now + UNDO,
        expires_at=row.expires_at,
    )
    if not again:
        raise MailMovedOn.of(workspace.messages.get(pk=message.pk))


def register() -> None:
    """Called once when the apps are ready."""
    owners.register(Message.Kind.SURVEY, find, send_again)
