"""The ticks of asks. A tick carries no meaning: run twice or an hour late it does the same."""

import logging

from celery import shared_task

from accounts.tenancy.clock import database_now
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope
from referrals.asks import actions
from referrals.asks.catching_up import catch_up

logger = logging.getLogger(__name__)

# In this order: what has left is known before what is late, and nobody is told of a draft that is gone.
STEPS = (
    actions.settle_left,
    actions.hand_over_left,
    actions.hand_over_away,
    actions.recheck_due,
    actions.recheck_reminders,
    actions.expire_overdue,
    actions.remind_due,
    actions.count_silences,
    catch_up,
    actions.give_notices,
    actions.put_away_done,
)


@shared_task(name="asks.tick")
def tick(**_future: object) -> None:
    """Everything that time does to asks; each step of each workspace in a transaction of its own."""
    for workspace in Workspace.objects.filter(state=Workspace.State.ACTIVE).order_by("pk"):
        for step in STEPS:
            try:
                with workspace_scope(workspace.pk):
                    step(workspace=workspace, now=database_now())
            except Exception:  # one workspace must not keep the others waiting
                logger.exception("asks.tick: %s failed in workspace %s", step.__name__, workspace.pk)
