"""The capture address: in Bcc of a mail that somebody writes in their own mailbox, it tells us that the mail has left.

`<token>@INBOUND_DOMAIN`: the token is a workspace's id and our signature under it in base32, because addresses do not
tell capitals from small letters. A copy is read, believed where a member wrote it, and not kept.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.mail.models import CopiedMail
from accounts.mail.signals import mail_copied
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope

_SIGNATURE_BYTES = 9
_TOKEN_CHARACTERS = 40
_UNKNOWN = "It was not written by somebody of the team, but by somebody at {domain}."
_NOTHING_FITS = "No draft that waits is meant by it: neither its links nor its recipients are known."

Outcome = CopiedMail.Outcome


@dataclass(frozen=True, slots=True)
class Copy:
    """A mail as it came in. `sent_at` is what its Date says; addresses are in small letters."""

    message_id: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    sent_at: datetime | None


def address_of(workspace: Workspace) -> str:
    """The workspace's capture address; "" where mail can't come in, or nothing may leave to be copied."""
    if not settings.INBOUND_DOMAIN or workspace.is_demo:
        return ""
    token = base64.b32encode(workspace.pk.bytes + _sign(workspace.pk, settings.SECRET_KEY)).decode().lower()
    return f"{token}@{settings.INBOUND_DOMAIN}"


def workspace_of(addresses: Iterable[str]) -> UUID | None:
    """Whose capture address is among these; None where there is none that we signed."""
    for address in addresses:
        token, _at, domain = address.partition("@")
        if domain == settings.INBOUND_DOMAIN and len(token) == _TOKEN_CHARACTERS:
            found = _read(token)
            if found is not None:
                return found
    return None


def take_in(*, copy: Copy, workspace: Workspace | None, now: datetime) -> CopiedMail | None:
    """Draw the consequence of one copy, once; None where it is for no workspace.

    `workspace`: whose provider it came by, None for the installation's own, which serves all.
    """
    workspace_id = workspace_of(copy.recipients)
    if workspace_id is None or (workspace is not None and workspace.pk != workspace_id):
        return None
    with workspace_scope(workspace_id):
        home = Workspace.objects.filter(pk=workspace_id, state=Workspace.State.ACTIVE, is_demo=False).first()
        return _note(home, copy, now) if home else None


@transaction.atomic
def _note(workspace: Workspace, copy: Copy, now: datetime) -> CopiedMail:
    """The row first: two deliveries of one mail at once meet at its key, and the second waits for the first."""
    domain = copy.sender.rpartition("@")[2][:255]
    row, is_new = workspace.copied_mails.get_or_create(
        key=hashlib.sha256(copy.message_id.encode()).hexdigest(),
        defaults={"from_domain": domain, "outcome": Outcome.IGNORED, "received_at": now},
    )
    if not is_new:
        return row
    member = workspace.members.filter(email__iexact=copy.sender, is_active=True).first()
    if member is None:
        row.reason = _UNKNOWN.format(domain=domain or "an unknown address")[:240]
    else:
        # Not robust: whoever fails here takes the row back too, and the provider delivers once more.
        answers = mail_copied.send(sender=CopiedMail, workspace=workspace, copy=copy, member=member, now=now)
        settled = [words for _receiver, words in answers if words]
        row.outcome = Outcome.SETTLED if settled else Outcome.IGNORED
        row.reason = (settled[0] if settled else _NOTHING_FITS)[:240]
    row.save(update_fields=["outcome", "reason"])
    return row


def _read(token: str) -> UUID | None:
    try:
        raw = base64.b32decode(token.upper())
    except (binascii.Error, ValueError):
        return None
    workspace_id = UUID(bytes=raw[:16])
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    good = any(hmac.compare_digest(raw[16:], _sign(workspace_id, key)) for key in keys)
    return workspace_id if good else None


def _sign(workspace_id: UUID, key: str) -> bytes:
    return hmac.new(b"goodword.capture|" + key.encode(), workspace_id.bytes, hashlib.sha256).digest()[:_SIGNATURE_BYTES]
