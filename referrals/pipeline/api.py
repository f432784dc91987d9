"""Referrals over HTTP."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.api.views import ListView, WorkspaceAPIView
from accounts.customers import actions as customers
from accounts.tenancy.errors import InvalidInput, Refusal
from referrals.pipeline import actions
from referrals.pipeline.models import Referral
from referrals.pipeline.referee import Referee
from referrals.pipeline.serializers import ReferralChange, ReferralInput, ReferralOutput, TransitionInput
from referrals.programs.queries import matching

_WRITE = "referrals:write"


def _readable(view: WorkspaceAPIView) -> Any:
    return view.workspace.referrals.select_related("referrer", "owner")


class ReferralsView(ListView):
    """Referrals: list them, or tell us of one."""

    write_scope = _WRITE
    output = ReferralOutput
    filters = ("stage", "program", "referrer", "owner", "external_id")

    def rows(self) -> Any:
        wanted = {
            "stage": self.choice_filter("stage", Referral.Stage),
            "program_id": self.id_filter("program", "prg"),
            "referrer_id": self.id_filter("referrer", "con"),
            "owner_id": self.id_filter("owner", "mbr"),
            "external_id": self.request.query_params.get("external_id"),
        }
        return _readable(self).filter(**{column: value for column, value in wanted.items() if value})

    @extend_schema(request=ReferralInput, responses={201: ReferralOutput, 200: ReferralOutput})
    def post(self, request: Any) -> Response:
        fields, now = self.judged(ReferralInput), timezone.now()
        link = self._link(fields)
        if link is not None:
            referrer = link.contact
        else:
            reference = fields["referrer"]["contact"]
            referrer = customers.resolve_contact(workspace=self.workspace, reference=reference, by=self.actor, now=now)
        program = fields.get("program") or (link.program if link else self._program(referrer))
        referral, created = actions.create(
            workspace=self.workspace,
            program=program,
            referrer=referrer,
            link=link or self.workspace.links.filter(contact=referrer, program=program).first(),
            source=fields.get("source") or (Referral.Source.LINK if link else Referral.Source.API),
            referee=Referee(**fields["referee"]),
            relation=fields["relation"],
            advocate_note=fields["advocate_note"],
            external_id=fields.get("external_id"),
            by=self.actor,
            now=now,
        )
        return Response(ReferralOutput(referral).data, status=201 if created else 200)

    def _link(self, fields: dict[str, Any]) -> Any:
        if "link_code" not in fields:
            return None
        links = self.workspace.links.select_related("contact__company__owner", "program")
        link = links.filter(code=fields["link_code"]).first()
        if link is None:
            raise InvalidInput("There is no link with this code in this workspace.", field="link_code", code="unknown")
        return link

    def _program(self, referrer: Any) -> Any:
        found = matching(workspace=self.workspace, contact=referrer)
        if not found:
            raise Refusal("No live program fits this contact. Name one in “program”.", code="no_program")
        return found[0]


class ReferralView(WorkspaceAPIView):
    """One referral."""

    write_scope = _WRITE

    @extend_schema(responses=ReferralOutput)
    def get(self, request: Any, referral_id: str) -> Response:
        return Response(ReferralOutput(self.one(_readable(self), referral_id)).data)

    @extend_schema(request=ReferralChange, responses=ReferralOutput)
    def patch(self, request: Any, referral_id: str) -> Response:
        referral = self.one(_readable(self), referral_id)
        fields = self.judged(ReferralChange)
        owner = self._owner(fields["owner_email"]) if "owner_email" in fields else referral.owner
        referral = actions.change(
            referral=referral,
            owner=owner,
            note=fields.get("note", referral.note),
            attributes=fields.get("attributes", referral.attributes),
            by=self.actor,
            now=timezone.now(),
        )
        return Response(ReferralOutput(referral).data)

    def _owner(self, email: str | None) -> Any:
        if not email:
            return None
        owner = self.workspace.members.filter(email__iexact=email.strip(), is_active=True).first()
        if owner is None:
            raise InvalidInput(f"Nobody on the team has the address {email}.", field="owner_email", code="unknown")
        return owner


class TransitionView(WorkspaceAPIView):
    """Move a referral to another stage."""

    write_scope = _WRITE

    @extend_schema(request=TransitionInput, responses=ReferralOutput)
    def post(self, request: Any, referral_id: str) -> Response:
        referral = self.one(_readable(self), referral_id)
        fields = self.judged(TransitionInput)
        return Response(
            ReferralOutput(actions.move(referral=referral, by=self.actor, now=timezone.now(), **fields)).data
        )
