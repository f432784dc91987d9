"""Companies, contacts, outcomes, holds, revenue and deals as the API takes and gives them."""

import re
from datetime import date
from typing import Any

from rest_framework import serializers

from accounts.api.fields import IdInput, MoneyField, MoneyOf, PublicId, StrictSerializer
from accounts.customers import queries
from accounts.customers.gate import Verdict
from accounts.customers.models import AcquiredVia, Company, Contact, Deal, Hold, MonthlyRevenue
from accounts.customers.references import AttributesField, CompanyReference, ContactReference, PersonFields, text
from accounts.customers.validity import check_country, check_domain

DOMAINS_LIMIT = 50


class CompanyInput(StrictSerializer):
    external_id = serializers.CharField(required=False, max_length=200)
    name = serializers.CharField(required=False, max_length=200)
    domains = serializers.ListField(
        required=False,
        max_length=DOMAINS_LIMIT,
        child=serializers.CharField(max_length=300, validators=[check_domain]),
    )
    industry = text(120)
    country = serializers.CharField(
        required=False, allow_blank=True, allow_null=True, max_length=2, validators=[check_country]
    )
    arr = MoneyField(required=False, allow_null=True)
    plan = text(120)
    trial = serializers.BooleanField(required=False)
    seats = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=2**31 - 1)
    customer_since = serializers.DateField(required=False, allow_null=True)
    churned_at = serializers.DateTimeField(required=False, allow_null=True)
    renewal_on = serializers.DateField(required=False, allow_null=True)
    renewal_signed_at = serializers.DateTimeField(required=False, allow_null=True)
    usage_score = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=100)
    owner_email = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=254)
    owner_since = serializers.DateField(required=False, allow_null=True)
    acquired_via = serializers.ChoiceField(choices=AcquiredVia.choices, required=False)
    referrer_hint = text(200)
    publicity = serializers.ChoiceField(choices=Company.Publicity.choices, required=False)
    gift_policy = serializers.ChoiceField(choices=Company.GiftPolicy.choices, required=False)
    attributes = AttributesField()

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if not data.get("external_id") and not data.get("domains"):
            raise serializers.ValidationError({"external_id": ["Give an external_id or a domain."]}, code="required")
        return data


class CompanyOutput(serializers.Serializer):
    id = PublicId()
    external_id = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    domains = serializers.SerializerMethodField()
    industry = serializers.CharField()
    country = serializers.CharField()
    arr = MoneyOf(amount="arr_minor")
    plan = serializers.CharField()
    trial = serializers.BooleanField()
    seats = serializers.IntegerField(allow_null=True)
    customer_since = serializers.DateField(allow_null=True)
    churned_at = serializers.DateTimeField(allow_null=True)
    renewal_on = serializers.DateField(allow_null=True)
    renewal_signed_at = serializers.DateTimeField(allow_null=True)
    usage_score = serializers.IntegerField(allow_null=True)
    owner_email = serializers.SerializerMethodField()
    owner_since = serializers.DateField(allow_null=True)
    acquired_via = serializers.CharField()
    referrer_hint = serializers.CharField()
    publicity = serializers.CharField()
    gift_policy = serializers.CharField()
    attributes = serializers.JSONField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_domains(self, company: Company) -> list[str]:
        return sorted(row.domain for row in company.domains.all())

    def get_owner_email(self, company: Company) -> str | None:
        return company.owner.email if company.owner else None


class ContactInput(PersonFields):
    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if not data.get("external_id") and not data.get("email"):
            raise serializers.ValidationError({"external_id": ["Give an external_id or an email."]}, code="required")
        return data


class ReasonOutput(serializers.Serializer):
    code = serializers.CharField()
    detail = serializers.CharField()
    until = serializers.DateTimeField(allow_null=True)


class VerdictOutput(serializers.Serializer):
    ok = serializers.BooleanField()
    reasons = ReasonOutput(many=True)


class ContactableOutput(serializers.Serializer):
    asks = VerdictOutput()
    surveys = VerdictOutput()
    campaigns = VerdictOutput()


class LatestScoreOutput(serializers.Serializer):
    score = serializers.IntegerField()
    at = serializers.DateTimeField()


