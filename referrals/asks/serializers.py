"""Asks as the REST API shows and takes them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.fields import PublicId, StrictSerializer
from accounts.customers.references import ContactReference
from accounts.tenancy import ids
from referrals.asks.models import Ask
from referrals.asks.queries import minutes_to_ask
from referrals.links.addresses import advocate_url, landing_url

# Where an ask that was made elsewhere can have been made.
CHANNELS_ELSEWHERE = [Ask.Channel.MAIL.value, Ask.Channel.CALL.value, Ask.Channel.ELSEWHERE.value]


class LinkOutput(serializers.Serializer):
    code = serializers.CharField()
    url = serializers.CharField()


class SenderOutput(serializers.Serializer):
    """`id` is null where the workspace's own sender asks."""

    id = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    email = serializers.CharField()


class ProblemOutput(serializers.Serializer):
    code = serializers.CharField()
    detail = serializers.CharField()
    token = serializers.CharField()


class AskOutput(serializers.Serializer):
    id = PublicId()
    program = PublicId(prefix="prg")
    also_matched = serializers.SerializerMethodField()
    contact = PublicId(prefix="con")
    moment = PublicId(prefix="mom")
    state = serializers.ChoiceField(choices=Ask.State.choices)
    answer = serializers.SerializerMethodField()
    channel = serializers.ChoiceField(choices=Ask.Channel.choices)
    policy = serializers.ChoiceField(choices=Ask.Policy.choices)
    sender = serializers.SerializerMethodField()
    subject = serializers.CharField()
    body = serializers.CharField()
    # Why the draft can't go out as it is; empty when it can.
    problems = ProblemOutput(many=True)
    send_at = serializers.DateTimeField(allow_null=True)
    deadline_at = serializers.DateTimeField()
    late_by_choice = serializers.BooleanField()
    queued_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    minutes_to_ask = serializers.SerializerMethodField()
    ended_reason = serializers.CharField()
    advocate_url = serializers.SerializerMethodField()
    link = serializers.SerializerMethodField()

    def get_also_matched(self, ask: Ask) -> list[str]:
        return [ids.encode("prg", key) for key in ask.also_matched]

    @extend_schema_field(serializers.ChoiceField(choices=Ask.Answer.choices, allow_null=True))
    def get_answer(self, ask: Ask) -> str | None:
        return ask.answer or None

    @extend_schema_field(SenderOutput)
    def get_sender(self, ask: Ask) -> dict[str, Any]:
        member = ids.encode("mbr", ask.sender_id) if ask.sender_id else None
        return {"id": member, "name": ask.sender_name, "email": ask.sender_email}

    def get_minutes_to_ask(self, ask: Ask) -> int | None:
        return minutes_to_ask(ask)

    def get_advocate_url(self, ask: Ask) -> str:
        return advocate_url(ask.link)

    @extend_schema_field(LinkOutput)
    def get_link(self, ask: Ask) -> dict[str, str]:
        return {"code": ask.link.code, "url": landing_url(ask.link)}


class AskChanges(StrictSerializer):
    subject = serializers.CharField(required=False, max_length=300)
    body = serializers.CharField(required=False, max_length=8_000, trim_whitespace=False)
    send_at = serializers.DateTimeField(required=False)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if not data:
            raise serializers.ValidationError({"subject": ["Give subject, body or send_at."]}, code="required")
        return data


class SendInput(StrictSerializer):
    """Nothing: sending takes the ask as it is."""


class SkipInput(StrictSerializer):
    reason = serializers.CharField(max_length=240)


class ElsewhereInput(StrictSerializer):
    contact = ContactReference()
    made_at = serializers.DateTimeField(required=False)
    channel = serializers.ChoiceField(choices=CHANNELS_ELSEWHERE, required=False, default=Ask.Channel.ELSEWHERE.value)
