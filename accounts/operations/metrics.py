"""What Prometheus reads: everything is asked of the database and the broker anew, nothing is counted in a process."""

from collections.abc import Iterator
from typing import Any

import django.db
from django.conf import settings
from django.db.models import Count, F, Sum
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from redis import RedisError

from accounts.mail.models import Message
from accounts.operations import queries
from accounts.workers.models import Outage
from accounts.workers.queries import Worker, pulse_age, workers

_STATES = ("queued", "sending", "unconfirmed", "failed")
_KINDS = (*Message.Kind.values, "account")


def text() -> bytes:
    """The page. Whatever does not answer is said by `goodword_up`, and what it would have told is left out."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Installation())  # type: ignore[arg-type] # anything with collect() is a collector
    return generate_latest(registry)


class _Installation:
    def collect(self) -> Iterator[Any]:
        yield InfoMetricFamily("goodword", "What is running.", value={"version": settings.VERSION})
        known, from_database = _ask(_database)
        alive, from_broker = _ask(lambda: _broker(known or []))
        up = _gauge("goodword_up", "1 if it answers.", "part")
        up.add_metric(["database"], known is not None)
        up.add_metric(["broker"], alive is not None)
        yield up
        yield from from_database
        yield from from_broker


def _ask(look: Any) -> tuple[Any, list[Any]]:
    """What `look` learned and its metrics; None and no metrics where nobody answers."""
    try:
        return look()
    except (django.db.Error, RedisError, OSError):
        return None, []


def _database() -> tuple[list[Worker], list[Any]]:
    at_work = workers()
    return at_work, [*_mail(), *_workers(at_work), *_time()]


def _broker(at_work: list[Worker]) -> tuple[bool, list[Any]]:
    lengths = _gauge("goodword_queue_length", "Messages that wait in a queue of the broker.", "queue")
    for name, length in queries.queue_lengths(queries.queue_names(at_work)).items():
        lengths.add_metric([name], length)
    return True, [lengths]


def _mail() -> Iterator[Any]:
    figures = queries.mail_figures()
    states = _gauge("goodword_messages", "Mails that are not settled: nothing is said of the many sent.", "state")
    for state in _STATES:
        states.add_metric([state], sum(one.messages for one in figures if one.figure == state))
    yield states
    due = {one.kind: one for one in figures if one.figure == "due"}
    count = _gauge("goodword_messages_due", "Mails that should have left by now.", "kind")
    oldest = _gauge("goodword_oldest_due_seconds", "How long the oldest of them has waited.", "kind")
    for kind in _KINDS:
        count.add_metric([kind], due[kind].messages if kind in due else 0)
        oldest.add_metric([kind], due[kind].oldest_s if kind in due else 0)
    yield from (count, oldest)
    stuck = sum(one.messages for one in figures if one.figure == "stuck")
    yield GaugeMetricFamily("goodword_messages_stuck", "Mails still being sent after their lease.", value=stuck)


def _workers(at_work: list[Worker]) -> Iterator[Any]:
    seen = _gauge("goodword_worker_heartbeat_age_seconds", "Since a worker last said that it is alive.", "worker")
    heard = _gauge("goodword_worker_consumed_age_seconds", "Since a message last came in to a worker.", "worker")
    for worker in at_work:
        seen.add_metric([worker.name], worker.silent_s)
        if worker.deaf_s is not None:
            heard.add_metric([worker.name], worker.deaf_s)
    consumers = _gauge("goodword_queue_workers", "Living workers that consume a queue.", "queue")
    for name, number in queries.consumers(queries.queue_names(at_work), at_work).items():
        consumers.add_metric([name], number)
    yield from (seen, heard, consumers)


def _time() -> Iterator[Any]:
    age = pulse_age()
    if age is not None:
        yield GaugeMetricFamily("goodword_pulse_age_seconds", "Since somebody last looked for due mail.", value=age)
    stood = Outage.objects.aggregate(times=Count("pk"), long=Sum(F("ended_at") - F("started_at")))
    yield CounterMetricFamily("goodword_outages", "How often nobody looked for due mail.", value=stood["times"])
    seconds = stood["long"].total_seconds() if stood["long"] else 0
    yield CounterMetricFamily("goodword_outage_seconds", "For how long in all.", value=seconds)


def _gauge(name: str, words: str, label: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, labels=[label])
