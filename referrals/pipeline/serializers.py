"""Referrals as the API takes and gives them."""

from typing import Any

from rest_framework import serializers

from accounts.api.fields import IdInput, MoneyField, MoneyOf, PublicId, StrictSerializer
from accounts.customers.references import AttributesField, ContactReference
from referrals.pipeline import fraud
from referrals.pipeline.models import Referral


def text(length: int) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, default="", max_length=length)


class ReferrerInput(StrictSerializer):
    """`{"contact": {...}}`, or the reference itself."""

    contact = ContactReference()

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and "contact" not in data:
            data = {"contact": data}
        return super().to_internal_value(data)


class RefereeInput(StrictSerializer):
    name = serializers.CharField(max_length=200)
    email = text(254)
    phone = text(40)
    title = text(200)
    company_name = text(200)
    company_domain = text(253)
    timezone = text(64)


class ReferralInput(StrictSerializer):
    referrer = ReferrerInput(required=False)
    link_code = serializers.CharField(required=False, max_length=40)
    program = IdInput(rows="programs", prefix="prg", what="program", required=False)
    referee = RefereeInput()
    source = serializers.ChoiceField(choices=Referral.Source.choices, required=False)  # type: ignore[assignment]  # the contract's name
    relation = text(200)
    advocate_note = text(5_000)
    external_id = serializers.CharField(required=False, max_length=200)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if ("referrer" in data) == ("link_code" in data):
            raise serializers.ValidationError({"referrer": ["Say who referred: referrer or link_code, one of them."]})
        return data


class ReferralChange(StrictSerializer):
    owner_email = serializers.CharField(required=False, allow_null=True, max_length=254)
    note = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    attributes = AttributesField()


class TransitionInput(StrictSerializer):
    stage = serializers.ChoiceField(choices=Referral.Stage.choices)
    reason = text(240)
    deal_value = MoneyField(required=False, allow_null=True, default=None)
    occurred_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class RefereeOutput(serializers.Serializer):
    """Who is referred; `contact` once they are a customer."""

    name = serializers.CharField(source="referee_name")
    email = serializers.CharField(source="referee_email")
    phone = serializers.CharField(source="referee_phone")
    title = serializers.CharField(source="referee_title")
    company_name = serializers.CharField(source="referee_company_name")
    company_domain = serializers.CharField(source="referee_company_domain")
    contact = PublicId(prefix="con", source="referee_contact")


class FraudOutput(serializers.Serializer):
    score = serializers.IntegerField()
    level = serializers.CharField()
    reasons = serializers.ListField(child=serializers.DictField())


class ReferralOutput(serializers.Serializer):
    id = PublicId()
    stage = serializers.ChoiceField(choices=Referral.Stage.choices)
    kind = serializers.ChoiceField(choices=Referral.Kind.choices)
    source = serializers.ChoiceField(choices=Referral.Source.choices)  # type: ignore[assignment]  # the same
    referrer = PublicId(prefix="con")
    referee = RefereeOutput(source="*")
    program = PublicId(prefix="prg")
    link = PublicId(prefix="lnk")
    ask = PublicId(prefix="ask")
    owner = PublicId(prefix="mbr")
    owner_email = serializers.CharField(source="owner.email", default=None)
    relation = serializers.CharField()
    advocate_note = serializers.CharField()
    wishes = serializers.CharField()
    note = serializers.CharField()
    attributes = serializers.JSONField()
    deal_value = MoneyOf(amount="deal_value_minor", currency="deal_currency")
    lost_reason = serializers.CharField()
    fraud = serializers.SerializerMethodField()
    decision = serializers.CharField()
    external_id = serializers.CharField(allow_null=True)
    stage_changed_at = serializers.DateTimeField()
    won_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_fraud(self, referral: Referral) -> FraudOutput:
        referrer = referral.referrer
        found = fraud.judge(
            referrer_email=referrer.email if referrer else "",
            referrer_phone=referrer.phone if referrer else "",
            referee_email=referral.referee_email,
            referee_phone=referral.referee_phone,
        )
        return found.as_json()  # type: ignore[return-value]  # the annotation is for the API document
