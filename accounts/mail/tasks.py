"""Doorways of the queue. They carry no meaning: the rows say what is due, so two ticks, or none, change no mail."""

import time
from uuid import UUID

from celery import shared_task
from celery.signals import worker_process_init
from django.core.cache import cache

from accounts.mail import account_mail, dispatcher, journal
from accounts.workers import pulse

# A task's share: other queues of the same worker wait no longer than this, and memory stays small.
_MOST, _LONGEST_S = 500, 2.0
# What waited through a long outage is of no use to anybody. Judged by the clocks of beat and worker, which may differ
# by hours: with seconds here, a beat whose clock is behind would stop all mail.
_STALE_S = 6 * 3600
# While mail is due a tick wakes up the next one. The beat's ticks begin such chains, never more than these at once over
# all workers; a chain whose worker died gives its place away after a minute.
_CHAINS, _CHAIN_S = 8, 60


@shared_task(name="mail.tick", expires=_STALE_S)
def tick(*, chain: int | None = None, **_future: object) -> None:
    """Hand over what is due: sign-in mail, then asks, then the rest; what is left is the next task's."""
    pulse.beat()
    until = time.monotonic() + _LONGEST_S
    while account_mail.dispatch() and time.monotonic() < until:
        pass
    if dispatcher.dispatch_all(most=_MOST, until=until):
        _go_on(chain)
    elif chain is not None:
        cache.delete(_place(chain))


@shared_task(name="mail.send_asks", expires=_STALE_S)
def send_asks(*, workspace_id: str, **_future: object) -> None:
    """Hand over the asks that are due in one workspace: the wake-up of a mail that need not wait for the tick."""
    dispatcher.dispatch(UUID(workspace_id), asks_only=True)


@worker_process_init.connect
def tidy_up(**_signal: object) -> None:
    """What dead workers of this machine left behind is removed once nobody can ask for it any more."""
    journal.tidy()


def _go_on(chain: int | None) -> None:
    """Wake up the next tick of this chain; of a new one where there is room."""
    if chain is None:
        chain = next((free for free in range(_CHAINS) if cache.add(_place(free), 1, _CHAIN_S)), None)
    else:
        cache.touch(_place(chain), _CHAIN_S)
    if chain is not None:
        tick.apply_async(kwargs={"chain": chain}, expires=_STALE_S, retry=False)


def _place(chain: int) -> str:
    return f"mail:chain:{chain}"
