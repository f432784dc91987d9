"""What people keep of a list: views with a name, and files made from it."""

from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel, same_workspace


class SavedView(TenantModel):
    """Filters, order and columns of one list under a name, for one member or for the team."""

    prefix = "viw"

    list_name = models.CharField(max_length=32)
    name = models.CharField(max_length=80)
    # What stands behind the question mark of the address, in its normal form.
    query = models.CharField(max_length=1000, blank=True, default="")
    owner = same_workspace("accounts.Member")
    shared = models.BooleanField(default=False)

    class Meta:
        default_related_name = "saved_views"
        constraints = [
            *walls("owner"),
            models.UniqueConstraint(
                fields=["workspace", "owner", "list_name", "name"], name="saved_view_name_once_per_owner"
            ),
        ]
        indexes = [models.Index(fields=["workspace", "list_name"], name="saved_view_of_list")]

    def __str__(self) -> str:
        return self.name


class DefaultView(TenantModel):
    """The view in which one member finds a list."""

    prefix = "dvw"

    list_name = models.CharField(max_length=32)
    member = same_workspace("accounts.Member")
    view = same_workspace("accounts.SavedView")

    class Meta:
        default_related_name = "default_views"
        constraints = [
            *walls("member", "view"),
            models.UniqueConstraint(fields=["workspace", "member", "list_name"], name="default_view_once_per_list"),
        ]

    def __str__(self) -> str:
        return self.list_name


class Export(TenantModel):
    """A CSV file that is made in the background. Its rows are kept in chunks until it expires."""

    prefix = "exp"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Being written"
        DONE = "done", "Ready"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    list_name = models.CharField(max_length=32)
    query = models.CharField(max_length=1000, blank=True, default="")
    # Public ids of rows chosen by hand; null: everything the query finds.
    chosen_ids = models.JSONField(null=True, blank=True)
    member = same_workspace("accounts.Member")
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    rows_total = models.PositiveIntegerField(null=True, blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    chunks = models.PositiveIntegerField(default=0)
    # Where the next chunk begins: a file whose worker died goes on from here.
    cursor = models.TextField(blank=True, default="")
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    error = models.CharField(max_length=240, blank=True, default="")

    class Meta:
        default_related_name = "exports"
        constraints = [
            *walls("member"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, state__in=["queued", "running"])
                | Q(finished_at__isnull=False, state__in=["done", "failed", "cancelled"]),
                name="export_finished_at_with_its_end",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "member", "created_at"], name="export_of_member"),
            # The tick asks each workspace what is open.
            models.Index(
                fields=["workspace", "lease_until"], condition=Q(state__in=["queued", "running"]), name="export_open"
            ),
            models.Index(fields=["workspace", "expires_at"], name="export_expired"),
        ]

    def __str__(self) -> str:
        return self.list_name

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)


class ExportChunk(TenantModel):
    """Some thousand rows of a file, as they will be downloaded."""

    prefix = "exc"

    export = same_workspace("accounts.Export")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        default_related_name = "export_chunks"
        constraints = [
            *walls("export"),
            models.UniqueConstraint(fields=["workspace", "export", "number"], name="export_chunk_once"),
        ]

    def __str__(self) -> str:
        return str(self.number)
