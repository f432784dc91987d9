"""A double-entry journal. Entries balance per currency and are never edited: see the migration for the triggers."""

from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import walls
from accounts.tenancy.models import TenantModel, same_workspace


class LedgerAccount(TenantModel):
    """One account of the books in one currency. Debits are positive; a payable is negative when owed."""

    prefix = "acc"

    class Code(models.TextChoices):
        EXPENSE = "expense", "Reward expense"
        PAYABLE = "payable", "Rewards owed"
        IN_FLIGHT = "in_flight", "Payouts under way"
        CASH = "cash", "Paid out"

    code = models.CharField(max_length=16, choices=Code)
    currency = models.CharField(max_length=3)
    # Kept by the same transaction that posts; a nightly check compares it with the sum of its lines.
    balance_minor = models.BigIntegerField(default=0)

    class Meta:
        default_related_name = "ledger_accounts"
        constraints = [
            *walls(),
            models.UniqueConstraint(fields=["workspace", "code", "currency"], name="ledger_account_once"),
            # Nothing can be paid that was not owed, and nothing owed is negative (reliability: no overspend).
            models.CheckConstraint(
                condition=~Q(code__in=["payable", "in_flight"]) | Q(balance_minor__lte=0),
                name="ledger_account_no_overspend",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.currency}"


class LedgerEntry(TenantModel):
    """One movement with its lines, under a key that cannot be posted twice."""

    prefix = "len"

    class Kind(models.TextChoices):
        ACCRUAL = "accrual", "Owed"
        PAYMENT = "payment", "Paid"
        REVERSAL = "reversal", "Taken back"

    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=Kind)
    reward = same_workspace("rewards.Reward", null=True, blank=True)
    occurred_at = models.DateTimeField()
    memo = models.CharField(max_length=240, blank=True, default="")

    class Meta:
        default_related_name = "ledger_entries"
        constraints = [
            *walls("reward"),
            models.UniqueConstraint(fields=["workspace", "key"], name="ledger_entry_once_per_key"),
        ]
        indexes = [models.Index(fields=["workspace", "occurred_at", "id"], name="ledger_entry_list")]

    def __str__(self) -> str:
        return self.key


class LedgerLine(TenantModel):
    """One side of an entry."""

    prefix = "lln"

    entry = same_workspace("rewards.LedgerEntry", related_name="lines")
    account = same_workspace("rewards.LedgerAccount", related_name="lines")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        default_related_name = "ledger_lines"
        constraints = [
            *walls("entry", "account"),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="ledger_line_not_zero"),
        ]
        indexes = [
            models.Index(fields=["workspace", "entry"], name="ledger_line_entry"),
            models.Index(fields=["workspace", "account"], name="ledger_line_account"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency}"
