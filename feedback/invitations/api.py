"""Personal survey links."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.api.fields import PublicId, StrictSerializer
from accounts.api.views import ListView, WorkspaceAPIView
from accounts.customers import actions as customers
from accounts.customers.references import ContactReference
from feedback.invitations import actions
from feedback.invitations.models import Invitation

CONTACTS_AT_ONCE = 200


class InvitationInput(StrictSerializer):
    contacts = serializers.ListField(child=ContactReference(), allow_empty=False, max_length=CONTACTS_AT_ONCE)
    send_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class InvitationOutput(serializers.Serializer):
    id = PublicId()
    survey = PublicId(prefix="srv")
    contact = PublicId(prefix="con")
    url = serializers.SerializerMethodField()
    send_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)

    def get_url(self, invitation: Invitation) -> str:
        return actions.survey_url(invitation)


class SurveyInvitationsView(WorkspaceAPIView):
    """Make links for contacts; with `send_at` they also go out by mail."""

    write_scope = "feedback:write"

    @extend_schema(request=InvitationInput, responses={201: InvitationOutput(many=True)})
    def post(self, request: Any, survey_id: str) -> Response:
        survey = self.one(self.workspace.surveys.all(), survey_id)
        data, now = self.judged(InvitationInput), timezone.now()
        who: dict[str, Any] = {"workspace": self.workspace, "by": self.actor, "now": now}
        invitations = [
            actions.invite(
                survey=survey,
                contact=customers.resolve_contact(reference=reference, **who),
                send_at=data["send_at"],
                **who,
            )
            for reference in data["contacts"]
        ]
        return Response(InvitationOutput(invitations, many=True).data, status=201)


class InvitationListView(ListView):
    output = InvitationOutput
    filters = ("survey", "contact")
    updated_field = "created_at"

    def rows(self) -> Any:
        rows = self.workspace.invitations.all()
        survey, contact = self.id_filter("survey", "srv"), self.id_filter("contact", "con")
        rows = rows.filter(survey=survey) if survey else rows
        return rows.filter(contact=contact) if contact else rows


class InvitationView(WorkspaceAPIView):
    @extend_schema(responses=InvitationOutput)
    def get(self, request: Any, invitation_id: str) -> Response:
        return Response(InvitationOutput(self.one(self.workspace.invitations.all(), invitation_id)).data)
