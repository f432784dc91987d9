"""Demo data on and off: a job that shows how far it has come."""

from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel, same_workspace


class DemoJob(TenantModel):
    """Fill a sandbox beside the workspace, or take it away. One at a time; scene by scene, so that it can go on."""

    prefix = "dmo"

    class Wish(models.TextChoices):
        LOAD = "load", "Load demo data"
        REMOVE = "remove", "Remove demo data"

    class State(models.TextChoices):
        RUNNING = "running", "Under way"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    wish = models.CharField(max_length=8, choices=Wish)
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    # How many scenes are stored, and how many there are.
    position = models.PositiveSmallIntegerField(default=0)
    scenes = models.PositiveSmallIntegerField(default=1)
    # The day the story is told from; a job that goes on tomorrow tells the same story.
    told_at = models.DateTimeField()
    error = models.CharField(max_length=240, blank=True, default="")
    asked_by = same_workspace("accounts.Member", db_index=False)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_related_name = "demo_jobs"
        constraints = [
            *walls("asked_by"),
            models.UniqueConstraint(fields=["workspace"], condition=Q(state="running"), name="demo_job_one_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.wish} {self.state}"

    @property
    def percent(self) -> int:
        return round(100 * self.position / self.scenes) if self.scenes else 100
