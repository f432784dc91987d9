"""Users, and their place in a workspace."""

import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel, same_workspace


class UserManager(BaseUserManager["User"]):
    """Users are known by their e-mail address."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person who can sign in. What they may do is said by their Members, one per workspace."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = None  # type: ignore[assignment]  # the address is the name
    email = models.EmailField("e-mail address", unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.email


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    MANAGER = "manager", "CS manager"
    SALES = "sales", "Sales"
    MARKETING = "marketing", "Marketing"
    FINANCE = "finance", "Finance"
    ANALYST = "analyst", "Analyst"


class Member(TenantModel):
    """A user's place in a workspace: role, hours, absence, deputy."""

    prefix = "mbr"

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT)
    role = models.CharField(max_length=16, choices=Role)
    is_active = models.BooleanField(default=True)
    name = models.CharField(max_length=120)
    email = models.EmailField()
    title = models.CharField(max_length=120, blank=True, default="")
    timezone = models.CharField(max_length=64, blank=True, default="")
    work_starts = models.TimeField(default=datetime.time(9))
    work_ends = models.TimeField(default=datetime.time(17, 30))
    # Both days included; without a first day the absence has begun.
    absent_from = models.DateField(null=True, blank=True)
    absent_until = models.DateField(null=True, blank=True)
    deputy = same_workspace("accounts.Member", null=True, blank=True, related_name="deputy_of")

    class Meta:
        default_related_name = "members"
        constraints = [
            *walls("deputy"),
            models.UniqueConstraint(fields=["workspace", "user"], name="member_once_per_workspace"),
            models.UniqueConstraint(fields=["workspace", "email"], name="member_email_once_per_workspace"),
            models.CheckConstraint(condition=Q(work_starts__lt=models.F("work_ends")), name="member_hours_in_order"),
            models.CheckConstraint(
                condition=Q(absent_from__isnull=True)
                | Q(absent_until__isnull=False, absent_until__gte=models.F("absent_from")),
                name="member_absence_in_order",
            ),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=models.F("id")), name="member_is_not_own_deputy"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_away_on(self, day: datetime.date) -> bool:
        """Whether the member is absent on this day of their own calendar."""
        return self.absent_until is not None and (self.absent_from or day) <= day <= self.absent_until

    def today(self, now: datetime.datetime) -> datetime.date:
        """The day on the member's wall; their zone, else the workspace's."""
        return now.astimezone(ZoneInfo(self.timezone or self.workspace.timezone)).date()


class MemberInvitation(TenantModel):
    """An offer to join; accepting it proves the address."""

    prefix = "inv"

    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True, default="")
    role = models.CharField(max_length=16, choices=Role)
    nonce = models.UUIDField(default=uuid7)
    invited_by = same_workspace("accounts.Member", related_name="invitations_sent")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_related_name = "member_invitations"
        constraints = [
            *walls("invited_by"),
            models.UniqueConstraint(
                fields=["workspace", "email"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="member_invitation_open_once",
            ),
        ]

    def __str__(self) -> str:
        return self.email
