"""Doorways of the queue. They carry no meaning: the rows say what is due, so two ticks, or none, change no mail."""

import time
from collections import deque
from uuid import UUID

from celery import shared_task

from accounts.mail import account_mail, dispatcher
from accounts.workers import pulse

# Shorter than a worker's patience with one task; whatever is left is found by the next tick.
_TICK_S = 20


# A tick that waited longer than a few others is of no use to anybody.
@shared_task(name="mail.tick", expires=10)
def tick(**_future: object) -> None:
    """Hand over what is due: sign-in mail first, then one batch per workspace in turn, so that nobody starves."""
    pulse.beat()
    until = time.monotonic() + _TICK_S
    while account_mail.dispatch() and time.monotonic() < until:
        pass
    waiting = deque(dispatcher.workspaces_with_due_messages())
    while waiting and time.monotonic() < until:
        workspace_id = waiting.popleft()
        if dispatcher.dispatch(workspace_id):
            waiting.append(workspace_id)


@shared_task(name="mail.send_batch")
def send_batch(*, workspace_id: str, **_future: object) -> None:
    """Hand over what is due in one workspace: the wake-up of a mail that need not wait for the tick."""
    dispatcher.dispatch(UUID(workspace_id))
