"""Members over HTTP: to read; people join by invitation."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.api.fields import PublicId
from accounts.api.views import ListView, WorkspaceAPIView
from accounts.members.models import Role


class MemberOutput(serializers.Serializer):
    id = PublicId()
    name = serializers.CharField()
    email = serializers.CharField()
    title = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    is_active = serializers.BooleanField()
    timezone = serializers.CharField()
    work_starts = serializers.TimeField()
    work_ends = serializers.TimeField()
    absent_from = serializers.DateField(allow_null=True)
    absent_until = serializers.DateField(allow_null=True)
    deputy = PublicId(prefix="mbr")
    created_at = serializers.DateTimeField()


class MemberListView(ListView):
    """The team, those who left included (`is_active` false)."""

    output = MemberOutput
    filters = ("role", "email")
    updated_field = "created_at"

    def rows(self) -> Any:
        rows = self.workspace.members.all()
        role = self.choice_filter("role", Role)
        rows = rows.filter(role=role) if role else rows
        email = self.request.query_params.get("email")
        return rows.filter(email=email.strip().lower()) if email else rows


class MemberView(WorkspaceAPIView):
    """One member."""

    @extend_schema(responses=MemberOutput)
    def get(self, request: Any, member_id: str) -> Response:
        return Response(MemberOutput(self.one(self.workspace.members.all(), member_id)).data)
