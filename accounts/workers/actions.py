"""What a worker says of itself. The database's clock dates it; workers only say how long ago something was."""

import time
from datetime import timedelta

from django.db import connection, transaction
from django.db.models.functions import Now

from accounts.workers.models import WorkerHeartbeat

# A dead worker's row is kept for a day, for whoever asks what happened at night.
REMEMBERED = timedelta(days=1)
# The writer of a heartbeat can wait for the next one rather than for a database that hangs.
STATEMENT_TIMEOUT_MS = 5000


def beat_heart(
    *, name: str, pid: int, version: str, queues: list[str], running_s: float, consumed_s_ago: float | None
) -> None:
    """Store that this worker is alive: one row per name, whatever process bears it. Raises django.db.Error."""
    with transaction.atomic():
        clock_ahead_s = _hurry()
        row = WorkerHeartbeat(
            name=name,
            pid=pid,
            version=version,
            queues=queues,
            started_at=Now() - timedelta(seconds=running_s),
            seen_at=Now(),
            consumed_at=None if consumed_s_ago is None else Now() - timedelta(seconds=consumed_s_ago),
            clock_ahead_s=clock_ahead_s,
        )
        fields = [field.name for field in WorkerHeartbeat._meta.concrete_fields if not field.primary_key]
        WorkerHeartbeat.objects.bulk_create([row], update_conflicts=True, unique_fields=["name"], update_fields=fields)
        WorkerHeartbeat.objects.filter(seen_at__lt=Now() - REMEMBERED).delete()


def leave(*, name: str, pid: int) -> None:
    """This worker stops in order. A successor that took over its name keeps its row. Raises django.db.Error."""
    with transaction.atomic():
        _hurry()
        WorkerHeartbeat.objects.filter(name=name, pid=pid).delete()


def _hurry() -> float:
    """Bound what follows in this transaction; gives how far our clock is ahead of the database's, in seconds."""
    asked = time.time()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM clock_timestamp())::float8, set_config('statement_timeout', %s, true)",
            [str(STATEMENT_TIMEOUT_MS)],
        )
        theirs = cursor.fetchone()[0]
    return (asked + time.time()) / 2 - theirs
