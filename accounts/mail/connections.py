"""Which way a workspace's mail leaves by."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse

from accounts.mail import signals
from accounts.mail.models import MailConnection
from accounts.tenancy import secrets, tokens
from accounts.tenancy.clock import database_now
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope

_HOOK = "mail-hook"


def url_of(workspace: Workspace) -> str:
    """The address of the workspace's own connection; "" where its mail leaves by ours. Opens a scope."""
    if not workspace.own_mail:
        return ""
    with workspace_scope(workspace.pk):
        connection = workspace.mail_connections.exclude(kind=MailConnection.Kind.OURS).first()
    return secrets.decrypt(connection.sealed_url) if connection else ""


def trouble_of(workspace: Workspace) -> str:
    """The words of the workspace's own server that takes no mail now; "" where all is well. Inside the scope."""
    if not workspace.own_mail:
        return ""
    broken = workspace.mail_connections.filter(state=MailConnection.State.BROKEN)
    return broken.values_list("words", flat=True).first() or ""


def note(workspace: Workspace, trouble: str) -> None:
    """What the last batch found: `trouble` in the server's words, "" where it takes mail. Opens a scope."""
    state = MailConnection.State.BROKEN if trouble else MailConnection.State.WORKING
    with workspace_scope(workspace.pk):
        own = workspace.mail_connections.exclude(kind=MailConnection.Kind.OURS)
        broken = list(own.exclude(state=state)) if trouble else []
        own.exclude(state=state, words=trouble[:500]).update(state=state, words=trouble[:500])
        for connection in broken:
            signals.connection_broke.send_robust(
                sender=MailConnection, workspace=workspace, connection=connection, words=trouble, now=database_now()
            )


def hook_url(connection: MailConnection) -> str:
    """Where the provider of this connection reports bounces, in full."""
    nonce = connection.hook_nonce
    token = tokens.make(_HOOK, workspace_id=connection.workspace_id, object_id=connection.pk, nonce=nonce)
    return settings.BASE_URL + reverse("mail-hook", args=[token])


def of_hook(text: str) -> tuple[Workspace, str] | None:
    """The workspace and the address of its connection behind a hook's token; None where it is not one any more."""
    try:
        token = tokens.read(_HOOK, text)
    except tokens.BadToken:
        return None
    workspace = Workspace.objects.filter(pk=token.workspace_id).first()
    if workspace is None:
        return None
    with workspace_scope(workspace.pk):
        connection = _provider_connection(workspace, token.object_id)
    if connection is None or not token.fits(connection.hook_nonce):
        return None
    return workspace, secrets.decrypt(connection.sealed_url)


def _provider_connection(workspace: Workspace, pk: UUID) -> MailConnection | None:
    rows = workspace.mail_connections.filter(kind=MailConnection.Kind.PROVIDER, pk=pk)
    return rows.first()
