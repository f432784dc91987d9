"""Everything of a workspace in one file, for its owners to take along."""

from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel, same_workspace


class Archive(TenantModel):
    """A zip of all tables, written table by table in the background."""

    prefix = "arc"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Being written"
        DONE = "done", "Ready"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    member = same_workspace("accounts.Member")
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    # The table that is written now, and the last row of it: a file whose worker died goes on from here.
    table = models.CharField(max_length=64, blank=True, default="")
    cursor = models.UUIDField(null=True, blank=True)
    pieces = models.PositiveIntegerField(default=0)
    # Rows by table, for those that are written.
    rows = models.JSONField(default=dict)
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    error = models.CharField(max_length=240, blank=True, default="")

    class Meta:
        default_related_name = "archives"
        constraints = [
            *walls("member"),
            models.UniqueConstraint(
                fields=["workspace"], condition=Q(state__in=["queued", "running"]), name="archive_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, state__in=["queued", "running"])
                | Q(finished_at__isnull=False, state__in=["done", "failed", "cancelled"]),
                name="archive_finished_at_with_its_end",
            ),
        ]

    def __str__(self) -> str:
        return f"archive of {self.workspace_id}"

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def rows_total(self) -> int:
        return sum(self.rows.values())


class ArchivePiece(TenantModel):
    """Some thousand rows of one table as compressed CSV."""

    prefix = "arp"

    archive = same_workspace("accounts.Archive")
    number = models.PositiveIntegerField()
    table = models.CharField(max_length=64)
    data = models.BinaryField()

    class Meta:
        default_related_name = "archive_pieces"
        constraints = [
            *walls("archive"),
            models.UniqueConstraint(fields=["workspace", "archive", "number"], name="archive_piece_once"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.number}"
