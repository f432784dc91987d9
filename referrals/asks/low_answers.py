"""Somebody is unhappy: whoever looks after them is told at once, and what was planned for them stops."""

from datetime import datetime, timedelta

from django.conf import settings

from accounts.customers.models import Contact
from accounts.mail import actions as mail
from accounts.mail.actions import Envelope
from accounts.mail.models import Message
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace
from feedback.responses.models import Response
from referrals.asks.answering import cancel_for
from referrals.asks.senders import sender_for
from referrals.links import actions as links

NEWS_FOR = timedelta(days=7)


def leave_alone(*, workspace: Workspace, contact: Contact, response: Response, by: Actor, now: datetime) -> None:
    """Take back what was queued, hide the name on the landing page until a person confirms it, tell the owner.

    An answer that was low long ago and arrives today stops things as well, but is no news to hurry for.
    """
    cancel_for(workspace=workspace, contact=contact, reason="A low answer came in", by=by, now=now)
    links.hide_name(workspace=workspace, contact=contact, by=by, now=now)
    if now - response.responded_at < NEWS_FOR:
        _tell_owner(workspace, contact, response, now)


def _tell_owner(workspace: Workspace, contact: Contact, response: Response, now: datetime) -> None:
    owner = sender_for(workspace=workspace, contact=contact, now=now)
    if not owner.email:
        return
    where = f" at {contact.company.name}" if contact.company else ""
    said = f"“{response.comment}”\n\n" if response.comment else ""
    url = f"{settings.BASE_URL}/app/{workspace.slug}/customers/people/{contact.public_id}"
    mail.queue(
        workspace=workspace,
        kind=Message.Kind.NOTICE,
        key=f"response:{response.pk}:low",
        envelope=Envelope(
            to_email=owner.email,
            to_name=owner.name,
            from_email=workspace.sender_email or owner.email,
            from_name=workspace.name,
            subject=f"{contact.name} gave us a {response.score}",
            body_text=f"{contact.name}{where} gave us a {response.score}. They were told that you get in touch.\n\n"
            f"{said}Nothing that was planned for them goes out.\n\n{url}\n",
        ),
        due_at=now,
    )
