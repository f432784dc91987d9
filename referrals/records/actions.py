"""What a person decides on a record."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.customers.models import Contact
from accounts.events import actions as events
from accounts.tenancy.actor import Actor
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.models import Workspace
from referrals.asks import actions as asks
from referrals.asks.models import Ask


@transaction.atomic
def ask(
    *, workspace: Workspace, contact: Contact, override: Collection[str], reason: str, by: Actor, now: datetime
) -> Ask:
    """Put a draft on the desk; whoever overrules the gate says why, and it stays on the record.

    Raises InvalidInput without a reason, and what `ask_by_hand` raises.
    """
    if override and not reason.strip():
        raise InvalidInput("Say why you ask all the same.", field="reason")
    made = asks.ask_by_hand(workspace=workspace, contact=contact, override=override, by=by, now=now)
    if override:
        events.record(
            workspace_id=workspace.pk,
            type="ask.overruled",
            subject=made,
            by=by,
            now=now,
            data={"codes": sorted(override), "reason": reason.strip()[:240]},
            contact_id=contact.pk,
            company_id=contact.company_id,
        )
    return made
