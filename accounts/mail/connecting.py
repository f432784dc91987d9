"""A workspace decides where its mail leaves from."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction
from uuid_utils.compat import uuid7

from accounts.events import actions as events
from accounts.mail import actions
from accounts.mail.actions import Envelope
from accounts.mail.models import MailConnection, Message
from accounts.tenancy import secrets
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace

_TEST_LASTS = timedelta(minutes=10)
_TEST_WORDS = """Hello {name},

this is the test you asked for: mail of {workspace} reaches you by {way}.

If you read this in your spam folder, look at the records in Settings, Mail.
"""


@transaction.atomic
def connect(
    *, workspace: Workspace, kind: str, url: str, shown: str, from_domains: Sequence[str], by: Actor, now: datetime
) -> MailConnection:
    """Mail of the workspace leaves by this address from now on; its secrets are sealed and not shown again."""
    connection = _locked(workspace)
    connection.kind, connection.sealed_url, connection.shown = kind, secrets.encrypt(url), shown
    connection.from_domains = list(from_domains)
    _start_anew(connection)
    _record(workspace, connection, "mail.connected", by, now)
    return connection


@transaction.atomic
def use_ours(*, workspace: Workspace, by: Actor, now: datetime) -> MailConnection:
    """Mail leaves by the installation's server again; the secrets are forgotten."""
    connection = _locked(workspace)
    if connection.kind != MailConnection.Kind.OURS:
        connection.kind, connection.sealed_url, connection.shown = MailConnection.Kind.OURS, b"", ""
        connection.from_domains = []
        _start_anew(connection)
        _record(workspace, connection, "mail.disconnected", by, now)
    return connection


@transaction.atomic
def test(*, workspace: Workspace, to_email: str, to_name: str, now: datetime) -> Message:
    """Put a mail to whoever asks on its way, like any other; what became of it stands in its row."""
    connection = _locked(workspace)
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    envelope = Envelope(
        to_email=to_email,
        to_name=to_name,
        from_email=workspace.sender_email or address,
        from_name=workspace.sender_name or name,
        subject=f"A test from {workspace.name}",
        body_text=_TEST_WORDS.format(name=to_name, workspace=workspace.name, way=connection.shown or "our mail server"),
    )
    message = actions.queue(
        workspace=workspace,
        kind=Message.Kind.NOTICE,
        key=f"mail-test:{uuid7()}",
        envelope=envelope,
        due_at=now,
        expires_at=now + _TEST_LASTS,
    )
    connection.test_message, connection.tested_at = message, now
    connection.save(update_fields=["test_message", "tested_at"])
    return message


def _locked(workspace: Workspace) -> MailConnection:
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    return workspace.mail_connections.get_or_create(workspace=workspace)[0]


def _start_anew(connection: MailConnection) -> None:
    connection.state, connection.words = MailConnection.State.UNTESTED, ""
    connection.test_message = connection.tested_at = None
    connection.hook_nonce += 1
    connection.save()


def _record(workspace: Workspace, connection: MailConnection, kind: str, by: Actor, now: datetime) -> None:
    workspace.own_mail = connection.kind != MailConnection.Kind.OURS
    workspace.save(update_fields=["own_mail"])
    data = {"kind": connection.kind, "shown": connection.shown}
    events.record(workspace_id=workspace.pk, type=kind, subject=connection, by=by, now=now, data=data)
