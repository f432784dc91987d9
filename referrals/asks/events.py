"""The facts about asks that others are told."""

from datetime import datetime
from typing import Any

from accounts.events import actions as events
from accounts.events.actions import Fact
from accounts.tenancy import ids
from accounts.tenancy.actor import Actor
from referrals.asks.models import Ask


def record(
    type: str,  # noqa: A002 -- the field's standard name
    *,
    ask: Ask,
    by: Actor,
    now: datetime,
    sequence: int | None = None,
    **more: Any,
) -> None:
    """Record one fact about the ask, with its ids, state and `more`."""
    events.record_all(
        workspace_id=ask.workspace_id, facts=[fact(type, ask=ask, sequence=sequence, **more)], by=by, now=now
    )


def fact(type: str, *, ask: Ask, sequence: int | None = None, **more: Any) -> Fact:  # noqa: A002 -- as above
    """The event about to be recorded."""
    data = {
        "id": ask.public_id,
        "contact": ids.encode("con", ask.contact_id),
        "program": ids.encode("prg", ask.program_id),
        "moment": ids.encode("mom", ask.moment_id) if ask.moment_id else None,
        "state": ask.state,
        "answer": ask.answer or None,
        "channel": ask.channel,
        "deadline_at": ask.deadline_at,
        "sent_at": ask.sent_at,
        **more,
    }
    company_id = ask.contact.company_id
    return Fact(type, ("ask", ask.pk), data, contact_id=ask.contact_id, company_id=company_id, sequence=sequence)
