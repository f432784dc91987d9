"""What the operator wants to know at a glance, from the database and from the broker. Numbers only."""

from collections.abc import Iterable
from dataclasses import dataclass

from celery import current_app
from django.conf import settings
from django.db import connection
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from accounts.workers.queries import Worker

BROKER_TIMEOUT_S = 2


@dataclass(frozen=True, slots=True)
class MailFigure:
    """A count of mails. `figure`: queued, due, sending, stuck (past its lease), unconfirmed, failed, failed_today.

    `kind` is set for what is due, and "account" for mail about signing in. `oldest_s`: how long the oldest has waited.
    """

    figure: str
    kind: str
    messages: int
    oldest_s: float


def mail_figures() -> list[MailFigure]:
    """Every figure of all workspaces that are served. Raises django.db.Error."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT figure, kind, messages, coalesce(oldest_s, 0) FROM mail_figures()")
        return [MailFigure(*row) for row in cursor.fetchall()]


def broker() -> Redis:
    """A client that soon gives up: "it does not answer" is an answer here."""
    return Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=BROKER_TIMEOUT_S,
        socket_connect_timeout=BROKER_TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
    )


def queue_names(workers: Iterable[Worker] = ()) -> list[str]:
    """The queues that tasks are sent to, and those that somebody consumes."""
    conf = current_app.conf
    routed = {route["queue"] for route in conf.task_routes.values()}
    return sorted(routed | {conf.task_default_queue} | {name for worker in workers for name in worker.queues})


def queue_lengths(names: Iterable[str]) -> dict[str, int]:
    """How many messages wait in each queue. Raises RedisError."""
    names = list(names)
    with broker() as client:
        pipe = client.pipeline(transaction=False)
        for name in names:
            pipe.llen(name)
        return dict(zip(names, pipe.execute(), strict=True))


def consumers(names: Iterable[str], workers: Iterable[Worker]) -> dict[str, int]:
    """How many living workers consume each queue."""
    alive = [worker for worker in workers if worker.is_alive]
    return {name: sum(name in worker.queues for worker in alive) for name in names}
