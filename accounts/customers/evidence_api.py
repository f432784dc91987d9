"""Outcomes, holds, revenue and deals over HTTP."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from accounts.api.bulk import BulkInput, BulkOutput, each_row
from accounts.api.views import ListView, WorkspaceAPIView
from accounts.customers import actions
from accounts.customers.models import Hold, MonthlyRevenue
from accounts.customers.serializers import (
    DealInput,
    HoldInput,
    HoldOutput,
    OutcomeInput,
    OutcomeOutput,
    RevenueInput,
)
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.money import Money, MoneyError

_WRITE = "customers:write"


def whose(view: WorkspaceAPIView, fields: dict[str, Any], now: Any) -> dict[str, Any]:
    """Take the references out of the fields and give the rows they mean."""
    found: dict[str, Any] = {"contact": None, "company": None}
    terms = {"workspace": view.workspace, "by": view.actor, "now": now}
    if "company" in fields:
        found["company"] = actions.resolve_company(reference=fields.pop("company"), **terms)
    if "contact" in fields:
        found["contact"] = actions.resolve_contact(reference=fields.pop("contact"), **terms)
    return found


class ContactOrCompanyListView(ListView):
    """A list that may be narrowed to one contact or one company."""

    filters: ClassVar[tuple[str, ...]] = ("contact", "company")

    def narrowed(self, rows: Any) -> Any:
        for name, prefix in (("contact", "con"), ("company", "cmp")):
            key = self.id_filter(name, prefix)
            if key:
                rows = rows.filter(**{name: key})
        return rows


class OutcomesView(ContactOrCompanyListView):
    """Outcomes: list them, or add one. An approval counts for twelve months."""

    write_scope = _WRITE
    output = OutcomeOutput
    updated_field = "created_at"

    def rows(self) -> Any:
        return self.narrowed(self.workspace.outcomes.all())

    @extend_schema(request=OutcomeInput, responses={201: OutcomeOutput})
    def post(self, request: Any) -> Response:
        fields, now = self.judged(OutcomeInput), timezone.now()
        owners = whose(self, fields, now)
        given = {name: value for name, value in fields.items() if value is not None}
        outcome = actions.add_outcome(workspace=self.workspace, fields=given, by=self.actor, now=now, **owners)
        return Response(OutcomeOutput(outcome).data, status=201)


class OutcomeView(WorkspaceAPIView):
    """One outcome."""

    write_scope = _WRITE

    @extend_schema(responses=OutcomeOutput)
    def get(self, request: Any, outcome_id: str) -> Response:
        return Response(OutcomeOutput(self.one(self.workspace.outcomes.all(), outcome_id)).data)


class HoldsView(ContactOrCompanyListView):
    """Holds: list them (`open=true` for those that count now), or place one."""

    write_scope = _WRITE
    output = HoldOutput
    filters: ClassVar[tuple[str, ...]] = ("contact", "company", "purpose", "reason", "open")
    updated_field = "created_at"

    def rows(self) -> Any:
        rows = self.narrowed(self.workspace.holds.all())
        for name, choices in (("purpose", Hold.Purpose), ("reason", Hold.Reason)):
            wanted = self.choice_filter(name, choices)
            rows = rows.filter(**{name: wanted}) if wanted else rows
        return self._open(rows)

    def _open(self, rows: Any) -> Any:
        wanted = self.request.query_params.get("open")
        if wanted is None:
            return rows
        if wanted not in ("true", "false"):
            raise ValidationError({"open": ["Use true or false."]})
        now = timezone.now()
        over = rows.filter(lifted_at__isnull=False) | rows.filter(until__lte=now)
        return over if wanted == "false" else rows.exclude(pk__in=over.values("pk"))

    @extend_schema(request=HoldInput, responses={201: HoldOutput})
    def post(self, request: Any) -> Response:
        fields, now = self.judged(HoldInput), timezone.now()
        owners = whose(self, fields, now)
        hold = actions.place_hold(workspace=self.workspace, by=self.actor, now=now, **owners, **fields)
        return Response(HoldOutput(hold).data, status=201)


class HoldView(WorkspaceAPIView):
    """One hold: look at it, or lift it."""

    write_scope = _WRITE

    @extend_schema(responses=HoldOutput)
    def get(self, request: Any, hold_id: str) -> Response:
        return Response(HoldOutput(self.one(self.workspace.holds.all(), hold_id)).data)

    @extend_schema(responses={204: OpenApiResponse(description="Lifted. Lifting it again changes nothing.")})
    def delete(self, request: Any, hold_id: str) -> Response:
        hold = self.one(self.workspace.holds.all(), hold_id)
        actions.lift_hold(workspace=self.workspace, hold=hold, by=self.actor, now=timezone.now())
        return Response(status=204)


class RevenueBulkView(WorkspaceAPIView):
    """What companies paid, by month: up to 1,000 rows; a month given again is set anew."""

    write_scope = _WRITE

    @extend_schema(request=BulkInput, responses=BulkOutput)
    def post(self, request: Any) -> Response:
        items = self.judged(BulkInput)["items"]
        return Response(each_row(items, workspace=self.workspace, serializer=RevenueInput, act=self._record))

    def _record(self, fields: dict[str, Any]) -> tuple[MonthlyRevenue, bool]:
        try:
            money = Money(fields.pop("amount"), fields.pop("currency").upper())
        except MoneyError as error:
            raise InvalidInput(str(error), field="currency") from error
        company = whose(self, fields, timezone.now())["company"]
        return actions.record_revenue(workspace=self.workspace, company=company, money=money, **fields)


class DealsBulkView(WorkspaceAPIView):
    """Deals of all sources as the CRM has them: up to 1,000 rows, known by their external_id."""

    write_scope = _WRITE

    @extend_schema(request=BulkInput, responses=BulkOutput)
    def post(self, request: Any) -> Response:
        items = self.judged(BulkInput)["items"]
        return Response(each_row(items, workspace=self.workspace, serializer=DealInput, act=self._record))

    def _record(self, fields: dict[str, Any]) -> Any:
        now = timezone.now()
        company = whose(self, fields, now)["company"]
        return actions.record_deal(workspace=self.workspace, company=company, by=self.actor, now=now, **fields)
