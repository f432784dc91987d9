"""Reading answers. They come in through the intake of the referral story, which also asks."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response as Answered

from accounts.api.fields import PublicId
from accounts.api.views import ListView, WorkspaceAPIView
from feedback.surveys.models import Metric


class ResponseOutput(serializers.Serializer):
    id = PublicId()
    metric = serializers.CharField()
    score = serializers.IntegerField()
    category = serializers.CharField()
    is_high = serializers.BooleanField()
    is_low = serializers.BooleanField()
    comment = serializers.CharField()
    referred_recently = serializers.BooleanField(allow_null=True)
    channel = serializers.CharField()
    contact = PublicId(prefix="con", allow_null=True)
    company = PublicId(prefix="cmp", allow_null=True)
    survey = PublicId(prefix="srv", allow_null=True)
    external_id = serializers.CharField(allow_null=True)
    responded_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()


class ResponseListView(ListView):
    output = ResponseOutput
    filters = ("metric", "contact", "company", "survey", "external_id")
    updated_field = "received_at"

    def rows(self) -> Any:
        rows = self.workspace.responses.all()
        chosen = {
            "metric": self.choice_filter("metric", Metric),
            "contact": self.id_filter("contact", "con"),
            "company": self.id_filter("company", "cmp"),
            "survey": self.id_filter("survey", "srv"),
            "external_id": self.request.query_params.get("external_id"),
        }
        return rows.filter(**{name: value for name, value in chosen.items() if value})


class ResponseView(WorkspaceAPIView):
    @extend_schema(responses=ResponseOutput)
    def get(self, request: Any, response_id: str) -> Answered:
        return Answered(ResponseOutput(self.one(self.workspace.responses.all(), response_id)).data)
