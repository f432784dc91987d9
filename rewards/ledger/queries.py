"""Whether the books agree with themselves."""

from dataclasses import dataclass

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from accounts.tenancy.models import Workspace


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that ought to be nothing, in minor units, and where it was found."""

    where: str
    amount: int
    currency: str


def differences(workspace: Workspace) -> list[Difference]:
    """Everything in a workspace's books that does not add up; empty when they balance.

    Three sums: each entry per currency, all lines per currency, each account's balance against its lines.
    """
    lines = workspace.ledger_lines.order_by()
    entries = lines.values("entry__key", "currency").annotate(total=Sum("amount_minor")).exclude(total=0)
    whole = lines.values("currency").annotate(total=Sum("amount_minor")).exclude(total=0)
    accounts = workspace.ledger_accounts.annotate(
        off=F("balance_minor") - Coalesce(Sum("lines__amount_minor"), 0)
    ).exclude(off=0)
    found = [Difference(f"entry {row['entry__key']}", row["total"], row["currency"]) for row in entries]
    found += [Difference("all lines", row["total"], row["currency"]) for row in whole]
    found += [Difference(f"account {account.code}", account.off, account.currency) for account in accounts]
    return found
