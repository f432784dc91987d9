"""A few promises to choose from, "just thanks" first. Everything finer is written in Settings, Reward rules."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.tenancy import money
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.money import Money
from rewards.rules.models import RewardKind, RewardRule
from rewards.rules.sentences import sentence

# What people notice on a contract of ordinary size (product.md section 6 names the amounts).
_MONEY = 500
_HOLD_DAYS = 30
_KINDS = {
    "thanks": (RewardKind.THANKS, 0, "Most people introduce a friend because they trust you. Begin here."),
    "note": (RewardKind.NOTE, 0, "Costs a stamp, and is kept."),
    "credit": (RewardKind.ACCOUNT_CREDIT, _MONEY, "Goes to their company, so nobody has to ask their boss."),
    "charity": (RewardKind.CHARITY, _MONEY, "For people who may not take gifts."),
    "gift_card": (RewardKind.GIFT_CARD, _MONEY, "A person gets it. Some employers forbid it."),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One choice: the sentence people would read, and a word on it."""

    code: str
    sentence: str
    why: str


def offers(currency: str) -> list[Offer]:
    """All of them in the workspace's currency."""
    return [Offer(code, sentence(_rule(code, currency)), why) for code, (_kind, _amount, why) in _KINDS.items()]


def terms_of(code: str, currency: str) -> dict[str, Any]:
    """What `rules.create` takes. Raises InvalidInput for a choice there is not."""
    if code not in _KINDS:
        raise InvalidInput("Choose one of the sentences.", field="offer")
    rule = _rule(code, currency)
    amount = Money(rule.amount_minor, currency)
    return {"side": rule.side, "kind": rule.kind, "amount": amount, "hold_days": rule.hold_days}


def _rule(code: str, currency: str) -> RewardRule:
    kind, amount, _why = _KINDS[code]
    return RewardRule(
        side=RewardRule.Side.REFERRER,
        trigger=RewardRule.Trigger.WON,
        kind=kind,
        amount_minor=money.from_decimal(Decimal(amount), currency).amount,
        currency=currency,
        hold_days=_HOLD_DAYS,
    )
