"""Referred people on their way to a deal."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Lower

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel, same_workspace


class Referral(TenantModel):
    """A referred person (the referee) with source, the advocate's own words, stage and value."""

    prefix = "ref"

    class Stage(models.TextChoices):
        NAMED = "named", "Named"
        NEW = "new", "New"
        CONTACTED = "contacted", "Contacted"
        MEETING_BOOKED = "meeting_booked", "Meeting booked"
        MET = "met", "Met"
        QUALIFIED = "qualified", "Qualified"
        WON = "won", "Won"
        LOST = "lost", "Lost"
        REJECTED = "rejected", "Rejected"
        CHURNED = "churned", "Churned"
        REFUNDED = "refunded", "Refunded"

    class Kind(models.TextChoices):
        NEW_BUSINESS = "new_business", "New business"
        INTERNAL = "internal", "Same company"
        WIN_BACK = "win_back", "Win-back"
        HELPED = "helped", "Helped an open deal"

    class Source(models.TextChoices):
        LINK = "link", "Link"
        INTRODUCTION = "introduction", "Introduction"
        CODE = "code", "Code"
        SELF_REPORTED = "self_reported", "They said so"
        CRM = "crm", "CRM"
        API = "api", "API"

    referrer = same_workspace("accounts.Contact", null=True, blank=True)
    program = same_workspace("referrals.Program")
    link = same_workspace("referrals.Link", null=True, blank=True)
    ask = same_workspace("referrals.Ask", null=True, blank=True)
    owner = same_workspace("accounts.Member", null=True, blank=True)
    stage = models.CharField(max_length=16, choices=Stage, default=Stage.NEW)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.NEW_BUSINESS)
    source = models.CharField(max_length=16, choices=Source)
    referee_name = models.CharField(max_length=200)
    referee_email = models.EmailField(blank=True, default="")
    referee_email_normalized = models.CharField(max_length=254, null=True, blank=True)
    referee_phone = models.CharField(max_length=40, blank=True, default="")
    referee_title = models.CharField(max_length=200, blank=True, default="")
    referee_company_name = models.CharField(max_length=200, blank=True, default="")
    referee_company_domain = models.CharField(max_length=253, blank=True, default="")
    referee_timezone = models.CharField(max_length=64, blank=True, default="")
    # Grows when the referee's preference link is retired.
    preferences_nonce = models.PositiveIntegerField(default=0)
    # The referee once they are a customer: written when the referral is won.
    referee_contact = same_workspace("accounts.Contact", null=True, blank=True, related_name="referrals_as_referee")
    relation = models.CharField(max_length=200, blank=True, default="")
    advocate_note = models.TextField(blank=True, default="")
    wishes = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="")
    attributes = models.JSONField(default=dict, blank=True)
    deal_value_minor = models.BigIntegerField(null=True, blank=True)
    deal_currency = models.CharField(max_length=3, blank=True, default="")
    lost_reason = models.CharField(max_length=240, blank=True, default="")
    visitor_id = models.UUIDField(null=True, blank=True)
    # The decision about this referral where somebody may contest it, in one sentence.
    decision = models.CharField(max_length=300, blank=True, default="")
    external_id = models.CharField(max_length=200, null=True, blank=True)
    stage_changed_at = models.DateTimeField()
    won_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)
    # What a referral is found by, in lower case: stored, so that row-level security leaves its index usable.
    search_key = models.GeneratedField(
        expression=Lower(Concat("referee_name", Value(" "), "referee_company_name")),
        output_field=models.CharField(max_length=401, db_collation="C"),
        db_persist=True,
    )

    class Meta:
        default_related_name = "referrals"
        constraints = [
            *walls("referrer", "program", "link", "ask", "owner", "referee_contact"),
            models.UniqueConstraint(fields=["workspace", "external_id"], name="referral_external_id_once"),
            models.CheckConstraint(
                condition=~Q(stage="won") | Q(won_at__isnull=False, deal_value_minor__gt=0),
                name="referral_won_has_value",
            ),
            models.CheckConstraint(
                condition=Q(deal_value_minor__isnull=True) | ~Q(deal_currency=""), name="referral_value_has_currency"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "stage", "stage_changed_at"], name="referral_stage"),
            models.Index(fields=["workspace", "referrer"], name="referral_of_referrer"),
            models.Index(fields=["workspace", "referee_email_normalized"], name="referral_referee_email"),
            models.Index(fields=["workspace", "referee_company_domain"], name="referral_referee_domain"),
            models.Index(fields=["workspace", "created_at", "id"], name="referral_list"),
            models.Index(fields=["workspace", "stage_changed_at", "id"], name="referral_by_move"),
            GinIndex(F("workspace"), OpClass("search_key", name="gin_trgm_ops"), name="referral_search"),
        ]

    def __str__(self) -> str:
        return self.referee_name
