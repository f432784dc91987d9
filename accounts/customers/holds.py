"""Leaving somebody alone, and stopping to."""

from datetime import datetime

from django.db import transaction

from accounts.customers.models import Company, Contact, Hold
from accounts.events import actions as events
from accounts.tenancy.actor import Actor
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.models import Workspace


@transaction.atomic
def place_hold(
    *,
    workspace: Workspace,
    by: Actor,
    now: datetime,
    company: Company | None = None,
    contact: Contact | None = None,
    purpose: str = Hold.Purpose.ASKS,
    reason: str = Hold.Reason.OTHER,
    until: datetime | None = None,
    detail: str = "",
    source_key: str | None = None,
) -> Hold:
    """Leave a company or a contact alone from now on. The same `source_key` keeps one hold: it is opened again.

    Raises InvalidInput unless exactly one of the two is given and `until` lies ahead.
    """
    if (company is None) == (contact is None):
        raise InvalidInput("Say who is left alone: a company or a contact.", code="required", field="contact")
    if until is not None and until <= now:
        raise InvalidInput("This end has already passed.", code="past", field="until")
    terms = {
        "company": company,
        "contact": contact,
        "purpose": purpose,
        "reason": reason,
        "until": until,
        "detail": detail,
        "lifted_at": None,
    }
    if source_key:
        hold, created = Hold.objects.select_for_update().get_or_create(
            workspace=workspace, source_key=source_key, defaults={**terms, "starts_at": now}
        )
        if not created and all(getattr(hold, name) == value for name, value in terms.items()):
            return hold
        for name, value in terms.items():
            setattr(hold, name, value)
        hold.save()
    else:
        hold = Hold.objects.create(workspace=workspace, starts_at=now, **terms)
    _record("company.held" if company else "contact.held", hold, by, now)
    return hold


@transaction.atomic
def lift_hold(*, workspace: Workspace, hold: Hold, by: Actor, now: datetime) -> Hold:
    """End a hold now; one already lifted stays as it is."""
    hold = workspace.holds.select_for_update(of=("self",)).select_related("company", "contact").get(pk=hold.pk)
    if hold.lifted_at is None:
        hold.lifted_at = now
        hold.save(update_fields=["lifted_at"])
        _record("hold.lifted", hold, by, now)
    return hold


def _record(kind: str, hold: Hold, by: Actor, now: datetime) -> None:
    company_id = hold.company_id or (hold.contact.company_id if hold.contact else None)
    data = {
        "id": hold.public_id,
        "company": hold.company.public_id if hold.company else None,
        "contact": hold.contact.public_id if hold.contact else None,
        "purpose": hold.purpose,
        "reason": hold.reason,
        "until": hold.until,
    }
    events.record(
        workspace_id=hold.workspace_id,
        type=kind,
        subject=hold,
        by=by,
        now=now,
        data=data,
        contact_id=hold.contact_id,
        company_id=company_id,
    )
