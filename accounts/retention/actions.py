"""Forgetting what is older than the workspace keeps it, some thousand rows at a time; what was done is a fact."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from accounts.events import actions as events
from accounts.events.actions import Fact
from accounts.retention import registry
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope

BATCH = 5_000
# So many turns for each rule a day: more waits for tomorrow rather than holding up the others.
MOST_TURNS = 40


def apply(*, workspace_id: UUID, now: datetime) -> dict[str, int]:
    """Obey the settings of one workspace; how much was forgotten, by what. Every turn is a transaction of its own."""
    counts: dict[str, int] = {}
    for rule in registry.rules():
        for _turn in range(MOST_TURNS):
            gone = _turn_of(rule, workspace_id, now)
            counts[rule.counted] = counts.get(rule.counted, 0) + gone
            if gone < BATCH:
                break
    told = {name: count for name, count in counts.items() if count}
    if told:
        _record(workspace_id, told, now)
    return told


def forget_events(workspace: Workspace, before: datetime, most: int) -> int:
    """Delete old facts. Which ones, the database decides by the workspace's setting: for us they are append-only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT forget_old_events(%s)", [most])
        return int(cursor.fetchone()[0])


def _turn_of(rule: registry.Rule, workspace_id: UUID, now: datetime) -> int:
    with workspace_scope(workspace_id):
        # Read each time: a setting that was changed meanwhile counts at once.
        workspace = Workspace.objects.get(pk=workspace_id)
        before = rule.before(workspace, now)
        return rule.forget(workspace, before, BATCH) if before is not None else 0


@transaction.atomic
def _record(workspace_id: UUID, counts: dict[str, int], now: datetime) -> None:
    with workspace_scope(workspace_id):
        Workspace.objects.select_for_update().get(pk=workspace_id)
        fact = Fact("retention.applied", ("workspace", workspace_id), {"counts": counts})
        events.record_all(workspace_id=workspace_id, facts=[fact], by=SYSTEM, now=now)
