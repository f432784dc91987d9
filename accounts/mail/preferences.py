"""What a person outside wants to get from us. Upper rooms say who the people are; this room knows addresses only."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.events import actions as events
from accounts.mail import actions
from accounts.mail.models import Message, Suppression
from accounts.tenancy import tokens
from accounts.tenancy.actor import Actor, ActorKind
from accounts.tenancy.models import TenantModel, Workspace

_ALL = Suppression.Purpose.ALL.value


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody with an address and a link to their preferences.

    `subject` is the row the link belongs to, `nonce` its current one. `purposes` are the kinds of mail they may choose
    between. With `contact_id` an opt-out is recorded as the event contact.unsubscribed.
    """

    subject: TenantModel
    email: str
    nonce: int | str
    purposes: tuple[str, ...] = ()
    contact_id: UUID | None = None
    company_id: UUID | None = None


# (workspace, object id) -> the recipient, or None if there is no such person, or no address any more.
Resolver = Callable[[Workspace, UUID], Recipient | None]

_resolvers: dict[str, Resolver] = {}


def register(kind: str, resolver: Resolver) -> None:
    """Let the people of one kind ("contact", "referee") have preference links. Called in `ready()`."""
    _resolvers[kind] = resolver


def preferences_url(*, kind: str, workspace_id: UUID, object_id: UUID, nonce: int | str, purpose: str = _ALL) -> str:
    """The full address of a person's preferences page.

    As a mail's `unsubscribe_url` it names in `purpose` what one click ends: asks, surveys, campaigns or all.
    """
    token = tokens.make(_signed_for(kind), workspace_id=workspace_id, object_id=object_id, nonce=nonce)
    path = reverse("preferences", args=[token])
    return f"{settings.BASE_URL}{path}" + ("" if purpose == _ALL else f"?for={purpose}")


def workspace_of(text: str) -> Workspace:
    """The workspace a token speaks of, unproven. Raises BadToken."""
    workspace = Workspace.objects.filter(pk=tokens.read("", text).workspace_id).first()
    if workspace is None:
        raise tokens.BadToken(text)
    return workspace


def find(workspace: Workspace, text: str) -> Recipient:
    """The person a token was made for, inside the workspace's scope. Raises BadToken."""
    for kind, resolver in _resolvers.items():
        token = tokens.read(_signed_for(kind), text)
        recipient = resolver(workspace, token.object_id) if token.workspace_id == workspace.pk else None
        if recipient and token.fits(recipient.nonce):
            return recipient
    raise tokens.BadToken(text)


def recipient_of(workspace: Workspace, message: Message) -> Recipient | None:
    """Who got a mail, by the link that stands in it; None where that is nobody any more, or has another address now."""
    try:
        recipient = find(workspace, urlsplit(message.unsubscribe_url).path.rpartition("/")[2])
    except tokens.BadToken:
        return None
    same = actions.normalize_email(recipient.email) == actions.normalize_email(message.to_email)
    return recipient if same else None


def refused_purposes(workspace: Workspace, recipient: Recipient) -> set[str]:
    """The purposes this address gets no mail for; everything includes each."""
    hashed = actions.email_hash(recipient.email)
    refused = set(workspace.suppressions.filter(email_hash=hashed).values_list("purpose", flat=True))
    return refused | set(recipient.purposes) if _ALL in refused else refused


@transaction.atomic
def unsubscribe(
    *, workspace: Workspace, recipient: Recipient, purpose: str, now: datetime, reason: str = "unsubscribed"
) -> None:
    """End one kind of mail, or all of it; recorded once however often it is said. What is queued is taken back."""
    _lock(recipient)
    if purpose not in (*recipient.purposes, _ALL):
        purpose = _ALL
    if {purpose, _ALL} & refused_purposes(workspace, recipient):
        return
    actions.suppress(workspace=workspace, email=recipient.email, purpose=purpose, reason=reason)
    if recipient.contact_id:
        events.record(
            workspace_id=workspace.pk,
            type="contact.unsubscribed",
            subject=recipient.subject,
            by=Actor(ActorKind.CONTACT, recipient.contact_id),
            now=now,
            data={"purpose": purpose},
            contact_id=recipient.contact_id,
            company_id=recipient.company_id,
        )


@transaction.atomic
def choose(*, workspace: Workspace, recipient: Recipient, wanted: Collection[str], now: datetime) -> None:
    """Take the person's word for each kind of mail; wanting any of them lifts "nothing at all"."""
    _lock(recipient)
    unwanted = [purpose for purpose in recipient.purposes if purpose not in wanted]
    lifted = [purpose for purpose in recipient.purposes if purpose in wanted]
    for purpose in [*lifted, _ALL] if lifted else []:
        actions.unsuppress(workspace=workspace, email=recipient.email, purpose=purpose)
    for purpose in unwanted:
        unsubscribe(workspace=workspace, recipient=recipient, purpose=purpose, now=now)


@transaction.atomic
def welcome_back(*, workspace: Workspace, recipient: Recipient) -> None:
    """Lift "nothing at all"; what was refused apart from it stays refused."""
    _lock(recipient)
    actions.unsuppress(workspace=workspace, email=recipient.email, purpose=_ALL)


def _lock(recipient: Recipient) -> None:
    """Two clicks of one person, and other facts about them, follow one another."""
    type(recipient.subject)._base_manager.select_for_update().get(pk=recipient.subject.pk)


def _signed_for(kind: str) -> str:
    return f"preferences:{kind}"
