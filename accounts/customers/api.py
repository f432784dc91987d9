"""Companies and contacts over HTTP."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.api.bulk import BulkInput, BulkOutput, all_rows, each_row
from accounts.api.views import ListView, WorkspaceAPIView
from accounts.customers import actions, queries
from accounts.customers.models import Company, Contact
from accounts.customers.serializers import (
    CompanyInput,
    CompanyMergeInput,
    CompanyOutput,
    ContactInput,
    ContactMergeInput,
    ContactOutput,
)
from accounts.mail.actions import normalize_email

_WRITE = "customers:write"


class CompaniesView(ListView):
    """Companies: list them, or create and update one by its external_id or a domain."""

    write_scope = _WRITE
    output = CompanyOutput
    filters = ("external_id", "domain", "name", "owner_email", "plan", "publicity")

    def rows(self) -> Any:
        rows = queries.companies(self.workspace).select_related("owner").prefetch_related("domains")
        asked = self.request.query_params
        names = {"external_id": "external_id", "name": "name", "owner_email": "owner__email", "plan": "plan"}
        rows = rows.filter(**{column: asked[name] for name, column in names.items() if name in asked})
        publicity = self.choice_filter("publicity", Company.Publicity)
        if publicity:
            rows = rows.filter(publicity=publicity)
        if "domain" in asked:
            rows = rows.filter(domains__domain=asked["domain"].strip().lower())
        return rows

    @extend_schema(request=CompanyInput, responses={201: CompanyOutput, 200: CompanyOutput})
    def post(self, request: Any) -> Response:
        fields = self.judged(CompanyInput)
        company, created = actions.upsert_company(
            workspace=self.workspace, fields=fields, by=self.actor, now=timezone.now()
        )
        return Response(CompanyOutput(company).data, status=201 if created else 200)


class CompanyView(WorkspaceAPIView):
    """One company."""

    write_scope = _WRITE

    @extend_schema(responses=CompanyOutput)
    def get(self, request: Any, company_id: str) -> Response:
        return Response(CompanyOutput(self.one(queries.companies(self.workspace), company_id)).data)


class CompaniesBulkView(WorkspaceAPIView):
    """Up to 1,000 companies, created or updated; one bad row never spoils the rest."""

    write_scope = _WRITE

    @extend_schema(request=BulkInput, responses=BulkOutput)
    def post(self, request: Any) -> Response:
        now = timezone.now()
        answer = each_row(
            self.judged(BulkInput)["items"],
            workspace=self.workspace,
            serializer=CompanyInput,
            act=lambda fields: actions.upsert_company(workspace=self.workspace, fields=fields, by=self.actor, now=now),
        )
        return Response(answer)


class CompaniesMergeView(WorkspaceAPIView):
    """Two records of one company become one."""

    write_scope = _WRITE

    @extend_schema(request=CompanyMergeInput, responses=CompanyOutput)
    def post(self, request: Any) -> Response:
        pair = self.judged(CompanyMergeInput)
        company = actions.merge_companies(workspace=self.workspace, **pair, by=self.actor, now=timezone.now())
        return Response(CompanyOutput(company).data)


class ContactsView(ListView):
    """Contacts: list them, or create and update one by its external_id or e-mail address."""

    write_scope = _WRITE
    output = ContactOutput
    filters = ("external_id", "email", "company", "seniority")

    def rows(self) -> Any:
        rows = queries.people(self.workspace)
        asked = self.request.query_params
        if "external_id" in asked:
            rows = rows.filter(external_id=asked["external_id"])
        if "email" in asked:
            rows = rows.filter(email_normalized=normalize_email(asked["email"]))
        company = self.id_filter("company", "cmp")
        if company:
            rows = rows.filter(company=company)
        seniority = self.choice_filter("seniority", Contact.Seniority)
        return rows.filter(seniority=seniority) if seniority else rows

    def context(self, page: Any) -> dict[str, Any]:
        return contact_context(self, page)

    @extend_schema(request=ContactInput, responses={201: ContactOutput, 200: ContactOutput})
    def post(self, request: Any) -> Response:
        fields = self.judged(ContactInput)
        contact, created = actions.upsert_contact(
            workspace=self.workspace, fields=fields, by=self.actor, now=timezone.now()
        )
        return Response(present(self, contact), status=201 if created else 200)


class ContactView(WorkspaceAPIView):
    """One contact."""

    write_scope = _WRITE

    @extend_schema(responses=ContactOutput)
    def get(self, request: Any, contact_id: str) -> Response:
        return Response(present(self, self.one(queries.people(self.workspace), contact_id)))


class ContactsBulkView(WorkspaceAPIView):
    """Up to 1,000 contacts, created or updated; one bad row never spoils the rest."""

    write_scope = _WRITE

    @extend_schema(request=BulkInput, responses=BulkOutput)
    def post(self, request: Any) -> Response:
        now = timezone.now()
        answer = all_rows(
            self.judged(BulkInput)["items"],
            workspace=self.workspace,
            serializer=ContactInput,
            act=lambda rows: actions.upsert_contacts(workspace=self.workspace, rows=rows, by=self.actor, now=now),
        )
        return Response(answer)


class ContactsMergeView(WorkspaceAPIView):
    """Two records of one person become one: latest ask, strictest opt-out, all links."""

    write_scope = _WRITE

    @extend_schema(request=ContactMergeInput, responses=ContactOutput)
    def post(self, request: Any) -> Response:
        pair = self.judged(ContactMergeInput)
        contact = actions.merge_contacts(workspace=self.workspace, **pair, by=self.actor, now=timezone.now())
        return Response(present(self, contact))


def contact_context(view: WorkspaceAPIView, contacts: Any) -> dict[str, Any]:
    """What ContactOutput needs to know, read once for all of them."""
    now = timezone.now()
    verdicts = queries.contactable(workspace=view.workspace, contacts=contacts, now=now)
    return {"now": now, "contactable": verdicts}


def present(view: WorkspaceAPIView, contact: Contact) -> dict[str, Any]:
    """One contact as the API answers it."""
    answer: dict[str, Any] = ContactOutput(contact, context=contact_context(view, [contact])).data
    return answer
