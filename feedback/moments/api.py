"""Reading moments."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.api.fields import PublicId
from accounts.api.views import ListView, WorkspaceAPIView
from feedback.moments.models import Moment


class MomentOutput(serializers.Serializer):
    id = PublicId()
    kind = serializers.CharField()
    contact = PublicId(prefix="con")
    response = PublicId(prefix="rsp", allow_null=True)
    occurred_at = serializers.DateTimeField()
    detail = serializers.CharField()
    external_id = serializers.CharField(allow_null=True)
    not_asked = serializers.SerializerMethodField()

    def get_not_asked(self, moment: Moment) -> dict[str, Any] | None:
        return {"reasons": moment.not_asked} if moment.not_asked else None


class MomentListView(ListView):
    output = MomentOutput
    filters = ("contact", "kind")
    updated_field = "created_at"

    def rows(self) -> Any:
        rows = self.workspace.moments.all()
        contact, kind = self.id_filter("contact", "con"), self.choice_filter("kind", Moment.Kind)
        rows = rows.filter(contact=contact) if contact else rows
        return rows.filter(kind=kind) if kind else rows


class MomentView(WorkspaceAPIView):
    @extend_schema(responses=MomentOutput)
    def get(self, request: Any, moment_id: str) -> Response:
        return Response(MomentOutput(self.one(self.workspace.moments.all(), moment_id)).data)
