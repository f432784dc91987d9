"""The message a worker sends to itself. It proves that work comes in, and takes no place in the pool."""

from collections.abc import Callable
from typing import Any

from celery import Task, shared_task
from celery.utils.log import get_logger

logger = get_logger(__name__)


def noticed_on_arrival(task: Any, app: Any, consumer: Any) -> Callable[..., None]:
    """Celery's strategy for the probe: noted where every message comes in, and done with."""

    def handle(message: Any, body: Any, ack: Any, reject: Any, callbacks: Any, **_options: Any) -> None:
        ack(logger, consumer.connection_errors)
        consumer.controller.watchdog.heard()

    return handle


class Probe(Task):
    """A task that the worker itself handles, before its pool."""

    Strategy = "accounts.workers.tasks:noticed_on_arrival"


@shared_task(name="workers.probe", bind=True, base=Probe)
def probe(self: Probe, **_future: object) -> None:
    """Has no body: its arrival is all it says."""
