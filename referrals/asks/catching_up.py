"""A moment leads to one ask or says why not; a moment that did neither is found and taken up."""

from datetime import datetime

from django.db import transaction

from accounts.customers.gate import Reason, judge
from accounts.tenancy.actor import SYSTEM, Actor
from accounts.tenancy.models import Workspace
from feedback.moments.models import Moment
from referrals.asks import circumstances, clock
from referrals.asks.models import Ask
from referrals.asks.queueing import queue
from referrals.programs.queries import matching

_MOST_AT_ONCE = 200
_NO_PROGRAM = Reason("no_program", "No live program fits this person.")


def catch_up(*, workspace: Workspace, now: datetime) -> int:
    """Take up the moments of the last 24 hours that have neither an ask nor a reason; gives how many were asked.

    A lost wake-up or a failed receiver may leave some behind.
    """
    silent = workspace.moments.filter(
        occurred_at__gt=now - clock.PROMISE, occurred_at__lte=now, not_asked=None, ask=None
    ).order_by("occurred_at")
    asked = 0
    for moment in silent.select_related("contact", "response")[:_MOST_AT_ONCE]:
        ask = consider(workspace=workspace, moment=moment, now=now, by=SYSTEM)
        asked += ask is not None and ask.moment_id == moment.pk
    return asked


@transaction.atomic
def consider(*, workspace: Workspace, moment: Moment, now: datetime, by: Actor) -> Ask | None:
    """Ask the gate about this moment and queue its ask, or store in `moment.not_asked` why nobody is asked."""
    contact = circumstances.lock_contact(workspace=workspace, contact_id=moment.contact_id)
    verdict = judge(workspace=workspace, contact=contact, purpose="asks", now=now)
    programs = matching(workspace=workspace, contact=contact) if verdict.ok else []
    if not programs:
        reasons = verdict.reasons or (_NO_PROGRAM,)
        moment.not_asked = [reason.as_json() for reason in reasons]
        moment.save(update_fields=["not_asked"])
        return None
    return queue(
        workspace=workspace,
        contact=contact,
        moment=moment,
        program=programs[0],
        also_matched=programs[1:],
        verdict=verdict,
        responded_at=moment.occurred_at,
        now=now,
        by=by,
    )
