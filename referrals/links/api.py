"""Links over HTTP."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.api.fields import IdInput, PublicId, StrictSerializer
from accounts.api.views import ListView, WorkspaceAPIView
from accounts.customers import actions as customers
from accounts.customers.references import ContactReference
from referrals.links import actions, queries
from referrals.links.addresses import advocate_url, landing_url
from referrals.links.models import Link

_WRITE = "referrals:write"


class LinkInput(StrictSerializer):
    """`slug` is the code that a new link gets, such as "jamie-northwind"; an existing link keeps its own."""

    contact = ContactReference()
    program = IdInput(rows="programs", prefix="prg", what="program")
    slug = serializers.RegexField(
        r"^[a-z0-9][a-z0-9-]{2,39}$",
        required=False,
        error_messages={"invalid": "Use 3 to 40 small letters, digits and hyphens."},
    )


class CountedLinkOutput(serializers.Serializer):
    """A link with what became of it; machines are counted apart."""

    id = PublicId()
    contact = PublicId(prefix="con")
    program = PublicId(prefix="prg")
    code = serializers.CharField()
    url = serializers.SerializerMethodField()
    advocate_url = serializers.SerializerMethodField()
    visits = serializers.IntegerField(source="human_visits")
    unique_visitors = serializers.IntegerField()
    bots = serializers.IntegerField(source="bot_visits")
    referrals = serializers.IntegerField(source="referral_count")
    withdrawn_at = serializers.DateTimeField(source="retired_at", allow_null=True)
    created_at = serializers.DateTimeField()

    def get_url(self, link: Link) -> str:
        return landing_url(link)

    def get_advocate_url(self, link: Link) -> str:
        return advocate_url(link)


class LinksView(ListView):
    """Links: list them, or get the one of a contact in a program, made on first need."""

    write_scope = _WRITE
    output = CountedLinkOutput
    filters = ("contact", "program", "code")
    updated_field = "created_at"

    def rows(self) -> Any:
        rows = queries.counted(self.workspace)
        contact, program = self.id_filter("contact", "con"), self.id_filter("program", "prg")
        wanted = {"contact_id": contact, "program_id": program, "code": self.request.query_params.get("code")}
        return rows.filter(**{column: value for column, value in wanted.items() if value})

    @extend_schema(request=LinkInput, responses={201: CountedLinkOutput, 200: CountedLinkOutput})
    def post(self, request: Any) -> Response:
        wanted, now = self.judged(LinkInput), timezone.now()
        contact = customers.resolve_contact(
            workspace=self.workspace, reference=wanted["contact"], by=self.actor, now=now
        )
        known = self.workspace.links.filter(contact=contact, program=wanted["program"]).exists()
        link = actions.ensure(
            workspace=self.workspace,
            contact=contact,
            program=wanted["program"],
            code=wanted.get("slug", ""),
            by=self.actor,
            now=now,
        )
        output = CountedLinkOutput(queries.counted_one(self.workspace, link.pk))
        return Response(output.data, status=200 if known else 201)


class LinkView(WorkspaceAPIView):
    """One link."""

    write_scope = _WRITE

    @extend_schema(responses=CountedLinkOutput)
    def get(self, request: Any, link_id: str) -> Response:
        return Response(CountedLinkOutput(self.one(queries.counted(self.workspace), link_id)).data)
