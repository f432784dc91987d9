"""Every rule is one plain sentence for the person it is for, with the date we promise."""

from datetime import date, timedelta

from accounts.tenancy import money
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.money import Money
from rewards.rules.models import RewardKind, RewardRule

Side, Trigger = RewardRule.Side, RewardRule.Trigger

# Approved rewards are paid in a weekly run.
RUN = timedelta(days=7)
MONEY = (RewardKind.ACCOUNT_CREDIT, RewardKind.CASH, RewardKind.GIFT_CARD, RewardKind.CHARITY)
# Money that leaves the house waits until the deal has settled; the rest is promised at once.
HELD_KINDS = (RewardKind.CASH, RewardKind.GIFT_CARD, RewardKind.CHARITY)
LONGEST_HOLD = 365

_WHAT = {
    RewardKind.ACCOUNT_CREDIT: "{amount} of account credit for your company",
    RewardKind.CASH: "{amount} in cash",
    RewardKind.GIFT_CARD: "a gift card of {amount}",
    RewardKind.CHARITY: "{amount} given to a good cause you choose",
    RewardKind.DISCOUNT: "a discount for your company",
    RewardKind.SWAG: "something to keep",
    RewardKind.NOTE: "a handwritten note",
    RewardKind.THANKS: "our thanks, and nothing else",
}
_WHEN = {
    (Side.REFERRER, Trigger.MET): "we have met the person you introduced",
    (Side.REFERRER, Trigger.QUALIFIED): "it is clear that we can help the person you introduced",
    (Side.REFERRER, Trigger.WON): "the person you introduced has become a customer",
    (Side.REFEREE, Trigger.WON): "you have become a customer",
}


def sentence(rule: RewardRule, *, promised_on: date | None = None, locale: str = "en_US") -> str:
    """What the rule promises, said to the one it is for.

    Without `promised_on` the promise is a number of days after the fact, with it the date. Raises InvalidInput for a
    rule that no sentence can say.
    """
    what = _what(rule, locale)
    when = _WHEN.get((Side(rule.side), Trigger(rule.trigger)))
    if when is None:
        raise InvalidInput("A referred person is promised something for becoming a customer only.", field="trigger")
    if rule.kind == RewardKind.THANKS:
        return f"When {when}, you get {what}."
    if promised_on is not None:
        return f"You get {what} by {promised_on.day} {promised_on:%B %Y}, because {when}."
    return f"You get {what} within {promise(rule).days} days after {when}."


def hold(rule: RewardRule) -> timedelta:
    """How long the reward waits before a person may approve it."""
    return timedelta(days=rule.hold_days) if rule.kind in HELD_KINDS else timedelta(0)


def promise(rule: RewardRule) -> timedelta:
    """From the fact to the day by which we promise it: the wait, and the weekly run after it."""
    return hold(rule) + RUN


def _what(rule: RewardRule, locale: str) -> str:
    if rule.kind not in _WHAT:
        raise InvalidInput("We have no words for this kind of reward.", field="kind")
    if rule.kind in MONEY and rule.amount_minor <= 0:
        raise InvalidInput("Say how much: a promise of money needs an amount.", field="amount")
    if rule.kind not in MONEY and rule.amount_minor:
        raise InvalidInput("This kind of reward has no amount of money.", field="amount")
    if rule.hold_days > LONGEST_HOLD:
        raise InvalidInput("Nobody waits longer than a year for a thank-you.", field="hold_days")
    try:
        amount = money.format(Money(rule.amount_minor, rule.currency), locale)
    except money.MoneyError as error:
        raise InvalidInput(str(error), field="amount") from error
    return _WHAT[RewardKind(rule.kind)].format(amount=amount)
