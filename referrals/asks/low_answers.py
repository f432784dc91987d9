"""Somebody is unhappy: whoever looks after them is told at once, and what was planned for them stops."""

from datetime import datetime, timedelta

from django.urls import reverse

from accounts.customers.models import Contact
from accounts.members.permissions import Permission, can
from accounts.notices import actions as notices
from accounts.notices import recipients
from accounts.notices.actions import News
from accounts.notices.models import Kind
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
    owner = sender_for(workspace=workspace, contact=contact, now=now).member
    owner = owner or recipients.by_address(workspace, workspace.sender_email)
    readers = [owner] if owner else recipients.leaders(workspace)
    for reader in readers:
        # Who may not read scores is not told by a detour.
        news = _news(workspace, contact, response, sees=can(reader, Permission.SCORES_READ))
        notices.tell(workspace=workspace, members=[reader], news=news, now=now)


def _news(workspace: Workspace, contact: Contact, response: Response, *, sees: bool) -> News:
    where = f" at {contact.company.name}" if contact.company else ""
    said = f"“{response.comment}”\n\n" if response.comment and sees else ""
    score = f"gave us a {response.score}" if sees else "is not happy with us"
    return News(
        kind=Kind.LOW_ANSWER,
        key=f"response:{response.pk}:low",
        title=f"{contact.name} {score}",
        text=f"{contact.name}{where} {score}. They were told that you get in touch.\n\n"
        f"{said}Nothing that was planned for them goes out.",
        path=reverse("contact-record", args=[workspace.slug, contact.public_id]),
    )
