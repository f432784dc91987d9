"""That somebody has played a customer; the play itself happens in a sandbox and leaves with it."""

from django.db import models

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel, same_workspace


class Practice(TenantModel):
    """One per workspace: where the play stands. The rows of the play belong to the sandbox, never to us."""

    prefix = "prc"

    begun_by = same_workspace("accounts.Member", db_index=False)
    begun_at = models.DateTimeField()
    # The survey link and the link of the customer who is played, as addresses without the host.
    survey_path = models.CharField(max_length=200, blank=True, default="")
    landing_path = models.CharField(max_length=200, blank=True, default="")
    # The friend has asked for a call: the way was walked to its end, whatever became of the play.
    finished_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_related_name = "practices"
        constraints = [
            *walls("begun_by"),
            models.UniqueConstraint(fields=["workspace"], name="practice_one_per_workspace"),
        ]

    def __str__(self) -> str:
        return f"practice of {self.workspace_id}"
