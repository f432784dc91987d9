"""Questions with a score."""

from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel


class Metric(models.TextChoices):
    NPS = "nps", "NPS"
    CSAT = "csat", "CSAT"
    OSAT = "osat", "Overall satisfaction"
    CES = "ces", "Customer effort"
    OES = "oes", "Onboarding effort"


class Survey(TenantModel):
    """One question to many contacts."""

    prefix = "srv"

    name = models.CharField(max_length=120)
    metric = models.CharField(max_length=8, choices=Metric)
    question = models.CharField(max_length=300)
    comment_question = models.CharField(max_length=300, default="What made the difference?")
    # From this score on the answer counts as high; product default where empty.
    high_from = models.PositiveSmallIntegerField(null=True, blank=True)
    scale_version = models.PositiveSmallIntegerField(default=1)
    is_live = models.BooleanField(default=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_related_name = "surveys"
        constraints = [
            *walls(),
            models.UniqueConstraint(fields=["workspace", "name"], name="survey_name_once"),
            models.CheckConstraint(condition=Q(high_from__isnull=True) | Q(high_from__lte=10), name="survey_high_from"),
        ]

    def __str__(self) -> str:
        return self.name
