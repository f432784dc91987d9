"""What an outage did to one workspace."""

from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel, same_workspace


class OutageReport(TenantModel):
    """One outage in which something of this workspace was due. Told once, when what was due has come to its end."""

    prefix = "otg"

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    # The fields of `counting.Numbers`, once they are known.
    numbers = models.JSONField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    dismissed_at = models.DateTimeField(null=True, blank=True)
    dismissed_by = same_workspace("accounts.Member", null=True, blank=True)

    class Meta:
        default_related_name = "outage_reports"
        constraints = [
            *walls("dismissed_by"),
            models.UniqueConstraint(fields=["workspace", "started_at"], name="outage_told_once"),
            models.CheckConstraint(
                condition=Q(reported_at__isnull=True) | Q(numbers__isnull=False), name="outage_report_has_numbers"
            ),
        ]

    def __str__(self) -> str:
        return f"outage of {self.started_at}"
