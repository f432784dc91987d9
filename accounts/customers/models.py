"""The workspace's customers: companies, people, proof of benefit, and reasons to leave somebody alone."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Coalesce, Concat, Lower, NullIf, Trim

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel, same_workspace


class AcquiredVia(models.TextChoices):
    REFERRAL = "referral", "Referral"
    RECOMMENDATION = "recommendation", "Recommendation"
    ADVERTISING = "advertising", "Advertising"
    EVENT = "event", "Event"
    OUTBOUND = "outbound", "Outbound"
    PARTNER = "partner", "Partner"
    ORGANIC = "organic", "Organic"
    OTHER = "other", "Other"
    UNKNOWN = "unknown", "Unknown"


class Company(TenantModel):
    """A customer of the workspace."""

    prefix = "cmp"

    class Publicity(models.TextChoices):
        UNKNOWN = "unknown", "Not asked yet"
        ALLOWED = "allowed", "May be named"
        ANONYMOUS = "anonymous", "Only without a name"
        FORBIDDEN = "forbidden", "Must not be named"

    class GiftPolicy(models.TextChoices):
        UNKNOWN = "unknown", "Not known"
        ALLOWED = "allowed", "Rewards are fine"
        FORBIDDEN = "forbidden", "The employer forbids gifts"

    external_id = models.CharField(max_length=200, null=True, blank=True)
    name = models.CharField(max_length=200)
    industry = models.CharField(max_length=120, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    arr_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    plan = models.CharField(max_length=120, blank=True, default="")
    trial = models.BooleanField(default=False)
    seats = models.PositiveIntegerField(null=True, blank=True)
    customer_since = models.DateField(null=True, blank=True)
    churned_at = models.DateTimeField(null=True, blank=True)
    renewal_on = models.DateField(null=True, blank=True)
    renewal_signed_at = models.DateTimeField(null=True, blank=True)
    usage_score = models.PositiveSmallIntegerField(null=True, blank=True)
    owner = same_workspace("accounts.Member", null=True, blank=True)
    owner_since = models.DateField(null=True, blank=True)
    acquired_via = models.CharField(max_length=16, choices=AcquiredVia, default=AcquiredVia.UNKNOWN)
    referrer_hint = models.CharField(max_length=200, blank=True, default="")
    publicity = models.CharField(max_length=16, choices=Publicity, default=Publicity.UNKNOWN)
    gift_policy = models.CharField(max_length=16, choices=GiftPolicy, default=GiftPolicy.UNKNOWN)
    attributes = models.JSONField(default=dict, blank=True)
    # A duplicate stays as a signpost: its keys still lead to the company it became part of.
    merged_into = same_workspace("accounts.Company", null=True, blank=True, related_name="merged_companies")
    updated_at = models.DateTimeField(auto_now=True)
    # Stored, because row-level security can't use an index on lower(name).
    name_key = models.GeneratedField(
        expression=Lower("name"), output_field=models.CharField(max_length=200, db_collation="C"), db_persist=True
    )

    class Meta:
        default_related_name = "companies"
        constraints = [
            *walls("owner", "merged_into"),
            models.UniqueConstraint(fields=["workspace", "external_id"], name="company_external_id_once"),
            models.CheckConstraint(
                condition=Q(usage_score__isnull=True) | Q(usage_score__lte=100), name="company_usage_score_0_to_100"
            ),
            models.CheckConstraint(
                condition=Q(arr_minor__isnull=True) | (Q(arr_minor__gte=0) & ~Q(currency="")),
                name="company_arr_has_currency",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "updated_at", "id"], name="company_updated"),
            models.Index(fields=["workspace", "name_key", "id"], name="company_by_name"),
            models.Index(fields=["workspace", "arr_minor", "id"], name="company_by_revenue"),
            models.Index(fields=["workspace", "renewal_on", "id"], name="company_by_renewal"),
            models.Index(fields=["workspace", "customer_since", "id"], name="company_by_age"),
            GinIndex(F("workspace"), OpClass("name_key", name="gin_trgm_ops"), name="company_search"),
            # Whether a company is among the tenth with the highest revenue is asked with every ask.
            models.Index(
                fields=["workspace", "currency", "arr_minor"],
                condition=Q(churned_at__isnull=True),
                name="company_revenue_rank",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CompanyDomain(TenantModel):
    """A mail domain of a company, such as "northwind.example"."""

    prefix = "dom"

    company = same_workspace("accounts.Company", related_name="domains")
    domain = models.CharField(max_length=253)

    class Meta:
        default_related_name = "company_domains"
        constraints = [
            *walls("company"),
            models.UniqueConstraint(fields=["workspace", "domain"], name="company_domain_once"),
        ]

    def __str__(self) -> str:
        return self.domain


class Contact(TenantModel):
    """A person, usually at a company. May have no e-mail."""

    prefix = "con"

    class Seniority(models.TextChoices):
        USER = "user", "User"
        ADMIN = "admin", "Admin"
        EXECUTIVE = "executive", "Executive"
        SPONSOR = "sponsor", "Sponsor"

    external_id = models.CharField(max_length=200, null=True, blank=True)
    company = same_workspace("accounts.Company", null=True, blank=True)
    email = models.EmailField(blank=True, default="")
    # Row-level security can't use an index on lower(email), so the normal form is stored.
    email_normalized = models.CharField(max_length=254, null=True, blank=True)
    first_name = models.CharField(max_length=120, blank=True, default="")
    last_name = models.CharField(max_length=120, blank=True, default="")
    title = models.CharField(max_length=200, blank=True, default="")
    seniority = models.CharField(max_length=16, choices=Seniority, default=Seniority.USER)
    phone = models.CharField(max_length=40, blank=True, default="")
    linkedin_url = models.URLField(blank=True, default="")
    locale = models.CharField(max_length=12, blank=True, default="")
    timezone = models.CharField(max_length=64, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    preferred_reward = models.CharField(max_length=24, blank=True, default="")
    attributes = models.JSONField(default=dict, blank=True)
    # Changing it retires the person's preference links.
    preferences_nonce = models.PositiveIntegerField(default=0)

    # Facts written by feedback (latest answers) and by referrals (the last ask), so that the gate need not ask them.
    # {"nps": {"score": 9, "at": "2026-11-17T10:00:00Z"}, ...}
    latest_scores = models.JSONField(default=dict, blank=True)
    promoter_at = models.DateTimeField(null=True, blank=True)
    latest_answer_at = models.DateTimeField(null=True, blank=True)
    # Set only while the latest answer is low.
    low_answer_at = models.DateTimeField(null=True, blank=True)
    high_answer_at = models.DateTimeField(null=True, blank=True)
    expert_score = models.PositiveSmallIntegerField(null=True, blank=True)
    expert_parts = models.JSONField(default=dict, blank=True)
    referred_recently_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    silences = models.PositiveSmallIntegerField(default=0)
    # A duplicate stays as a signpost: its address, keys and old unsubscribe links still lead to the person.
    merged_into = same_workspace("accounts.Contact", null=True, blank=True, related_name="merged_contacts")
    updated_at = models.DateTimeField(auto_now=True)
    # What people are sorted by and found by, in lower case; stored for the same reason.
    name_key = models.GeneratedField(
        expression=Lower(
            Coalesce(
                NullIf(Trim(Concat("first_name", Value(" "), "last_name")), Value("")),
                Cast("email", models.CharField(max_length=254)),
            )
        ),
        output_field=models.CharField(max_length=254, db_collation="C"),
        db_persist=True,
    )
    search_key = models.GeneratedField(
        expression=Lower(
            Concat("first_name", Value(" "), "last_name", Value(" "), Cast("email", models.CharField(max_length=254)))
        ),
        output_field=models.CharField(max_length=500, db_collation="C"),
        db_persist=True,
    )

    class Meta:
        default_related_name = "contacts"
        constraints = [
            *walls("company", "merged_into"),
            models.UniqueConstraint(fields=["workspace", "external_id"], name="contact_external_id_once"),
            models.UniqueConstraint(fields=["workspace", "email_normalized"], name="contact_email_once"),
        ]
        indexes = [
            models.Index(fields=["workspace", "company"], name="contact_company"),
            models.Index(fields=["workspace", "name_key", "id"], name="contact_by_name"),
            models.Index(fields=["workspace", "latest_answer_at", "id"], name="contact_by_answer"),
            models.Index(fields=["workspace", "asked_at", "id"], name="contact_by_ask"),
            GinIndex(F("workspace"), OpClass("search_key", name="gin_trgm_ops"), name="contact_search"),
            models.Index(fields=["workspace", "updated_at", "id"], name="contact_updated"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email or "Somebody without a name"


class Rest(TenantModel):
    """Until when somebody is left alone after an ask.

    A row of its own, because it is written for every ask that leaves: a contact's row is wide, and carries the indexes
    of lists and search.
    """

    prefix = "rst"

    contact = models.OneToOneField(
        "accounts.Contact", on_delete=models.PROTECT, db_constraint=False, related_name="rest"
    )
    until = models.DateTimeField()
    reason = models.CharField(max_length=24)

    class Meta:
        default_related_name = "rests"
        constraints = [*walls("contact")]

    def __str__(self) -> str:
        return f"{self.reason} until {self.until:%Y-%m-%d}"


class Outcome(TenantModel):
    """Evidence of benefit: what got better, by how much, and who says so."""

    prefix = "out"

    company = same_workspace("accounts.Company", null=True, blank=True)
    contact = same_workspace("accounts.Contact", null=True, blank=True)
    metric = models.CharField(max_length=120)
    baseline = models.CharField(max_length=60, blank=True, default="")
    now = models.CharField(max_length=60, blank=True, default="")
    unit = models.CharField(max_length=40, blank=True, default="")
    period = models.CharField(max_length=60, blank=True, default="")
    old_challenge = models.CharField(max_length=240, blank=True, default="")
    summary = models.CharField(max_length=240)
    source = models.CharField(max_length=120, blank=True, default="")
    # A named person of the company said it may be told; for twelve months.
    approved_by = models.CharField(max_length=120, blank=True, default="")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_related_name = "outcomes"
        constraints = [
            *walls("company", "contact"),
            models.CheckConstraint(
                condition=Q(company__isnull=False) | Q(contact__isnull=False), name="outcome_belongs_to_somebody"
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by="")
                | (Q(approved_at__isnull=False, approved_until__isnull=False) & ~Q(approved_by="")),
                name="outcome_approval_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "contact"], name="outcome_contact"),
            models.Index(fields=["workspace", "company"], name="outcome_company"),
        ]

    def __str__(self) -> str:
        return self.summary


class Hold(TenantModel):
    """Why somebody is left alone, for what, until when."""

    prefix = "hld"

    class Purpose(models.TextChoices):
        ASKS = "asks", "Asks"
        SURVEYS = "surveys", "Surveys"
        CAMPAIGNS = "campaigns", "Campaigns"
        ALL = "all", "Everything"

    class Reason(models.TextChoices):
        OPEN_TICKET = "open_ticket", "An open support case"
        ESCALATED_TICKET = "escalated_ticket", "An escalated support case"
        OPEN_RECOVERY = "open_recovery", "We are making something right"
        OPEN_DEAL = "open_deal", "A deal is being negotiated"
        OVERDUE_INVOICE = "overdue_invoice", "An invoice is overdue"
        NOTICE_GIVEN = "notice_given", "They gave notice"
        ABSENCE = "absence", "They are away"
        REQUESTED = "requested", "They asked for it"
        OTHER = "other", "Another reason"

    company = same_workspace("accounts.Company", null=True, blank=True)
    contact = same_workspace("accounts.Contact", null=True, blank=True)
    purpose = models.CharField(max_length=16, choices=Purpose, default=Purpose.ASKS)
    reason = models.CharField(max_length=24, choices=Reason)
    detail = models.CharField(max_length=240, blank=True, default="")
    # What placed it, such as "ticket:T-0024de": the same source places one hold.
    source_key = models.CharField(max_length=200, null=True, blank=True)
    starts_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_related_name = "holds"
        constraints = [
            *walls("company", "contact"),
            models.UniqueConstraint(fields=["workspace", "source_key"], name="hold_once_per_source"),
            models.CheckConstraint(
                condition=Q(company__isnull=False, contact__isnull=True)
                | Q(company__isnull=True, contact__isnull=False),
                name="hold_on_a_company_or_a_contact",
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "contact"], condition=Q(lifted_at__isnull=True), name="hold_open_contact"
            ),
            models.Index(
                fields=["workspace", "company"], condition=Q(lifted_at__isnull=True), name="hold_open_company"
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()


class MonthlyRevenue(TenantModel):
    """What one company paid in one month."""

    prefix = "rev"

    class Kind(models.TextChoices):
        RECURRING = "recurring", "Recurring"
        ONE_OFF = "one_off", "One-off"

    company = same_workspace("accounts.Company")
    month = models.DateField(help_text="First day of the month.")
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.RECURRING)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        default_related_name = "revenue"
        constraints = [
            *walls("company"),
            models.UniqueConstraint(
                fields=["workspace", "company", "month", "kind", "currency"], name="revenue_once_per_month"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="revenue_month_is_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.amount_minor} {self.currency}"


class Deal(TenantModel):
    """An opportunity of the CRM, whatever its source."""

    prefix = "dea"

    class Outcome(models.TextChoices):
        OPEN = "open", "Open"
        WON = "won", "Won"
        LOST = "lost", "Lost"

    external_id = models.CharField(max_length=200)
    company = same_workspace("accounts.Company")
    source = models.CharField(max_length=16, choices=AcquiredVia, default=AcquiredVia.UNKNOWN)
    created_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.OPEN)
    value_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_related_name = "deals"
        constraints = [
            *walls("company"),
            models.UniqueConstraint(fields=["workspace", "external_id"], name="deal_external_id_once"),
            models.CheckConstraint(
                condition=Q(outcome="open", closed_on__isnull=True) | Q(outcome__in=["won", "lost"]),
                name="deal_open_has_no_close_date",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "company"], condition=Q(outcome="open"), name="deal_open_of_company")
        ]

    def __str__(self) -> str:
        return self.external_id


class TwoOfThem(TenantModel):
    """Somebody looked at two records that seemed to be one, and they are two."""

    prefix = "two"

    # Contacts or companies; no keys, because what is merged or erased later does no harm here.
    low_id = models.UUIDField()
    high_id = models.UUIDField()
    said_by_kind = models.CharField(max_length=16)
    said_by_id = models.UUIDField(null=True, blank=True)

    class Meta:
        default_related_name = "two_of_them"
        constraints = [
            *walls(),
            models.UniqueConstraint(fields=["workspace", "low_id", "high_id"], name="two_of_them_once"),
            models.CheckConstraint(condition=Q(low_id__lt=models.F("high_id")), name="two_of_them_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.low_id} {self.high_id}"
