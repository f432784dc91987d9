"""Doorways of the queue: the rows say what is due."""

import time
from uuid import UUID

from celery import shared_task

from accounts.slack import actions, dispatcher
from accounts.tenancy.clock import database_now
from accounts.tenancy.queries import each_active_workspace

_LONGEST_S = 20.0
_STALE_S = 6 * 3600


@shared_task(name="slack.tick", expires=_STALE_S)
def tick(**_future: object) -> None:
    """Say what is due, a batch for each workspace in turn; what is left is the next tick's."""
    until = time.monotonic() + _LONGEST_S
    for workspace_id in dispatcher.workspaces_with_due_posts():
        if time.monotonic() > until:
            return
        dispatcher.dispatch(workspace_id)


@shared_task(name="slack.say", expires=_STALE_S)
def say(*, workspace_id: str, **_future: object) -> None:
    """Say what is due in one workspace: somebody waits for it."""
    dispatcher.dispatch(UUID(workspace_id))


@shared_task(name="slack.housekeeping")
def housekeeping(**_future: object) -> None:
    for workspace in each_active_workspace():
        actions.forget_old(workspace=workspace, now=database_now())
