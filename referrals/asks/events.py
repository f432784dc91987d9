"""The facts about asks that others are told."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from accounts.events import actions as events
from accounts.events.actions import Fact
from accounts.tenancy import ids
from accounts.tenancy.actor import Actor
from referrals.asks.models import Ask


class Told(NamedTuple):
    """What an event tells about an ask."""

    id: UUID
    contact_id: UUID
    company_id: UUID | None
    program_id: UUID
    moment_id: UUID | None
    state: str
    answer: str
    channel: str
    deadline_at: datetime
    sent_at: datetime | None


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
    told = Told(
        id=ask.pk,
        contact_id=ask.contact_id,
        company_id=ask.contact.company_id,
        program_id=ask.program_id,
        moment_id=ask.moment_id,
        state=ask.state,
        answer=ask.answer,
        channel=ask.channel,
        deadline_at=ask.deadline_at,
        sent_at=ask.sent_at,
    )
    return fact_of(type, told, sequence=sequence, **more)


def fact_of(type: str, ask: Told, *, sequence: int | None = None, **more: Any) -> Fact:  # noqa: A002 -- as above
    """The same from what was read without the whole ask."""
    data = {
        "id": ids.encode(Ask.prefix, ask.id),
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
    return Fact(type, ("ask", ask.id), data, ask.contact_id, ask.company_id, sequence)
