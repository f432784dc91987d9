"""`GET /me`, keys' own facts, and the events."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.api.fields import PublicId
from accounts.api.models import Scope
from accounts.api.throttling import DEFAULT_PER_MINUTE
from accounts.api.views import ListView, WorkspaceAPIView
from accounts.events.models import Event


class MeOutput(serializers.Serializer):
    workspace = serializers.DictField()
    key = serializers.DictField()
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices))
    limits = serializers.DictField()


class MeView(WorkspaceAPIView):
    """The workspace, scopes and limits of the key in use."""

    @extend_schema(responses=MeOutput)
    def get(self, request: Any) -> Response:
        workspace, key = self.workspace, self.key
        return Response(
            {
                "workspace": {"id": workspace.public_id, "slug": workspace.slug, "name": workspace.name},
                "key": {"id": key.public_id, "name": key.name, "expires_at": key.expires_at},
                "scopes": key.scopes,
                "limits": {"api_requests_per_minute": workspace.limit("api_requests_per_minute", DEFAULT_PER_MINUTE)},
            }
        )


class EventOutput(serializers.Serializer):
    id = PublicId()
    type = serializers.CharField()
    version = serializers.IntegerField()
    occurred_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    actor = serializers.SerializerMethodField()
    subject = serializers.SerializerMethodField()
    sequence = serializers.IntegerField()
    data = serializers.JSONField()  # type: ignore[assignment]  # the contract's name, though DRF has a property of it

    def get_actor(self, event: Event) -> dict[str, str | None]:
        return {"kind": event.actor_kind, "id": str(event.actor_id) if event.actor_id else None}

    def get_subject(self, event: Event) -> dict[str, str]:
        return {"kind": event.subject_kind, "id": str(event.subject_id)}


class EventListView(ListView):
    """Everything that happened, oldest or newest first."""

    output = EventOutput
    filters = ("type",)
    updated_field = "recorded_at"

    def rows(self) -> Any:
        rows = self.workspace.events.all()
        kind = self.request.query_params.get("type")
        return rows.filter(type=kind) if kind else rows


class EventView(WorkspaceAPIView):
    @extend_schema(responses=EventOutput)
    def get(self, request: Any, event_id: str) -> Response:
        return Response(EventOutput(self.one(self.workspace.events.all(), event_id)).data)
