"""One unsurprising factory per model of rewards."""

import factory
from factory.django import DjangoModelFactory
from uuid_utils.compat import uuid7

from rewards.grants.models import Reward
from rewards.rules.models import RewardRule
from tests.factories.accounts import NOW, ContactFactory, WorkspaceFactory


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


class RewardFactory(DjangoModelFactory):
    class Meta:
        model = Reward

    workspace = factory.SelfAttribute("contact.workspace")
    contact = factory.SubFactory(ContactFactory)
    source_key = factory.Sequence(lambda n: f"referral:{n}:referrer")
    source_id = factory.LazyFunction(uuid7)
    side = "referrer"
    kind = "gift_card"
    amount_minor = 20_000
    currency = "USD"
    sentence = "You get a gift card of $200 by 24 December 2026."
    state = "pending_approval"
    granted_at = NOW
    hold_until = NOW
    created_by_kind = "system"
