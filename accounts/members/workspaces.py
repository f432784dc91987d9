"""Changing fields of the workspace, with a fact that says what each was and is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.events import actions as events
from accounts.events.actions import Fact
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace


@transaction.atomic
def change(*, workspace: Workspace, fields: Mapping[str, Any], by: Actor, now: datetime) -> Workspace:
    """Bring the fields onto the workspace; the event says what each was and is. No field of a workspace is a secret."""
    workspace = Workspace.objects.select_for_update().get(pk=workspace.pk)
    changed = sorted(name for name, value in fields.items() if getattr(workspace, name) != value)
    if not changed:
        return workspace
    changes = {name: [getattr(workspace, name), fields[name]] for name in changed}
    for name in changed:
        setattr(workspace, name, fields[name])
    workspace.save(update_fields=changed)
    fact = Fact("workspace.changed", ("workspace", workspace.pk), {"fields": changed, "changes": changes})
    events.record_all(workspace_id=workspace.pk, facts=[fact], by=by, now=now)
    return workspace
