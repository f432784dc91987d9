"""Writing down what happened."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from uuid_utils.compat import uuid7

from accounts.tenancy.actor import Actor
from accounts.tenancy.models import TenantModel


@dataclass(frozen=True, slots=True)
class Fact:
    """One event about to be recorded. `subject` is (kind, id); `data` is a snapshot for readers outside."""

    type: str
    subject: tuple[str, UUID]
    data: Mapping[str, Any] = field(default_factory=dict)
    contact_id: UUID | None = None
    company_id: UUID | None = None
    # A subject made in this transaction has no earlier event, so its sequence need not be looked up.
    sequence: int | None = None


_COLUMNS = (
    "(id, workspace_id, type, version, occurred_at, actor_kind, actor_id, subject_kind, subject_id, contact_id,"
    " company_id, data, sequence)"
)
_ROW = "(%s, %s, %s, 1, %s, %s, %s, %s, %s, %s, %s, %s, {sequence})"
# The sequence continues the subject's own. Two writers of one subject meet on the unique key, never on a guess:
# every action that records an event holds a lock on its subject.
_NEXT = (
    "coalesce((SELECT max(sequence) + 1 FROM accounts_event"
    " WHERE workspace_id = %s AND subject_kind = %s AND subject_id = %s), 1)"
)


def record(
    *,
    workspace_id: UUID,
    type: str,  # noqa: A002 -- the field's standard name
    subject: TenantModel,
    by: Actor,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    contact_id: UUID | None = None,
    company_id: UUID | None = None,
) -> UUID:
    """Record one fact about `subject`; gives the event's id."""
    kind = subject._meta.model_name or ""
    fact = Fact(type, (kind, subject.pk), data or {}, contact_id, company_id)
    return record_all(workspace_id=workspace_id, facts=[fact], by=by, now=now)[0]


def record_all(*, workspace_id: UUID, facts: Sequence[Fact], by: Actor, now: datetime) -> list[UUID]:
    """Record several facts in one statement, in order; gives the events' ids.

    Two facts that continue the sequence of the same subject come in two calls: one statement sees one "last" event.
    """
    ids = [uuid7() for _ in facts]
    if not facts:
        return ids
    rows: list[str] = []
    values: list[Any] = []
    for event_id, fact in zip(ids, facts, strict=True):
        kind, subject_id = fact.subject
        data = json.dumps(fact.data, cls=DjangoJSONEncoder)
        values += [event_id, workspace_id, fact.type, now, by.kind.value, by.id, kind, subject_id]
        values += [fact.contact_id, fact.company_id, data]
        if fact.sequence is None:
            rows.append(_ROW.format(sequence=_NEXT))
            values += [workspace_id, kind, subject_id]
        else:
            rows.append(_ROW.format(sequence="%s"))
            values.append(fact.sequence)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO accounts_event {_COLUMNS} VALUES {', '.join(rows)}", values)  # noqa: S608 -- ours
    return ids
