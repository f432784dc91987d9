"""Who works, and when nobody did."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, QuerySet
from django.db.models.functions import Now

from accounts.workers.models import Outage, Pulse, WorkerHeartbeat

# A worker writes every ten seconds; after this long it is taken for dead.
PRESUMED_DEAD_AFTER = timedelta(seconds=60)


def outages_since(since: datetime) -> QuerySet[Outage]:
    """Outages that ended at `since` or later, oldest first: what a listener of `outage_ended` may have missed."""
    return Outage.objects.filter(ended_at__gte=since).order_by("started_at")


@dataclass(frozen=True, slots=True)
class Worker:
    """A heartbeat with its ages in seconds, by the database's clock. `deaf_s` is None before anything came in."""

    name: str
    queues: list[str]
    version: str
    silent_s: float
    deaf_s: float | None
    clock_ahead_s: float

    @property
    def is_alive(self) -> bool:
        return self.silent_s <= PRESUMED_DEAD_AFTER.total_seconds()


def workers() -> list[Worker]:
    """Every worker that did not stop in order, by name."""
    rows = WorkerHeartbeat.objects.annotate(silent=Now() - F("seen_at"), deaf=Now() - F("consumed_at"))
    return [
        Worker(
            name=row.name,
            queues=row.queues,
            version=row.version,
            silent_s=row.silent.total_seconds(),
            deaf_s=row.deaf.total_seconds() if row.deaf is not None else None,
            clock_ahead_s=row.clock_ahead_s,
        )
        for row in rows.order_by("name")
    ]


def pulse_age() -> float | None:
    """Seconds since somebody last looked for due mail; None if nobody ever did."""
    age = Pulse.objects.annotate(age=Now() - F("beat_at")).values_list("age", flat=True).first()
    return None if age is None else max(0.0, age.total_seconds())
