"""How far a workspace has come with its first run: only what the data itself cannot tell."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel, same_workspace


class FirstRun(TenantModel):
    """One per workspace. What can be read from customers, rules and asks stands there, not here."""

    prefix = "fir"

    skipped = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    # The page the friend sees was looked at, and found right.
    page_seen_at = models.DateTimeField(null=True, blank=True)
    guardrails_confirmed_at = models.DateTimeField(null=True, blank=True)
    guardrails_confirmed_by = same_workspace("accounts.Member", null=True, blank=True, db_index=False)
    # Somebody wanted no more of it on Today.
    put_away_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_related_name = "first_runs"
        constraints = [
            *walls("guardrails_confirmed_by"),
            models.UniqueConstraint(fields=["workspace"], name="first_run_one_per_workspace"),
            models.CheckConstraint(
                condition=models.Q(guardrails_confirmed_at__isnull=True)
                | models.Q(guardrails_confirmed_by__isnull=False),
                name="first_run_guardrails_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"first run of {self.workspace_id}"
