"""Workspaces, and what every row of a workspace has in common."""

import datetime
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from uuid_utils.compat import uuid7

from accounts.tenancy import ids
from accounts.tenancy.constraints import walls


class UuidV7(models.Func):
    """PostgreSQL's own uuidv7(), for rows that arrive by COPY."""

    function = "uuidv7"
    output_field: ClassVar[models.Field] = models.UUIDField()


class PublicIdModel(models.Model):
    """A row with a time-ordered key, known outside by a prefixed id such as `con_01h...`."""

    prefix: ClassVar[str] = ""

    # The Python default is needed by bulk_create, the database default by COPY.
    id = models.UUIDField(primary_key=True, default=uuid7, db_default=UuidV7(), editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True

    @property
    def public_id(self) -> str:
        return ids.encode(self.prefix, self.pk)


def owner_and_finance() -> list[str]:
    """The roles that can give away money, or the workspace itself."""
    return ["owner", "finance"]


def monday_to_friday() -> list[int]:
    """The working days of most of the world, Monday being 0."""
    return [0, 1, 2, 3, 4]


class Workspace(PublicIdModel):
    """A tenant: one company that runs referral programs."""

    prefix = "wsp"

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        SUSPENDED = "suspended", "Suspended"
        CLOSING = "closing", "Closing"

    class Weekends(models.TextChoices):
        DAYTIME = "daytime", "Also on weekends and holidays, 09:00 to 17:00"
        WAIT = "wait", "Wait for the next working day"

    class Tone(models.TextChoices):
        FIRST_NAME = "first_name", "By first name: “Thank you, Jamie.”"
        FORMAL = "formal", "By full name: “Thank you, Jamie Okafor.”"

    slug = models.SlugField(max_length=63, unique=True)
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=16, choices=State, default=State.ACTIVE)
    is_demo = models.BooleanField(default=False)
    timezone = models.CharField(max_length=64, default="UTC")
    country = models.CharField(max_length=2, blank=True, default="")
    locale = models.CharField(max_length=12, default="en")
    currency = models.CharField(max_length=3, default="USD")
    weekends = models.CharField(max_length=8, choices=Weekends, default=Weekends.DAYTIME)

    # When mail is polite: on working days, and on any other day (referrals/asks/calendars.py).
    working_days = ArrayField(
        models.PositiveSmallIntegerField(), default=monday_to_friday, db_default=models.Value([0, 1, 2, 3, 4])
    )
    polite_starts = models.TimeField(default=datetime.time(8), db_default=datetime.time(8))
    polite_ends = models.TimeField(default=datetime.time(18), db_default=datetime.time(18))
    fallback_starts = models.TimeField(default=datetime.time(9), db_default=datetime.time(9))
    fallback_ends = models.TimeField(default=datetime.time(17), db_default=datetime.time(17))
    # {"2026-12-24": "Christmas Eve"}: days off beside the holidays of a country.
    own_days = models.JSONField(default=dict, blank=True, db_default=models.Value({}, models.JSONField()))

    sender_name = models.CharField(max_length=120, blank=True, default="")
    sender_email = models.EmailField(blank=True, default="")
    postal_address = models.CharField(max_length=240, blank=True, default="")
    imprint_url = models.URLField(blank=True, default="")
    privacy_url = models.URLField(blank=True, default="")
    brand_color = models.CharField(
        max_length=7, blank=True, default="", validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", "Use #rrggbb.")]
    )
    # The file name of the picture in Logo; empty: the name is written instead.
    logo = models.CharField(max_length=40, blank=True, default="", db_default="")
    tone = models.CharField(max_length=12, choices=Tone, default=Tone.FIRST_NAME, db_default="first_name")
    # EU mode: no cookie without consent; the code travels in the form instead.
    eu_mode = models.BooleanField(default=False)

    # Who must have a second factor before this workspace opens, by role.
    second_factor_roles = ArrayField(models.CharField(max_length=16), default=owner_and_finance, blank=True)
    # Members whose domain has single sign-on must come by it; owners keep another way in.
    sign_on_required = models.BooleanField(default=False)
    # Figures of single members are shown to nobody, only those of the team.
    team_only_figures = models.BooleanField(default=False)
    # Its mail leaves by a connection of its own (accounts/mail): asked for every batch, so it stands here.
    own_mail = models.BooleanField(default=False, db_default=False)

    # How long things are kept (accounts/retention); null: for good.
    visitors_kept_days = models.PositiveSmallIntegerField(null=True, blank=True, default=395, db_default=395)
    comments_kept_months = models.PositiveSmallIntegerField(null=True, blank=True)
    named_kept_days = models.PositiveSmallIntegerField(default=30, db_default=30)
    events_kept_months = models.PositiveSmallIntegerField(null=True, blank=True)

    # A closing workspace is deleted from then on (accounts/lifecycle).
    closes_at = models.DateTimeField(null=True, blank=True)

    approval_limit_minor = models.BigIntegerField(default=50_000)
    warm_start_per_day = models.PositiveSmallIntegerField(default=10)
    limits = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["active", "suspended", "closing"]), name="workspace_state_known"
            ),
            models.CheckConstraint(condition=Q(approval_limit_minor__gte=0), name="workspace_approval_limit_positive"),
            models.CheckConstraint(
                condition=Q(state="closing", closes_at__isnull=False)
                | (~Q(state="closing") & Q(closes_at__isnull=True)),
                name="workspace_closes_at_with_its_state",
            ),
            models.CheckConstraint(
                condition=Q(polite_starts__lt=F("polite_ends"), fallback_starts__lt=F("fallback_ends")),
                name="workspace_hours_end_after_they_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def logo_url(self) -> str:
        """Where the logo is served; empty without one."""
        return reverse("logo", args=[self.public_id, self.logo]) if self.logo else ""

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE

    @property
    def is_suspended(self) -> bool:
        """Shut for a while; not the end, which is `closing`."""
        return self.state == self.State.SUSPENDED

    def limit(self, name: str, default: int) -> int:
        """A number the operator may set per workspace, such as requests a minute."""
        return int(self.limits.get(name, default))


class TenantModel(PublicIdModel):
    """A row that belongs to one workspace. `constraints = walls("company", ...)` names its relations."""

    workspace: models.ForeignKey[Any, Any] = models.ForeignKey(
        "accounts.Workspace", on_delete=models.PROTECT, db_index=False
    )

    class Meta:
        abstract = True
        constraints = walls()


def same_workspace(to: str, **options: Any) -> Any:
    """A relation inside the workspace: protected, and kept by the composite key that `walls()` adds."""
    return models.ForeignKey(to, on_delete=models.PROTECT, db_constraint=False, **options)


class Logo(TenantModel):
    """The picture on top of public pages. Its name is made from its content, so it can be cached for ever."""

    prefix = "lgo"

    name = models.CharField(max_length=40)
    content_type = models.CharField(max_length=40)
    data = models.BinaryField()

    class Meta:
        default_related_name = "logos"
        constraints = [*walls(), models.UniqueConstraint(fields=["workspace"], name="logo_once_per_workspace")]

    def __str__(self) -> str:
        return self.name
