"""Reward rules over HTTP: read only."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.api.fields import MoneyOf, PublicId
from accounts.api.views import ListView, WorkspaceAPIView
from rewards.rules.models import RewardKind, RewardRule
from rewards.rules.sentences import sentence


class RuleOutput(serializers.Serializer):
    id = PublicId()
    side = serializers.ChoiceField(choices=RewardRule.Side.choices)
    trigger = serializers.ChoiceField(choices=RewardRule.Trigger.choices)
    kind = serializers.ChoiceField(choices=RewardKind.choices)
    amount = MoneyOf(amount="amount_minor")
    hold_days = serializers.IntegerField()
    state = serializers.ChoiceField(choices=RewardRule.State.choices)
    sentence = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_sentence(self, rule: RewardRule) -> str:
        return sentence(rule)


class RulesView(ListView):
    """What is promised to whom, live and retired."""

    output = RuleOutput
    filters = ("state", "side")

    def rows(self) -> Any:
        wanted = {
            "state": self.choice_filter("state", RewardRule.State),
            "side": self.choice_filter("side", RewardRule.Side),
        }
        return self.workspace.reward_rules.filter(**{column: value for column, value in wanted.items() if value})


class RuleView(WorkspaceAPIView):
    """One rule."""

    @extend_schema(responses=RuleOutput)
    def get(self, request: Any, rule_id: str) -> Response:
        return Response(RuleOutput(self.one(self.workspace.reward_rules.all(), rule_id)).data)
