"""One thing owed to one person or company."""

from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel, same_workspace
from rewards.rules.models import RewardKind


class Reward(TenantModel):
    """What is owed for one fact. `source_key` is all that rewards know of the story."""

    prefix = "rwd"

    class State(models.TextChoices):
        HELD = "held", "On hold"
        PENDING_APPROVAL = "pending_approval", "To approve"
        APPROVED = "approved", "Approved"
        PAYING = "paying", "Being paid"
        PAID = "paid", "Paid"
        CANCELLED = "cancelled", "Cancelled"
        FAILED = "failed", "Failed"
        CLAWED_BACK = "clawed_back", "Taken back"

    rule = same_workspace("rewards.RewardRule", null=True, blank=True)
    contact = same_workspace("accounts.Contact", null=True, blank=True)
    company = same_workspace("accounts.Company", null=True, blank=True)
    source_key = models.CharField(max_length=120)
    # The referral it is for, as the story knows it; rewards only hand it back.
    source_id = models.UUIDField()
    side = models.CharField(max_length=16)
    kind = models.CharField(max_length=24, choices=RewardKind)
    amount_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    sentence = models.CharField(max_length=300)
    state = models.CharField(max_length=20, choices=State, default=State.HELD)
    granted_at = models.DateTimeField()
    hold_until = models.DateTimeField()
    created_by_kind = models.CharField(max_length=16)
    created_by_id = models.UUIDField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by_kind = models.CharField(max_length=16, blank=True, default="")
    approved_by_id = models.UUIDField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    paid_note = models.CharField(max_length=240, blank=True, default="")
    ended_reason = models.CharField(max_length=240, blank=True, default="")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_related_name = "rewards"
        constraints = [
            *walls("rule", "contact", "company"),
            models.UniqueConstraint(fields=["workspace", "source_key"], name="reward_once_per_source"),
            models.CheckConstraint(
                condition=Q(contact__isnull=False) | Q(company__isnull=False), name="reward_has_beneficiary"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="reward_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by_kind="")
                | (Q(approved_at__isnull=False) & ~Q(approved_by_kind="")),
                name="reward_approved_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid_at__isnull=False, approved_at__isnull=False),
                name="reward_paid_was_approved",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "state", "hold_until"], name="reward_due"),
            models.Index(fields=["workspace", "contact"], name="reward_of_contact"),
            models.Index(fields=["workspace", "granted_at", "id"], name="reward_list"),
            models.Index(fields=["workspace", "source_id"], name="reward_of_source"),
        ]

    def __str__(self) -> str:
        return self.sentence
