from datetime import date

import pytest

from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.money import Money
from rewards.rules import actions as rules
from rewards.rules.actions import RuleNotLive
from rewards.rules.models import RewardRule
from rewards.rules.sentences import promise, sentence
from tests.factories.accounts import NOW


def rule(**fields):
    wanted = {"side": "referrer", "trigger": "won", "kind": "gift_card", "amount_minor": 50_000, "currency": "USD"}
    return RewardRule(**{**wanted, "hold_days": 30, **fields})


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "You get a gift card of $500 within 37 days after the person you introduced has become a customer."),
        (
            {"kind": "account_credit", "amount_minor": 100_050},
            "You get $1,000.50 of account credit for your company within 7 days after the person you introduced has"
            " become a customer.",
        ),
        (
            {"kind": "cash", "trigger": "met", "hold_days": 0, "currency": "EUR"},
            "You get €500 in cash within 7 days after we have met the person you introduced.",
        ),
        (
            {"side": "referee", "kind": "charity"},
            "You get $500 given to a good cause you choose within 37 days after you have become a customer.",
        ),
        (
            {"kind": "note", "amount_minor": 0, "trigger": "qualified"},
            "You get a handwritten note within 7 days after it is clear that we can help the person you introduced.",
        ),
        (
            {"kind": "thanks", "amount_minor": 0},
            "When the person you introduced has become a customer, you get our thanks, and nothing else.",
        ),
    ],
)
def test_a_rule_is_one_plain_sentence(fields, text):
    assert sentence(rule(**fields)) == text


def test_a_promise_names_its_day():
    assert sentence(rule(), promised_on=date(2026, 12, 24)) == (
        "You get a gift card of $500 by 24 December 2026, because the person you introduced has become a customer."
    )


def test_only_money_that_leaves_the_house_waits():
    waits = {kind: promise(rule(kind=kind)).days for kind in ("cash", "gift_card", "account_credit", "swag")}

    assert waits == {"cash": 37, "gift_card": 37, "account_credit": 7, "swag": 7}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"amount_minor": 0}, "amount"),
        ({"kind": "note"}, "amount"),
        ({"currency": "XXX"}, "amount"),
        ({"kind": "yacht"}, "kind"),
        ({"side": "referee", "trigger": "met"}, "trigger"),
        ({"hold_days": 366}, "hold_days"),
    ],
)
def test_a_rule_no_sentence_can_say_is_refused(fields, field):
    with pytest.raises(InvalidInput) as refused:
        sentence(rule(**fields))

    assert refused.value.field == field


def make_live(workspace, amount=50_000, side="referrer"):
    return rules.create(
        workspace=workspace, side=side, kind="gift_card", amount=Money(amount, "USD"), by=SYSTEM, now=NOW
    )


def test_one_rule_is_live_per_side(in_acme):
    first, other_side = make_live(in_acme), make_live(in_acme, side="referee")
    second = make_live(in_acme, amount=70_000)

    states = {row.pk: row.state for row in in_acme.reward_rules.all()}
    assert states == {first.pk: "retired", other_side.pk: "live", second.pk: "live"}


def test_a_refused_rule_leaves_the_live_one_alone(in_acme):
    live = make_live(in_acme)
    with pytest.raises(InvalidInput):
        make_live(in_acme, amount=0)

    assert list(in_acme.reward_rules.values_list("pk", "state")) == [(live.pk, "live")]


def test_retiring_twice_is_refused(in_acme):
    live = make_live(in_acme)
    rules.retire(rule=live, by=SYSTEM, now=NOW)

    with pytest.raises(RuleNotLive):
        rules.retire(rule=live, by=SYSTEM, now=NOW)
