"""How the installation watches itself: who works, when due mail was last looked for, and when nobody did.

These rows belong to the installation, not to a workspace. Every time here is the database's.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.tenancy.models import PublicIdModel


class WorkerHeartbeat(models.Model):
    """One worker that runs, or died: whoever stops in order takes its row along."""

    # Celery's name of the worker, such as "celery@host".
    name = models.CharField(max_length=255, primary_key=True)
    pid = models.IntegerField()
    version = models.CharField(max_length=40)
    queues = ArrayField(models.CharField(max_length=255))
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    # When a message last came in from the broker; a worker may be alive and deaf.
    consumed_at = models.DateTimeField(null=True, blank=True)
    # How far the worker's own clock is ahead of the database's, in seconds.
    clock_ahead_s = models.FloatField()

    class Meta:
        default_related_name = "worker_heartbeats"

    def __str__(self) -> str:
        return self.name


class Pulse(models.Model):
    """The single row that every look for due mail moves forward."""

    ONLY = 1

    id = models.SmallIntegerField(primary_key=True, default=ONLY)
    beat_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="pulse_is_one_row")]

    def __str__(self) -> str:
        return f"last beat {self.beat_at:%Y-%m-%d %H:%M:%S}"


class Outage(PublicIdModel):
    """A stretch of time in which nobody looked for due mail."""

    prefix = "otg"

    started_at = models.DateTimeField(unique=True)
    ended_at = models.DateTimeField(db_index=True)

    class Meta:
        default_related_name = "outages"
        constraints = [
            models.CheckConstraint(condition=Q(ended_at__gt=F("started_at")), name="outage_ends_after_its_start")
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M} to {self.ended_at:%Y-%m-%d %H:%M}"
