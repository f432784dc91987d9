"""Doorways of the queue. They carry no meaning: the rows say what is due, so two ticks, or none, change no mail."""

import time
from uuid import UUID

from celery import shared_task
from celery.signals import worker_process_init

from accounts.mail import account_mail, dispatcher, journal
from accounts.workers import pulse

# A task's share: other queues of the same worker wait no longer than this, and memory stays small.
_MOST, _LONGEST_S = 500, 2.0
# What waited through a long outage is of no use to anybody. Judged by the clocks of beat and worker, which may differ
# by hours: with seconds here, a beat whose clock is behind would stop all mail.
_STALE_S = 6 * 3600


@shared_task(name="mail.tick", expires=_STALE_S)
def tick(**_future: object) -> None:
    """Hand over what is due: sign-in mail, then asks, then the rest; what is left is the next task's."""
    pulse.beat()
    until = time.monotonic() + _LONGEST_S
    while account_mail.dispatch() and time.monotonic() < until:
        pass
    if dispatcher.dispatch_all(most=_MOST, until=until):
        tick.apply_async(expires=_STALE_S, retry=False)


@shared_task(name="mail.send_asks", expires=_STALE_S)
def send_asks(*, workspace_id: str, **_future: object) -> None:
    """Hand over the asks that are due in one workspace: the wake-up of a mail that need not wait for the tick."""
    dispatcher.dispatch(UUID(workspace_id), asks_only=True)


@worker_process_init.connect
def tidy_up(**_signal: object) -> None:
    """What dead workers of this machine left behind is removed once nobody can ask for it any more."""
    journal.tidy()
