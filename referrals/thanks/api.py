"""Thank-yous over HTTP: who is owed one, and saying it."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.api.fields import PublicId, StrictSerializer
from accounts.api.views import ListView, WorkspaceAPIView
from referrals.thanks import actions
from referrals.thanks.models import ThankYou

_WRITE = "referrals:write"


class ThankYouOutput(serializers.Serializer):
    id = PublicId()
    contact = PublicId(prefix="con")
    referral = PublicId(prefix="ref", allow_null=True)
    occasion = serializers.ChoiceField(choices=ThankYou.Occasion.choices)
    state = serializers.ChoiceField(choices=ThankYou.State.choices)
    subject = serializers.CharField()
    body = serializers.CharField()
    owed_since = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)


class WordsInput(StrictSerializer):
    subject = serializers.CharField(required=False, max_length=300)
    body = serializers.CharField(required=False, max_length=20_000)


class SaidInput(StrictSerializer):
    """An empty body."""


class ThankYouSkipInput(StrictSerializer):
    reason = serializers.CharField(max_length=240)


class ThankYousView(ListView):
    """Who is owed thanks, and who was thanked."""

    output = ThankYouOutput
    filters = ("state", "contact")

    def rows(self) -> Any:
        rows = self.workspace.thank_yous.all()
        state, contact = self.choice_filter("state", ThankYou.State), self.id_filter("contact", "con")
        rows = rows.filter(state=state) if state else rows
        return rows.filter(contact=contact) if contact else rows


class ThankYouView(WorkspaceAPIView):
    @extend_schema(responses=ThankYouOutput)
    def get(self, request: Any, thank_you_id: str) -> Response:
        return Response(ThankYouOutput(self.one(self.workspace.thank_yous.all(), thank_you_id)).data)


class ThankYouSendView(WorkspaceAPIView):
    """Send it as the person who looks after the customer, in their words or in yours."""

    write_scope = _WRITE

    @extend_schema(request=WordsInput, responses=ThankYouOutput)
    def post(self, request: Any, thank_you_id: str) -> Response:
        thank_you = self.one(self.workspace.thank_yous.all(), thank_you_id)
        words = self.judged(WordsInput)
        thank_you = actions.send(thank_you=thank_you, by=self.actor, now=timezone.now(), **words)
        return Response(ThankYouOutput(thank_you).data)


class ThankYouSaidView(WorkspaceAPIView):
    """It was said in person, or on a card."""

    write_scope = _WRITE

    @extend_schema(request=SaidInput, responses=ThankYouOutput)
    def post(self, request: Any, thank_you_id: str) -> Response:
        thank_you = self.one(self.workspace.thank_yous.all(), thank_you_id)
        self.judged(SaidInput)
        thank_you = actions.mark_said(thank_you=thank_you, by=self.actor, now=timezone.now())
        return Response(ThankYouOutput(thank_you).data)


class ThankYouSkipView(WorkspaceAPIView):
    """Leave it out, with a reason that stays on the record."""

    write_scope = _WRITE

    @extend_schema(request=ThankYouSkipInput, responses=ThankYouOutput)
    def post(self, request: Any, thank_you_id: str) -> Response:
        thank_you = self.one(self.workspace.thank_yous.all(), thank_you_id)
        reason = self.judged(ThankYouSkipInput)["reason"]
        thank_you = actions.skip(thank_you=thank_you, reason=reason, by=self.actor, now=timezone.now())
        return Response(ThankYouOutput(thank_you).data)
