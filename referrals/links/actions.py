"""Making and retiring links."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from accounts.customers.models import Contact
from accounts.events import actions as events
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace
from referrals.links.models import Link
from referrals.programs.models import Program

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_RANDOM_LENGTH = 10


@transaction.atomic(savepoint=False)
def ensure(
    *, workspace: Workspace, contact: Contact, program: Program, by: Actor, now: datetime, code: str = ""
) -> Link:
    """The contact's one link in the program, made on first need, with `code` if one is wished for.

    A link that exists keeps its code. Raises InvalidInput when the code belongs to another link.
    """
    link = workspace.links.filter(contact=contact, program=program).first()
    if link is not None:
        return link
    link = Link(workspace=workspace, contact=contact, program=program, code=new_code(contact))
    # No savepoint: an intake waits for every round trip. Where somebody else made it a moment ago, theirs is read.
    Link.objects.bulk_create([link], ignore_conflicts=True)
    made = workspace.links.get(contact=contact, program=program)
    if made.pk != link.pk:
        return made
    events.record(
        workspace_id=workspace.pk,
        type="link.created",
        subject=link,
        by=by,
        now=now,
        data={"code": link.code},
        contact_id=contact.pk,
        company_id=contact.company_id,
    )
    return link


def new_code(contact: Contact) -> str:
    """A code that can be said aloud and not be guessed: "jamie-" and ten characters (49 bits)."""
    random = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM_LENGTH))
    name = slugify(contact.first_name)[:20]
    return f"{name}-{random}" if name else random


@transaction.atomic
def withdraw(*, link: Link, by: Actor, now: datetime) -> Link:
    """Take the link's page down, from the next click on. Withdrawing twice is once."""
    link = Link.objects.select_for_update(of=("self",)).select_related("contact").get(pk=link.pk)
    if link.retired_at is not None:
        return link
    link.retired_at, link.version = now, link.version + 1
    link.save(update_fields=["retired_at", "version"])
    events.record(
        workspace_id=link.workspace_id,
        type="link.withdrawn",
        subject=link,
        by=by,
        now=now,
        data={"code": link.code},
        contact_id=link.contact_id,
        company_id=link.contact.company_id,
    )
    return link
