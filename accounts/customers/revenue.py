"""What companies paid month by month, and the deals of all sources."""

from datetime import date, datetime

from django.db import transaction

from accounts.customers.models import Company, Deal, MonthlyRevenue
from accounts.events import actions as events
from accounts.tenancy.actor import Actor
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.models import Workspace
from accounts.tenancy.money import Money


@transaction.atomic
def record_revenue(
    *, workspace: Workspace, company: Company, month: date, money: Money, kind: str = MonthlyRevenue.Kind.RECURRING
) -> tuple[MonthlyRevenue, bool]:
    """Set what the company paid in the month (any day of it); gives the row and whether it is new."""
    return MonthlyRevenue.objects.update_or_create(
        workspace=workspace,
        company=company,
        month=month.replace(day=1),
        kind=kind,
        currency=money.currency,
        defaults={"amount_minor": money.amount},
    )


@transaction.atomic
def record_deal(
    *,
    workspace: Workspace,
    external_id: str,
    company: Company,
    created_on: date,
    by: Actor,
    now: datetime,
    source: str = Deal._meta.get_field("source").default,
    closed_on: date | None = None,
    outcome: str = Deal.Outcome.OPEN,
    value: Money | None = None,
) -> tuple[Deal, bool]:
    """Store the deal as the CRM has it now; gives the row and whether it is new. Raises InvalidInput."""
    if outcome == Deal.Outcome.OPEN and closed_on:
        raise InvalidInput("An open deal has no closing date.", code="not_open", field="closed_on")
    if closed_on and closed_on < created_on:
        raise InvalidInput("A deal can't close before it begins.", code="order", field="closed_on")
    before = workspace.deals.select_for_update(of=("self",)).filter(external_id=external_id).first()
    terms = {
        "company": company,
        "source": source,
        "created_on": created_on,
        "closed_on": closed_on,
        "outcome": outcome,
        "value_minor": value.amount if value else None,
        "currency": value.currency if value else "",
    }
    deal, created = Deal.objects.update_or_create(workspace=workspace, external_id=external_id, defaults=terms)
    if before is None or before.outcome != outcome:
        data = {"id": deal.public_id, "external_id": external_id, "outcome": outcome}
        events.record(
            workspace_id=workspace.pk,
            type="deal.recorded",
            subject=deal,
            by=by,
            now=now,
            data=data,
            company_id=company.pk,
        )
    return deal, created
