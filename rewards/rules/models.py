"""What is owed, to whom, on what."""

from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel


class RewardKind(models.TextChoices):
    ACCOUNT_CREDIT = "account_credit", "Account credit"
    CASH = "cash", "Cash"
    GIFT_CARD = "gift_card", "Gift card"
    DISCOUNT = "discount", "Discount"
    CHARITY = "charity", "Donation"
    SWAG = "swag", "Something to keep"
    NOTE = "note", "Handwritten note"
    THANKS = "thanks", "Just thanks"


class RewardRule(TenantModel):
    """One rule for one side. It renders as one plain sentence, with the promise date."""

    prefix = "rul"

    class Side(models.TextChoices):
        REFERRER = "referrer", "The person who referred"
        REFEREE = "referee", "The person who was referred"

    class Trigger(models.TextChoices):
        MET = "met", "When they met"
        QUALIFIED = "qualified", "When it is qualified"
        WON = "won", "When they become a customer"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        LIVE = "live", "Live"
        RETIRED = "retired", "Retired"

    side = models.CharField(max_length=16, choices=Side)
    trigger = models.CharField(max_length=16, choices=Trigger, default=Trigger.WON)
    kind = models.CharField(max_length=24, choices=RewardKind)
    amount_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    hold_days = models.PositiveSmallIntegerField(default=30)
    state = models.CharField(max_length=16, choices=State, default=State.DRAFT)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_related_name = "reward_rules"
        constraints = [
            *walls(),
            models.UniqueConstraint(
                fields=["workspace", "side"], condition=Q(state="live"), name="reward_rule_one_live_per_side"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="reward_rule_amount_not_negative"),
            models.CheckConstraint(
                condition=~Q(kind__in=["account_credit", "cash", "gift_card", "charity"]) | Q(amount_minor__gt=0),
                name="reward_rule_money_has_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} for {self.get_side_display().lower()}"
