"""One unsurprising factory per model of rewards."""

import factory
from factory.django import DjangoModelFactory

from rewards.rules.models import RewardRule
from tests.factories.accounts import WorkspaceFactory


class RewardRuleFactory(DjangoModelFactory):
    class Meta:
        model = RewardRule

    workspace = factory.SubFactory(WorkspaceFactory)
    side = "referrer"
    trigger = "won"
    kind = "gift_card"
    amount_minor = 50_000
    currency = "USD"
    hold_days = 30
    state = "live"
