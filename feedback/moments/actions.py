"""Reasons to ask that are not scores, and why a moment led to no ask."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.customers.models import Contact
from accounts.events import actions as events
from accounts.tenancy.actor import Actor
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.models import Workspace
from feedback.moments.models import Moment

# The kinds somebody may report; a high score is made by its answer.
REPORTED_KINDS = [kind.value for kind in Moment.Kind if kind != Moment.Kind.HIGH_SCORE]


@transaction.atomic
def note(
    *,
    workspace: Workspace,
    contact: Contact,
    kind: str,
    occurred_at: datetime,
    by: Actor,
    now: datetime,
    detail: str = "",
    external_id: str | None = None,
) -> tuple[Moment, bool]:
    """Store a moment; gives it and whether it is new. Raises InvalidInput for an unknown kind."""
    if kind not in REPORTED_KINDS:
        raise InvalidInput(f"Use one of {', '.join(REPORTED_KINDS)}.", field="kind")
    if external_id is not None:
        known = workspace.moments.filter(external_id=external_id).first()
        if known:
            return known, False
    moment = Moment.objects.create(
        workspace=workspace,
        contact=contact,
        kind=kind,
        occurred_at=occurred_at,
        detail=detail,
        external_id=external_id,
    )
    events.record(
        workspace_id=workspace.pk,
        type="moment.created",
        subject=moment,
        by=by,
        now=now,
        data={"kind": kind},
        contact_id=contact.pk,
        company_id=contact.company_id,
    )
    return moment, True


def note_not_asked(moment: Moment, reasons: list[dict[str, Any]]) -> None:
    """Say on the moment why nobody was asked: `[{"code", "detail", "until"}]`."""
    moment.not_asked = reasons
    moment.save(update_fields=["not_asked"])
