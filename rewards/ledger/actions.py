"""Posting to the journal. Nothing is edited or deleted; what was wrong is reversed by a further entry."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from accounts.tenancy.models import TenantModel, Workspace
from accounts.tenancy.money import Money
from rewards.ledger.errors import Overspent, UnbalancedError
from rewards.ledger.models import LedgerAccount, LedgerEntry, LedgerLine

Code = LedgerAccount.Code

# What is owed or under way stands on the credit side: above zero somebody would be paid what was never owed.
NEVER_POSITIVE = (Code.PAYABLE, Code.IN_FLIGHT)


@dataclass(frozen=True, slots=True)
class Line:
    """One side of an entry: debits are positive, credits negative."""

    code: str
    amount: Money


def transfer(amount: Money, *, debit: str, credit: str) -> tuple[Line, Line]:
    """The two lines that move an amount from one account to another."""
    return Line(debit, amount), Line(credit, -amount)


@transaction.atomic
def post(
    *,
    workspace: Workspace,
    key: str,
    kind: str,
    lines: Sequence[Line],
    reward: TenantModel | None,
    now: datetime,
    memo: str = "",
) -> LedgerEntry:
    """Post one entry and move the balances with it; a key posted before gives the first entry and moves nothing.

    Raises UnbalancedError unless the lines add up to nothing per currency, Overspent if more than is owed would move.
    """
    _judge(lines)
    entry, created = LedgerEntry.objects.get_or_create(  # type: ignore[misc]  # rewards are a floor above
        workspace=workspace,
        key=key,
        defaults={"kind": kind, "reward": reward, "occurred_at": now, "memo": memo[:240]},
    )
    if not created:
        return entry
    accounts = _accounts(workspace, {(line.code, line.amount.currency) for line in lines})
    LedgerLine.objects.bulk_create(
        LedgerLine(
            workspace=workspace,
            entry=entry,
            account=accounts[line.code, line.amount.currency],
            amount_minor=line.amount.amount,
            currency=line.amount.currency,
        )
        for line in lines
    )
    # Always in the same order, so that two entries never wait for each other.
    for name in sorted(accounts):
        moved = sum(line.amount.amount for line in lines if (line.code, line.amount.currency) == name)
        _move(workspace, accounts[name], moved)
    return entry


def _judge(lines: Sequence[Line]) -> None:
    if len(lines) < 2 or any(line.amount.amount == 0 for line in lines):
        raise UnbalancedError("An entry has two lines or more, none of them empty.")
    sums: dict[str, int] = defaultdict(int)
    for line in lines:
        sums[line.amount.currency] += line.amount.amount
    if any(sums.values()):
        raise UnbalancedError(f"The lines do not add up to nothing: {dict(sums)}.")


def _accounts(workspace: Workspace, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], LedgerAccount]:
    accounts = {}
    for code, currency in sorted(names):
        account, _created = LedgerAccount.objects.get_or_create(workspace=workspace, code=code, currency=currency)
        accounts[code, currency] = account
    return accounts


def _move(workspace: Workspace, account: LedgerAccount, amount: int) -> None:
    """A guarded UPDATE: reading the sum first would let two spend the same balance."""
    allowed = ~Q(code__in=NEVER_POSITIVE) | Q(balance_minor__lte=-amount)
    rows = LedgerAccount.objects.filter(allowed, workspace=workspace, pk=account.pk)
    if not rows.update(balance_minor=F("balance_minor") + amount):
        raise Overspent("This is more than is owed.")
