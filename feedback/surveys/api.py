"""Surveys."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.api.fields import PublicId
from accounts.api.views import ListView, WorkspaceAPIView


class SurveyOutput(serializers.Serializer):
    id = PublicId()
    name = serializers.CharField()
    metric = serializers.CharField()
    question = serializers.CharField()
    comment_question = serializers.CharField()
    high_from = serializers.IntegerField(allow_null=True)
    scale_version = serializers.IntegerField()
    is_live = serializers.BooleanField()


class SurveyListView(ListView):
    output = SurveyOutput

    def rows(self) -> Any:
        return self.workspace.surveys.all()


class SurveyView(WorkspaceAPIView):
    @extend_schema(responses=SurveyOutput)
    def get(self, request: Any, survey_id: str) -> Response:
        return Response(SurveyOutput(self.one(self.workspace.surveys.all(), survey_id)).data)
