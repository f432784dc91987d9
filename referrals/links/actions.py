"""Making and retiring links."""

import secrets
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.text import slugify

from accounts.customers.models import Contact
from accounts.events import actions as events
from accounts.events.actions import Fact
from accounts.tenancy.actor import Actor
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.models import Workspace
from referrals.links.models import Link
from referrals.programs.models import Program

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_RANDOM_LENGTH = 10


# One round trip and no savepoint: an intake waits for it, and most people it asks have no link yet.
_MAKE = """
INSERT INTO referrals_link (id, workspace_id, contact_id, program_id, code, nonce, version, name_hidden)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""


@transaction.atomic(savepoint=False)
def ensure(
    *, workspace: Workspace, contact: Contact, program: Program, by: Actor, now: datetime, code: str = ""
) -> Link:
    """The contact's one link in the program, made on first need, with `code` if one is wished for.

    A link that exists keeps its code. Raises InvalidInput when the code belongs to another link.
    """
    link, facts = open_or_make(workspace=workspace, contact=contact, program=program, code=code)
    events.record_all(workspace_id=workspace.pk, facts=facts, by=by, now=now)
    return link


def open_or_make(
    *, workspace: Workspace, contact: Contact, program: Program, code: str = ""
) -> tuple[Link, list[Fact]]:
    """As `ensure`, for a caller who records the facts given with more of their own. Runs inside a transaction."""
    link = Link(workspace=workspace, contact=contact, program=program, code=code or new_code(contact))
    if not _make(link):
        known = workspace.links.filter(contact=contact, program=program).first()
        if known is None:
            # Codes are one for all workspaces.
            raise InvalidInput("This address is taken. Choose another one.", field="slug", code="taken")
        return known, []
    data = {"code": link.code}
    return link, [Fact("link.created", ("link", link.pk), data, contact.pk, contact.company_id, sequence=1)]


def _make(link: Link) -> bool:
    """Insert the link; False where this contact has one in the program already, or its code is taken."""
    values: list[Any] = [
        link.pk,
        link.workspace_id,
        link.contact_id,
        link.program_id,
        link.code,
        link.nonce,
        link.version,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, [*values, link.name_hidden])
        made = bool(cursor.rowcount)
    link._state.adding, link._state.db = not made, connection.alias
    return made


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


@transaction.atomic
def hide_name(*, workspace: Workspace, contact: Contact, by: Actor, now: datetime) -> int:
    """After a low answer nobody is named on a page without being asked again; gives how many links changed."""
    return _show_name(workspace, contact, hidden=True, event="link.name_hidden", by=by, now=now)


@transaction.atomic
def confirm_name(*, workspace: Workspace, contact: Contact, by: Actor, now: datetime) -> int:
    """A person of the team has made sure that the contact may be named again; gives how many links changed."""
    return _show_name(workspace, contact, hidden=False, event="link.name_confirmed", by=by, now=now)


_SHOW_NAME = """
UPDATE referrals_link SET name_hidden = %s, version = version + 1
 WHERE workspace_id = %s AND contact_id = %s AND retired_at IS NULL AND name_hidden <> %s
RETURNING id, code
"""


def _show_name(workspace: Workspace, contact: Contact, *, hidden: bool, event: str, by: Actor, now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_SHOW_NAME, [hidden, workspace.pk, contact.pk, hidden])
        changed = cursor.fetchall()
    facts = [Fact(event, ("link", key), {"code": code}, contact.pk, contact.company_id) for key, code in changed]
    events.record_all(workspace_id=workspace.pk, facts=facts, by=by, now=now)
    return len(changed)
