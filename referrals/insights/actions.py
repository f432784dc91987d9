"""What a workspace wants to reach in a week."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.events import actions as events
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace
from referrals.insights.models import WeekGoals


@transaction.atomic
def set_goals(*, workspace: Workspace, goals: Mapping[str, int | None], by: Actor, now: datetime) -> WeekGoals:
    """Keep the goals; None for no goal. The event says from what to what."""
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    row = goals_of(workspace)
    changed = {name: [getattr(row, name), value] for name, value in goals.items() if getattr(row, name) != value}
    if not changed:
        return row
    for name, (_before, value) in changed.items():
        setattr(row, name, value)
    row.save()
    events.record(
        workspace_id=workspace.pk, type="week.goals_set", subject=row, by=by, now=now, data={"changed": changed}
    )
    return row


def goals_of(workspace: Workspace) -> WeekGoals:
    """The workspace's goals, unsaved and empty where it never set any."""
    return workspace.week_goals.first() or WeekGoals(workspace=workspace)
