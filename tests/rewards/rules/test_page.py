"""Reward rules on their page: one reads the sentence, then promises it."""

import pytest

from accounts.members.models import User
from rewards.rules.models import RewardRule

PAGE = "/app/acme/settings/rewards"
CARD = {
    "side": "referrer",
    "trigger": "won",
    "kind": "gift_card",
    "amount": "500",
    "currency": "USD",
    "hold_days": "30",
}


@pytest.fixture
def owner(client, ana, in_acme):
    client.force_login(User.objects.get(pk=ana.user_id))
    return client


def live():
    rules = RewardRule.objects.filter(state="live").order_by("pk")
    return [(rule.side, rule.kind, rule.amount_minor, rule.currency, rule.hold_days) for rule in rules]


def test_the_sentence_comes_first_and_promises_nothing(owner):
    answer = owner.post(PAGE, CARD)

    assert answer.context["form"].sentence == (
        "You get a gift card of $500 within 37 days after the person you introduced has become a customer."
    )
    assert live() == []


def test_a_confirmed_sentence_is_promised(owner):
    read = owner.post(PAGE, CARD).context["form"].sentence

    answer = owner.post(PAGE, CARD | {"confirm": read})

    assert (answer.status_code, live()) == (302, [("referrer", "gift_card", 50_000, "USD", 30)])


def test_who_changes_a_field_after_reading_sees_the_new_sentence_first(owner):
    read = owner.post(PAGE, CARD).context["form"].sentence

    answer = owner.post(PAGE, CARD | {"amount": "900", "confirm": read})

    assert "$900" in answer.context["form"].sentence
    assert live() == []


def test_what_cannot_be_promised_is_told_beside_its_field_with_what_was_typed(owner):
    answer = owner.post(PAGE, CARD | {"amount": "500.123"})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["amount"]
    assert 'value="500.123"' in answer.content.decode()
    assert live() == []
