"""`GET /programs`."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.api.fields import PublicId
from accounts.api.views import ListView, WorkspaceAPIView
from referrals.programs.models import Program


class ProgramOutput(serializers.Serializer):
    id = PublicId()
    name = serializers.CharField()
    slug = serializers.CharField()
    state = serializers.ChoiceField(choices=Program.State.choices)
    policy = serializers.ChoiceField(choices=Program.Policy.choices)
    priority = serializers.IntegerField()
    peer_title = serializers.CharField()
    ideal_titles = serializers.ListField(child=serializers.CharField())
    ideal_problem = serializers.CharField()
    ask_subject = serializers.CharField()
    ask_body = serializers.CharField()
    reminder_body = serializers.CharField()
    share_text = serializers.CharField()
    call_title = serializers.CharField()
    call_text = serializers.CharField()
    attribution_days = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ProgramListView(ListView):
    """Referral programs, whatever their state."""

    output = ProgramOutput
    filters = ("state",)

    def rows(self) -> Any:
        state = self.choice_filter("state", Program.State)
        rows = self.workspace.programs.all()
        return rows.filter(state=state) if state else rows


class ProgramView(WorkspaceAPIView):
    @extend_schema(responses=ProgramOutput)
    def get(self, request: Any, program_id: str) -> Response:
        return Response(ProgramOutput(self.one(self.workspace.programs.all(), program_id)).data)
