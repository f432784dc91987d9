"""Making and revoking keys, and clearing old answers."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.api.idempotency import KEPT_FOR
from accounts.api.models import ApiKey
from accounts.events import actions as events
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace


@transaction.atomic
def create_key(
    *,
    workspace: Workspace,
    name: str,
    scopes: Sequence[str],
    by: Actor,
    now: datetime,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a key; gives it and its secret, which is shown once and never stored."""
    secret = ApiKey.new_secret()
    key = ApiKey.objects.create(
        workspace=workspace,
        name=name,
        shown_start=secret[:8],
        key_hash=ApiKey.hash_of(secret),
        scopes=list(scopes),
        expires_at=expires_at,
        created_by_id=by.id,
    )
    events.record(workspace_id=workspace.pk, type="api_key.created", subject=key, by=by, now=now, data={"name": name})
    return key, secret


@transaction.atomic
def revoke_key(*, workspace: Workspace, key: ApiKey, by: Actor, now: datetime) -> ApiKey:
    """End a key: its next request is refused."""
    key = workspace.api_keys.select_for_update().get(pk=key.pk)
    if key.revoked_at is None:
        key.revoked_at = now
        key.save(update_fields=["revoked_at"])
        events.record(workspace_id=workspace.pk, type="api_key.revoked", subject=key, by=by, now=now)
    return key


def forget_old_answers(*, workspace: Workspace, now: datetime) -> int:
    """Delete stored answers older than 24 hours; gives how many."""
    return workspace.idempotent_answers.filter(created_at__lt=now - KEPT_FOR).delete()[0]
