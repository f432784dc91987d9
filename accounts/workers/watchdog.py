"""Lives in the main process of each Celery worker: tells the database that it is alive, and ends it when it is deaf.

A worker whose connection broke may come back connected and consume nothing (celery #8030, #9054, #10302). So each
sends itself a message every few seconds and must hear it. One that does not is ended, to be started again by whoever
supervises it.

Two threads, because a database that hangs must not keep the other one from its watch.
"""

import os
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import django.db
from celery import bootsteps, signals
from celery.utils.log import get_logger
from celery.worker import state
from django.conf import settings
from django.db import connection
from kombu import Exchange, Queue
from kombu.exceptions import KombuError
from redis import RedisError

from accounts.workers import actions, tasks
from accounts.workers.vigil import Vigil

logger = get_logger(__name__)

LOOK_S = 10.0
# One minute of silence while nothing runs.
IDLE_LOOKS = 6
# What was running when the silence began has been ended by its time limit by now.
SPARE_LOOKS = 6
# Long enough for an event loop that still turns to notice that it should stop.
LAST_GASP_S = 15.0
BROKER_TIMEOUT_S = 5
# Probes of a worker that is gone leave the broker by themselves.
PROBE_LIFE_S = 60
EXIT_CODE = 75  # EX_TEMPFAIL: try again


class Watchdog(bootsteps.StartStopStep):
    """The step of the worker's blueprint: after the pool has forked, before anything is consumed."""

    requires = ("celery.worker.components:Pool",)

    def create(self, worker: Any) -> "Watch":  # type: ignore[override] # the stubs know only steps without objects
        worker.watchdog = Watch(worker)
        return worker.watchdog


class Watch:
    """What one worker process does to be seen and to be sure that it hears."""

    def __init__(self, worker: Any) -> None:
        self._app, self._name = worker.app, worker.hostname
        self._queues = sorted(worker.app.amqp.queues.consume_from)
        # A name of this process alone: two workers that bear one name must not hear each other's probes. An exchange of
        # its own as well, so that nothing stays behind in the bindings of a shared one.
        name = f"probes.{uuid4().hex}"
        self._probes = Queue(name, Exchange(name), routing_key=name, expires=2 * PROBE_LIFE_S)
        worker.app.amqp.queues.select_add(self._probes)
        self._started = time.monotonic()
        self._heard_at: float | None = None
        self.count = 0
        self._stopped = threading.Event()
        self._writer = threading.Thread(target=self._keep_writing, name="heartbeat", daemon=True)
        self._reports: dict[str, bool] = {}

    def start(self) -> None:
        signals.task_received.connect(self.heard, weak=False)
        threading.Thread(target=self._keep_watch, name="watchdog", daemon=True).start()
        self._writer.start()

    def stop(self) -> None:
        """The worker stops in order: it is not missed by anybody."""
        self._stopped.set()
        signals.task_received.disconnect(self.heard)
        self._writer.join(timeout=BROKER_TIMEOUT_S)

    terminate = stop

    def heard(self, **_signal: object) -> None:
        """A message has come in from the broker."""
        self._heard_at = time.monotonic()
        self.count += 1

    def _keep_watch(self) -> None:
        vigil = Vigil(idle_looks=IDLE_LOOKS, looks=int(self._app.conf.task_time_limit / LOOK_S) + SPARE_LOOKS)
        before, probed = self.count, self._ask_broker(self._send_probe)
        while not self._stopped.wait(LOOK_S):
            heard, before = self.count != before, self.count
            if vigil.is_deaf(consumed=heard, busy=bool(state.reserved_requests), probed=probed):
                self._end()
                return
            probed = self._ask_broker(self._send_probe)

    def _ask_broker(self, what: Callable[[], None]) -> bool:
        return self._try("the broker", what, (KombuError, RedisError, OSError))

    def _send_probe(self) -> None:
        # A connection of its own, with a timeout: the worker's may be what is broken.
        options = {"socket_timeout": BROKER_TIMEOUT_S}
        with self._app.connection_for_write(transport_options=options) as broker:
            self._app.send_task(
                tasks.probe.name, queue=self._probes, connection=broker, retry=False, expires=PROBE_LIFE_S
            )

    def _end(self) -> None:
        logger.critical(
            "Worker %s hears nothing from its queues although the broker answers; it ends so that it is started again.",
            self._name,
        )
        # In order where the event loop still turns.
        state.should_stop = EXIT_CODE  # type: ignore[assignment] # None until somebody wants the end
        if not self._stopped.wait(LAST_GASP_S):
            os._exit(EXIT_CODE)

    def _keep_writing(self) -> None:
        while True:
            self._ask_database(self._write)
            if self._stopped.wait(LOOK_S):
                break
        self._ask_database(lambda: actions.leave(name=self._name, pid=os.getpid()))

    def _ask_database(self, what: Callable[[], None]) -> None:
        try:
            self._try("the database", what, (django.db.Error,))
        finally:
            connection.close()

    def _write(self) -> None:
        now = time.monotonic()
        actions.beat_heart(
            name=self._name,
            pid=os.getpid(),
            version=settings.VERSION,
            queues=self._queues,
            running_s=now - self._started,
            consumed_s_ago=None if self._heard_at is None else now - self._heard_at,
        )

    def _try(self, whom: str, what: Callable[[], None], errors: tuple[type[Exception], ...]) -> bool:
        """Whether it went well. A failure is said once, and so is its end."""
        try:
            what()
        except errors as error:
            if self._reports.get(whom, True):
                logger.warning("The watchdog of %s cannot reach %s and waits: %s", self._name, whom, error)
            self._reports[whom] = False
            return False
        if not self._reports.get(whom, True):
            logger.warning("The watchdog of %s reaches %s again.", self._name, whom)
        self._reports[whom] = True
        return True
