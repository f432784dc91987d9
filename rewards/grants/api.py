"""Rewards over HTTP."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from accounts.api.fields import MoneyOf, PublicId, StrictSerializer
from accounts.api.views import ListView, WorkspaceAPIView
from accounts.tenancy import ids
from rewards.grants import actions
from rewards.grants.models import Reward
from rewards.rules.models import RewardKind

_WRITE = "rewards:write"
# Rewards only hand back the id they were given; outside it is known as a referral's.
_SOURCE_PREFIX = "ref"


class BeneficiaryOutput(serializers.Serializer):
    contact = PublicId(prefix="con")
    company = PublicId(prefix="cmp")


class PayoutOutput(serializers.Serializer):
    """How it was paid: by hand."""

    rail = serializers.CharField()
    paid_at = serializers.DateTimeField()
    note = serializers.CharField()


class RewardOutput(serializers.Serializer):
    id = PublicId()
    kind = serializers.ChoiceField(choices=RewardKind.choices)
    amount = MoneyOf(amount="amount_minor")
    state = serializers.ChoiceField(choices=Reward.State.choices)
    side = serializers.CharField()
    rule = PublicId(prefix="rul")
    sentence = serializers.CharField()
    referral = serializers.SerializerMethodField()
    beneficiary = BeneficiaryOutput(source="*")
    granted_at = serializers.DateTimeField()
    hold_until = serializers.DateTimeField()
    approved_at = serializers.DateTimeField(allow_null=True)
    payout = serializers.SerializerMethodField()
    ended_reason = serializers.CharField()
    updated_at = serializers.DateTimeField()

    def get_referral(self, reward: Reward) -> str:
        return ids.encode(_SOURCE_PREFIX, reward.source_id)

    @extend_schema_field(PayoutOutput(allow_null=True))
    def get_payout(self, reward: Reward) -> dict[str, Any] | None:
        if reward.paid_at is None:
            return None
        return {"rail": "manual", "paid_at": reward.paid_at, "note": reward.paid_note}


class NothingInput(StrictSerializer):
    """An empty body."""


class CancelInput(StrictSerializer):
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=240)


class FulfilInput(StrictSerializer):
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=240)


class RewardsView(ListView):
    """Rewards, newest first."""

    output = RewardOutput
    filters = ("state", "contact")

    def rows(self) -> Any:
        wanted = {
            "state": self.choice_filter("state", Reward.State),
            "contact_id": self.id_filter("contact", "con"),
        }
        return self.workspace.rewards.filter(**{column: value for column, value in wanted.items() if value})


class RewardView(WorkspaceAPIView):
    """One reward."""

    @extend_schema(responses=RewardOutput)
    def get(self, request: Any, reward_id: str) -> Response:
        return Response(RewardOutput(self.one(self.workspace.rewards.all(), reward_id)).data)


class ApproveView(WorkspaceAPIView):
    """Approve a reward up to the amount that needs a second person."""

    write_scope = _WRITE

    @extend_schema(request=NothingInput, responses=RewardOutput)
    def post(self, request: Any, reward_id: str) -> Response:
        reward = self.one(self.workspace.rewards.select_related("workspace"), reward_id)
        self.judged(NothingInput)
        reward = actions.approve(reward=reward, by=self.actor, now=timezone.now())
        return Response(RewardOutput(reward).data)


class CancelView(WorkspaceAPIView):
    """Owe a reward no more."""

    write_scope = _WRITE

    @extend_schema(request=CancelInput, responses=RewardOutput)
    def post(self, request: Any, reward_id: str) -> Response:
        reward = self.one(self.workspace.rewards.all(), reward_id)
        fields = self.judged(CancelInput)
        return Response(RewardOutput(actions.cancel(reward=reward, by=self.actor, now=timezone.now(), **fields)).data)


class FulfilView(WorkspaceAPIView):
    """Note that an approved reward was handed over by hand."""

    write_scope = _WRITE

    @extend_schema(request=FulfilInput, responses=RewardOutput)
    def post(self, request: Any, reward_id: str) -> Response:
        reward = self.one(self.workspace.rewards.all(), reward_id)
        fields = self.judged(FulfilInput)
        return Response(RewardOutput(actions.fulfil(reward=reward, by=self.actor, now=timezone.now(), **fields)).data)
