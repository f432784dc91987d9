"""What imported files tell in pieces, kept so that the next file fits to it."""

from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel, same_workspace


class Subscription(TenantModel):
    """One contract of a company for one period: monthly revenue is added up from these, and usage is known by them."""

    prefix = "sub"

    external_id = models.CharField(max_length=200)
    company = same_workspace("accounts.Company")
    start_on = models.DateField()
    # The first day on which it is no longer paid for.
    end_on = models.DateField(null=True, blank=True)
    trial = models.BooleanField(default=False)
    mrr_minor = models.BigIntegerField(default=0)
    arr_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)

    class Meta:
        default_related_name = "subscriptions"
        constraints = [
            *walls("company"),
            models.UniqueConstraint(fields=["workspace", "external_id"], name="subscription_external_id_once"),
            models.CheckConstraint(
                condition=Q(end_on__isnull=True) | Q(end_on__gte=models.F("start_on")),
                name="subscription_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "company"], name="subscription_of_company")]

    def __str__(self) -> str:
        return self.external_id


class ImportJob(TenantModel):
    """One file on its way into the workspace: what it is, how it is read, how far it has come, what became of it."""

    prefix = "imp"

    class State(models.TextChoices):
        MAPPING = "mapping", "Waiting for its columns"
        TRYING = "trying", "Trying"
        TRIED = "tried", "Waiting for your go"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Stopped"
        FAILED = "failed", "Failed"

    kind = models.CharField(max_length=24, blank=True, default="")
    filename = models.CharField(max_length=200)
    size_bytes = models.BigIntegerField()
    # How the bytes are read (accounts.imports.files.FileFormat), and the first row.
    encoding = models.CharField(max_length=16)
    delimiter = models.CharField(max_length=1)
    skip_lines = models.PositiveSmallIntegerField(default=0)
    sub_header = models.BooleanField(default=False)
    header = models.JSONField(default=list)
    # {field: position of its column}, {position: name of the attribute}, {field: text of every row}.
    columns = models.JSONField(default=dict)
    attributes = models.JSONField(default=dict, blank=True)
    constants = models.JSONField(default=dict, blank=True)
    # What a person says of a column's format, {field: {"date_order": ...}}, and what all of it said, found by itself.
    chosen_formats = models.JSONField(default=dict, blank=True)
    formats = models.JSONField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=12, choices=State, default=State.MAPPING)
    # Counted by their ends of line: a cell with a line break counts twice, until the file was read.
    rows_expected = models.PositiveBigIntegerField(default=0)
    position = models.PositiveBigIntegerField(default=0)
    report = models.JSONField(default=dict, blank=True)
    error = models.CharField(max_length=500, blank=True, default="")
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_by = same_workspace("accounts.Member", null=True, blank=True)
    # The import whose refused rows this one brings again.
    again_of = same_workspace("accounts.ImportJob", null=True, blank=True, related_name="sent_again")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # The file and the refused rows are deleted after some time; what became of them stays.
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_related_name = "import_jobs"
        constraints = [
            *walls("created_by", "again_of"),
            models.CheckConstraint(
                condition=~Q(state__in=["trying", "tried", "running", "done"]) | ~Q(kind=""),
                name="import_job_kind_is_chosen",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(state__in=["done", "cancelled", "failed"]),
                name="import_job_ended_is_over",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "-created_at"], name="import_job_history"),
            models.Index(
                fields=["workspace", "lease_until"],
                condition=Q(state__in=["trying", "running"]),
                name="import_job_under_way",
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_under_way(self) -> bool:
        """A worker has it, or will."""
        return self.state in (self.State.TRYING, self.State.RUNNING)

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.CANCELLED, self.State.FAILED)

    @property
    def percent(self) -> int:
        """How much of the file is read, 0 to 100."""
        return min(100, 100 * self.position // self.rows_expected) if self.rows_expected else 0


class ImportPiece(TenantModel):
    """Some bytes of a file, in the database so that any machine can go on with it."""

    prefix = "ipc"

    job = same_workspace("accounts.ImportJob", related_name="pieces")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        default_related_name = "import_pieces"
        constraints = [
            *walls("job"),
            models.UniqueConstraint(fields=["workspace", "job", "number"], name="import_piece_once"),
        ]

    def __str__(self) -> str:
        return f"piece {self.number}"


class RefusedRow(TenantModel):
    """A row that could not be taken, with the reason, until somebody mends it."""

    prefix = "rfr"

    job = same_workspace("accounts.ImportJob", related_name="refused_rows")
    # The line on which it ends: one row of the file is refused once, however often a chunk is begun.
    line = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=500)
    cells = models.JSONField()
    mended_in = same_workspace("accounts.ImportJob", null=True, blank=True, related_name="mended_rows")

    class Meta:
        default_related_name = "refused_rows"
        constraints = [
            *walls("job", "mended_in"),
            models.UniqueConstraint(fields=["workspace", "job", "line"], name="refused_row_once"),
        ]

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


class SavedMapping(TenantModel):
    """How files with these headers were read the last time, so that the next one need not be explained again."""

    prefix = "imm"

    # The headers in order, compared without case and marks (accounts.imports.known.signature).
    signature = models.CharField(max_length=64)
    kind = models.CharField(max_length=24)
    # {field: header}, {header: attribute}, formats by field.
    columns = models.JSONField()
    attributes = models.JSONField(default=dict, blank=True)
    constants = models.JSONField(default=dict, blank=True)
    chosen_formats = models.JSONField(default=dict, blank=True)
    used_at = models.DateTimeField()

    class Meta:
        default_related_name = "saved_mappings"
        constraints = [
            *walls(),
            models.UniqueConstraint(fields=["workspace", "signature"], name="saved_mapping_once_per_header"),
        ]

    def __str__(self) -> str:
        return self.kind
