"""The pulse of the installation: each look for due mail is one beat, and a long silence between two is an outage."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from accounts.workers.models import Outage, Pulse
from accounts.workers.signals import outage_ended

# A tick comes every two seconds; a few slow ones are no outage.
PATIENCE = timedelta(minutes=5)


def beat() -> Outage | None:
    """Note that somebody looks for due mail now; gives the outage that this ends, if it ends one.

    Two beats at once wait for each other in the row, so one outage is stored and told once. The very first beat of an
    installation ends nothing. Who listens to `outage_ended` may fail; `queries.outages_since` is how it catches up.
    """
    outage = None
    with transaction.atomic():
        before, now = _move()
        if before is not None and now - before > PATIENCE:
            outage = Outage.objects.create(started_at=before, ended_at=now)
    if outage is not None:
        outage_ended.send_robust(sender=Outage, started_at=outage.started_at, ended_at=outage.ended_at)
    return outage


def _move() -> tuple[datetime | None, datetime]:
    """One statement: the beat before this one, None if there was none, and this one. The clock is read only after the
    row is ours: somebody who waited for it must not find the other's beat in the future."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_pulse (id, beat_at) VALUES (%s, clock_timestamp())"
            " ON CONFLICT (id) DO UPDATE SET beat_at = clock_timestamp()"
            " RETURNING old.beat_at, new.beat_at",
            [Pulse.ONLY],
        )
        return cursor.fetchone()
