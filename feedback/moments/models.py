"""Reasons to ask now."""

from django.db import models

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel, same_workspace


class Moment(TenantModel):
    """Something good just happened to a contact. It leads to one ask, or says why not."""

    prefix = "mom"

    class Kind(models.TextChoices):
        HIGH_SCORE = "high_score", "High score"
        ONBOARDING_COMPLETED = "onboarding_completed", "Onboarding completed"
        RENEWAL_SIGNED = "renewal_signed", "Renewal signed"
        EXPANSION = "expansion", "Expansion"
        MILESTONE = "milestone", "Milestone"
        BUSINESS_REVIEW = "business_review", "Business review"
        MANUAL = "manual", "By hand"

    contact = same_workspace("accounts.Contact")
    kind = models.CharField(max_length=24, choices=Kind)
    occurred_at = models.DateTimeField()
    response = models.OneToOneField(
        "feedback.Response", on_delete=models.PROTECT, null=True, blank=True, db_constraint=False, related_name="moment"
    )
    detail = models.CharField(max_length=240, blank=True, default="")
    external_id = models.CharField(max_length=200, null=True, blank=True)
    # Why nobody was asked: [{"code", "detail", "until"}], null while an ask exists or was never considered.
    not_asked = models.JSONField(null=True, blank=True)

    class Meta:
        default_related_name = "moments"
        constraints = [
            *walls("contact", "response"),
            models.UniqueConstraint(fields=["workspace", "external_id"], name="moment_external_id_once"),
        ]
        indexes = [models.Index(fields=["workspace", "contact", "occurred_at"], name="moment_of_contact")]

    def __str__(self) -> str:
        return self.get_kind_display()
