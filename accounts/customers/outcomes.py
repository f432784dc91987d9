"""Evidence of benefit."""

import calendar
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.customers.models import Company, Contact, Outcome
from accounts.events import actions as events
from accounts.tenancy.actor import Actor
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.models import Workspace


@transaction.atomic
def add_outcome(
    *,
    workspace: Workspace,
    fields: Mapping[str, Any],
    by: Actor,
    now: datetime,
    company: Company | None = None,
    contact: Contact | None = None,
) -> Outcome:
    """Store what got better for a contact, a company or both; an approval counts for twelve months.

    `fields`: metric, baseline, now, unit, period, old_challenge, summary, source, approved_by, approved_at.
    Raises InvalidInput for an approval without a name, and for one from the future.
    """
    if company is None and contact is None:
        raise InvalidInput("Say whose outcome this is: a contact's or a company's.", code="required", field="contact")
    values = {name: value for name, value in fields.items() if name not in ("approved_by", "approved_at")}
    outcome = Outcome(
        workspace=workspace,
        company=company or (contact.company if contact else None),
        contact=contact,
        **values,
        **_approval(fields, now),
    )
    outcome.summary = outcome.summary or _summary(outcome)
    outcome.save()
    data = {
        "id": outcome.public_id,
        "metric": outcome.metric,
        "summary": outcome.summary,
        "approved_until": outcome.approved_until,
    }
    events.record(
        workspace_id=workspace.pk,
        type="outcome.added",
        subject=outcome,
        by=by,
        now=now,
        data=data,
        contact_id=outcome.contact_id,
        company_id=outcome.company_id,
    )
    return outcome


def a_year_later(at: datetime) -> datetime:
    """The same day twelve months on; 29 February becomes the 28th."""
    last = calendar.monthrange(at.year + 1, at.month)[1]
    return at.replace(year=at.year + 1, day=min(at.day, last))


def _approval(fields: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    name, at = fields.get("approved_by") or "", fields.get("approved_at")
    if not name:
        if at:
            raise InvalidInput("Say who approved it.", code="required", field="approved_by")
        return {}
    at = at or now
    if at > now:
        raise InvalidInput("An approval can't come from the future.", code="future", field="approved_at")
    return {"approved_by": name, "approved_at": at, "approved_until": a_year_later(at)}


def _summary(outcome: Outcome) -> str:
    """ "reporting time: 40 h -> 24 h a month", where nobody wrote a sentence."""
    change = " → ".join(f"{value} {outcome.unit}".strip() for value in (outcome.baseline, outcome.now) if value)
    text = f"{outcome.metric}: {change} {outcome.period}".strip() if change else outcome.metric
    return text[:240]
