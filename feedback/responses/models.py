"""Answers."""

from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel, same_workspace
from feedback.surveys.models import Metric


class Response(TenantModel):
    """One answer of a contact, or only of a company, or of nobody known yet."""

    prefix = "rsp"

    class Channel(models.TextChoices):
        PAGE = "page", "Survey page"
        API = "api", "API"
        IMPORT = "import", "Import"
        CALL = "call", "Call"
        WIDGET = "widget", "Widget"

    contact = same_workspace("accounts.Contact", null=True, blank=True)
    company = same_workspace("accounts.Company", null=True, blank=True)
    survey = same_workspace("feedback.Survey", null=True, blank=True)
    invitation = models.OneToOneField(
        "feedback.Invitation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="response",
    )
    metric = models.CharField(max_length=8, choices=Metric)
    score = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=16)
    is_high = models.BooleanField()
    is_low = models.BooleanField()
    comment = models.TextField(blank=True, default="")
    referred_recently = models.BooleanField(null=True, blank=True)
    channel = models.CharField(max_length=16, choices=Channel)
    # The answer came on a support case that was escalated: a high score there proves nothing.
    on_escalated_ticket = models.BooleanField(default=False)
    responded_at = models.DateTimeField()
    received_at = models.DateTimeField()
    external_id = models.CharField(max_length=200, null=True, blank=True)

    class Meta:
        default_related_name = "responses"
        constraints = [
            *walls("contact", "company", "survey", "invitation"),
            models.UniqueConstraint(fields=["workspace", "external_id"], name="response_external_id_once"),
            models.CheckConstraint(
                condition=Q(metric="nps", score__lte=10)
                | Q(metric__in=["csat", "osat"], score__gte=1, score__lte=5)
                | Q(metric__in=["ces", "oes"], score__gte=1, score__lte=7),
                name="response_score_on_its_scale",
            ),
            models.CheckConstraint(condition=~Q(is_high=True, is_low=True), name="response_not_high_and_low"),
        ]
        indexes = [
            models.Index(fields=["workspace", "metric", "responded_at"], name="response_metric_time"),
            models.Index(fields=["workspace", "responded_at", "id"], name="response_list"),
            models.Index(fields=["workspace", "contact", "responded_at"], name="response_of_contact"),
            models.Index(fields=["workspace", "company", "responded_at"], name="response_of_company"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.score}"
