"""`POST /responses`, `POST /moments`: the doors of the REST API to the one intake."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response as Answered

from accounts.api.bulk import BulkInput, BulkOutput, each_row
from accounts.api.fields import IdInput, StrictSerializer
from accounts.api.views import WorkspaceAPIView
from accounts.customers import actions as customers
from accounts.customers.references import CompanyReference, ContactReference
from accounts.tenancy import ids
from feedback.moments.actions import REPORTED_KINDS
from feedback.moments.api import MomentListView
from feedback.responses.actions import Answer
from feedback.responses.api import ResponseListView
from feedback.responses.models import Response
from feedback.surveys.models import Metric
from referrals.asks import intake
from referrals.asks.serializers import AskOutput


class ResponseInput(StrictSerializer):
    contact = ContactReference(required=False)
    company = CompanyReference(required=False)
    metric = serializers.ChoiceField(choices=Metric.choices, required=False)
    score = serializers.IntegerField(min_value=-(2**31), max_value=2**31 - 1)
    comment = serializers.CharField(required=False, allow_blank=True, max_length=10_000, default="")
    referred_recently = serializers.BooleanField(required=False, allow_null=True, default=None)
    channel = serializers.ChoiceField(choices=Response.Channel.choices, required=False, default=Response.Channel.API)
    responded_at = serializers.DateTimeField(required=False)
    survey = IdInput(rows="surveys", prefix="srv", what="survey", required=False)
    external_id = serializers.CharField(required=False, max_length=200)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if "metric" not in data and "survey" not in data:
            raise serializers.ValidationError({"metric": ["Say which metric the score belongs to."]})
        if "survey" in data and data.setdefault("metric", data["survey"].metric) != data["survey"].metric:
            raise serializers.ValidationError({"metric": [f"This survey asks for {data['survey'].metric}."]})
        return data


# Made once: its fields are the same for every ask.
_ASK = AskOutput()


class NotAskedOutput(serializers.Serializer):
    reasons = serializers.ListField(child=serializers.DictField())


class ConsequencesOutput(serializers.Serializer):
    """What followed: at most one ask, or the reasons why there is none."""

    id = serializers.CharField()
    asks = AskOutput(many=True)
    not_asked = NotAskedOutput(allow_null=True)


class IntakeOutput(ConsequencesOutput):
    metric = serializers.CharField()
    score = serializers.IntegerField()
    category = serializers.CharField()
    is_high = serializers.BooleanField()
    contact = serializers.CharField(allow_null=True)
    company = serializers.CharField(allow_null=True)
    moment = serializers.CharField(allow_null=True)


class MomentInput(StrictSerializer):
    contact = ContactReference()
    kind = serializers.ChoiceField(choices=REPORTED_KINDS)
    occurred_at = serializers.DateTimeField(required=False)
    detail = serializers.CharField(required=False, allow_blank=True, max_length=240, default="")
    external_id = serializers.CharField(required=False, max_length=200)


class MomentIntakeOutput(ConsequencesOutput):
    kind = serializers.CharField()


class ResponsesView(ResponseListView):
    """Answers: list them, or send one."""

    write_scope = "feedback:write"

    @extend_schema(request=ResponseInput, responses={201: IntakeOutput, 200: IntakeOutput})
    def post(self, request: Any) -> Answered:
        result = take_in(self, self.judged(ResponseInput))
        return Answered(present(result), status=201 if result.created else 200)


class ResponsesBulkView(WorkspaceAPIView):
    """Up to 1,000 answers; one bad row never spoils the rest."""

    write_scope = "feedback:write"

    @extend_schema(request=BulkInput, responses=BulkOutput)
    def post(self, request: Any) -> Answered:
        items = self.judged(BulkInput)["items"]
        return Answered(each_row(items, workspace=self.workspace, serializer=ResponseInput, act=self._take_in))

    def _take_in(self, data: dict[str, Any]) -> tuple[Response, bool]:
        result = take_in(self, data)
        assert result.response is not None  # noqa: S101 -- take_in() always stores an answer
        return result.response, result.created


class MomentsView(MomentListView):
    """Moments: list them, or report one that is not a score."""

    write_scope = "feedback:write"

    @extend_schema(request=MomentInput, responses={201: MomentIntakeOutput, 200: MomentIntakeOutput})
    def post(self, request: Any) -> Answered:
        data, now = self.judged(MomentInput), timezone.now()
        contact = customers.resolve_contact(workspace=self.workspace, reference=data["contact"], by=self.actor, now=now)
        result = intake.note_moment(
            workspace=self.workspace,
            contact=contact,
            kind=data["kind"],
            occurred_at=data.get("occurred_at", now),
            detail=data["detail"],
            external_id=data.get("external_id"),
            by=self.actor,
            now=now,
        )
        assert result.moment is not None  # noqa: S101 -- note_moment() always stores one
        body = {"id": result.moment.public_id, "kind": result.moment.kind, **_consequences(result)}
        return Answered(body, status=201 if result.created else 200)


def take_in(view: WorkspaceAPIView, data: dict[str, Any]) -> intake.Intake:
    """Judged input into the one intake. Raises InvalidInput."""
    now = timezone.now()
    who: dict[str, Any] = {"workspace": view.workspace, "by": view.actor, "now": now}
    contact = customers.resolve_and_lock_contact(reference=data["contact"], **who) if "contact" in data else None
    company = customers.resolve_company(reference=data["company"], **who) if "company" in data else None
    answer = Answer(
        metric=data["metric"],
        score=data["score"],
        comment=data["comment"],
        referred_recently=data["referred_recently"],
        channel=data["channel"],
        responded_at=data.get("responded_at", now),
        survey=data.get("survey"),
        external_id=data.get("external_id"),
    )
    return intake.take_in(contact=contact, company=company, answer=answer, locked=True, **who)


def present(result: intake.Intake) -> dict[str, Any]:
    """The answer to `POST /responses`."""
    response = result.response
    assert response is not None  # noqa: S101 -- take_in() always stores an answer
    return {
        "id": response.public_id,
        "metric": response.metric,
        "score": response.score,
        "category": response.category,
        "is_high": response.is_high,
        "contact": _public("con", response.contact_id),
        "company": _public("cmp", response.company_id),
        "moment": result.moment.public_id if result.moment else None,
        **_consequences(result),
    }


def _consequences(result: intake.Intake) -> dict[str, Any]:
    return {
        "asks": [_ASK.to_representation(result.ask)] if result.ask else [],
        "not_asked": {"reasons": result.not_asked} if result.not_asked else None,
    }


def _public(prefix: str, key: UUID | None) -> str | None:
    return ids.encode(prefix, key) if key else None
