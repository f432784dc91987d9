"""Workers, their queues, and the beat that wakes them."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from redis import RedisError

from accounts.operations import queries
from accounts.operations.checks.database import of_clock
from accounts.operations.findings import Finding, Level, ok, unknown, warning, wrong
from accounts.operations.spans import count, span
from accounts.workers.queries import Worker, outages_since, pulse_age, workers

_DEAF_AFTER_S = 120
_LATE_BEAT_S = 60
_LONG_QUEUE = 1000
_OUTAGES_OF = timedelta(days=7)


def check() -> Iterator[Finding]:
    at_work = workers()
    alive = [worker for worker in at_work if worker.is_alive]
    if alive:
        yield ok(f"{count(len(alive), 'worker')} at work: {', '.join(worker.name for worker in alive)}.")
    else:
        yield wrong(
            "No worker is at work, so nothing leaves the house.",
            "Start one (`docker compose up -d worker`, or `make run` on one machine) and read its log.",
        )
    for worker in at_work:
        yield from _about(worker)
    yield from _queues(at_work)


def check_beat() -> Iterator[Finding]:
    age = pulse_age()
    if age is None:
        yield wrong(
            "Nobody has ever looked for due mail.", "Start the beat and a worker on the queue mail; both are needed."
        )
    elif age > _LATE_BEAT_S:
        yield wrong(
            f"Nobody has looked for due mail for {span(age)}.",
            "See that the beat runs, and a worker on the queue mail. What is due leaves as soon as they do.",
        )
    else:
        yield ok("Somebody looks for due mail every few seconds.")
    for outage in outages_since(timezone.now() - _OUTAGES_OF):
        yield warning(
            f"Nobody looked for due mail from {outage.started_at:%a %d %b %H:%M} to {outage.ended_at:%a %d %b %H:%M}"
            " UTC.",
            "Look into the logs of worker, beat and broker of that time.",
        )


def _about(worker: Worker) -> Iterator[Finding]:
    if not worker.is_alive:
        yield wrong(
            f"{worker.name} has said nothing for {span(worker.silent_s)} and did not stop in order.",
            "See whether it was started again and why it ended. It is forgotten after a day.",
        )
        return
    if worker.deaf_s is None or worker.deaf_s > _DEAF_AFTER_S:
        since = "yet" if worker.deaf_s is None else f"for {span(worker.deaf_s)}"
        yield warning(
            f"{worker.name} is alive and has heard nothing from the broker {since}.",
            "It may be busy with long tasks. One that is deaf ends itself within a minute and is started again.",
        )
    if worker.version != settings.VERSION:
        yield warning(
            f"{worker.name} runs release {worker.version}, this is {settings.VERSION}.", "Start it again from this one."
        )
    clock = of_clock(f"The machine of {worker.name}", worker.clock_ahead_s)
    if clock.level != Level.OK:
        yield clock


def _queues(at_work: list[Worker]) -> Iterator[Finding]:
    names = queries.queue_names(at_work)
    try:
        lengths = queries.queue_lengths(names)
    except (RedisError, OSError):
        yield unknown("The queues cannot be seen: the broker does not answer.")
        lengths = dict.fromkeys(names, 0)
    for name, number in queries.consumers(names, at_work).items():
        if not number:
            yield wrong(
                f"Nobody consumes the queue {name}; {count(lengths[name], 'message')} wait in it.",
                f"Add {name} to the -Q of a worker.",
            )
        elif lengths[name] > _LONG_QUEUE:
            yield warning(
                f"{lengths[name]} messages wait in the queue {name}.", "Start more workers, or find out what holds it."
            )