class ContactOutput(serializers.Serializer):
    """A person, what they said last, and whether they may be written to."""

    # The context holds `now` and the verdicts of `queries.contactable`, read once for a whole list.

    id = PublicId()
    external_id = serializers.CharField(allow_null=True)
    email = serializers.CharField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    title = serializers.CharField()
    seniority = serializers.CharField()
    phone = serializers.CharField()
    linkedin_url = serializers.CharField()
    locale = serializers.CharField()
    timezone = serializers.CharField()
    country = serializers.CharField()
    company = PublicId(prefix="cmp")
    preferred_reward = serializers.CharField()
    attributes = serializers.JSONField()
    latest_scores = serializers.DictField(child=LatestScoreOutput())
    is_promoter = serializers.SerializerMethodField()
    expert_score = serializers.IntegerField(allow_null=True)
    contactable = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_is_promoter(self, contact: Contact) -> bool:
        return queries.is_promoter(contact, now=self.context["now"])

    def get_contactable(self, contact: Contact) -> ContactableOutput:  # type: ignore[valid-type]  # for the schema
        verdicts: dict[str, Verdict] = self.context["contactable"][contact.pk]
        return {purpose: verdict.as_json() for purpose, verdict in verdicts.items()}  # type: ignore[return-value]


class OutcomeInput(StrictSerializer):
    contact = ContactReference(required=False)
    company = CompanyReference(required=False)
    metric = serializers.CharField(max_length=120)
    baseline = text(60)
    now = text(60)
    unit = text(40)
    period = text(60)
    old_challenge = text(240)
    summary = text(240)
    source = text(120)  # type: ignore[assignment]  # the word of the API
    approved_by = text(120)
    approved_at = serializers.DateTimeField(required=False, allow_null=True)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if "contact" not in data and "company" not in data:
            raise serializers.ValidationError({"contact": ["Say whose: a contact's or a company's."]}, code="required")
        return data


class OutcomeOutput(serializers.Serializer):
    id = PublicId()
    contact = PublicId(prefix="con")
    company = PublicId(prefix="cmp")
    metric = serializers.CharField()
    baseline = serializers.CharField()
    now = serializers.CharField()
    unit = serializers.CharField()
    period = serializers.CharField()
    old_challenge = serializers.CharField()
    summary = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # the word of the API
    approved_by = serializers.CharField()
    approved_at = serializers.DateTimeField(allow_null=True)
    approved_until = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class HoldInput(StrictSerializer):
    contact = ContactReference(required=False)
    company = CompanyReference(required=False)
    purpose = serializers.ChoiceField(choices=Hold.Purpose.choices, required=False, default=Hold.Purpose.ASKS)
    reason = serializers.ChoiceField(choices=Hold.Reason.choices)
    detail = serializers.CharField(required=False, allow_blank=True, max_length=240, default="")
    until = serializers.DateTimeField(required=False, allow_null=True, default=None)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if ("contact" in data) == ("company" in data):
            raise serializers.ValidationError({"contact": ["Give either a contact or a company."]}, code="required")
        return data


class HoldOutput(serializers.Serializer):
    id = PublicId()
    contact = PublicId(prefix="con")
    company = PublicId(prefix="cmp")
    purpose = serializers.CharField()
    reason = serializers.CharField()
    detail = serializers.CharField()
    starts_at = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)
    lifted_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class MonthField(serializers.Field):
    """A month such as "2026-11", kept as its first day."""

    default_error_messages = {"month": "Give a month such as 2026-11."}

    def to_internal_value(self, data: Any) -> date:
        found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", data) if isinstance(data, str) else None
        if found is None or found[1] == "0000":
            self.fail("month")
        return date(int(found[1]), int(found[2]), 1)

    def to_representation(self, value: date) -> str:
        return f"{value:%Y-%m}"


class RevenueInput(StrictSerializer):
    company = CompanyReference()
    month = MonthField()
    amount = serializers.IntegerField(min_value=-(2**53), max_value=2**53)
    currency = serializers.CharField(max_length=3)
    kind = serializers.ChoiceField(
        choices=MonthlyRevenue.Kind.choices, required=False, default=MonthlyRevenue.Kind.RECURRING
    )


class DealInput(StrictSerializer):
    external_id = serializers.CharField(max_length=200)
    company = CompanyReference()
    source = serializers.ChoiceField(choices=AcquiredVia.choices, required=False, default=AcquiredVia.UNKNOWN)  # type: ignore[assignment]  # the word of the API
    created_on = serializers.DateField()
    closed_on = serializers.DateField(required=False, allow_null=True, default=None)
    outcome = serializers.ChoiceField(choices=Deal.Outcome.choices, required=False, default=Deal.Outcome.OPEN)
    value = MoneyField(required=False, allow_null=True, default=None)


class ContactMergeInput(StrictSerializer):
    keep = IdInput(rows="contacts", prefix="con", what="contact")
    merge = IdInput(rows="contacts", prefix="con", what="contact")


class CompanyMergeInput(StrictSerializer):
    keep = IdInput(rows="companies", prefix="cmp", what="company")
    merge = IdInput(rows="companies", prefix="cmp", what="company")
