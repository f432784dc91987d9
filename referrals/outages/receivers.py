"""What happens once Goodword works again."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from accounts.tenancy.queries import each_active_workspace
from accounts.workers.signals import outage_ended
from referrals.outages import actions


@receiver(outage_ended, dispatch_uid="outages.note")
def note_outage(sender: Any, started_at: datetime, ended_at: datetime, **_more: Any) -> None:
    """Every workspace in a transaction of its own; the tick tells them once what was due has come to its end."""
    for workspace in each_active_workspace():
        actions.note(workspace=workspace, started_at=started_at, ended_at=ended_at)
