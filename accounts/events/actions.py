"""Writing down what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from uuid_utils.compat import uuid7

from accounts.tenancy.actor import Actor
from accounts.tenancy.ids import as_array
from accounts.tenancy.models import TenantModel

_as_json = DjangoJSONEncoder().encode


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


# The sequence continues the subject's own. Two writers of one subject meet on the unique key, never on a guess:
# every action that records an event holds a lock on its subject.
_INSERT = """
INSERT INTO accounts_event (id, workspace_id, type, version, occurred_at, actor_kind, actor_id,
                            subject_kind, subject_id, contact_id, company_id, data, sequence)
SELECT id, %(workspace)s, type, 1, %(now)s, %(actor_kind)s, %(actor_id)s,
       subject_kind, subject_id, contact_id, company_id, data,
       coalesce(sequence, (SELECT max(earlier.sequence) + 1 FROM accounts_event earlier
                            WHERE earlier.workspace_id = %(workspace)s AND earlier.subject_kind = fact.subject_kind
                              AND earlier.subject_id = fact.subject_id), 1)
  FROM unnest(%(ids)s::uuid[], %(types)s::text[], %(subject_kinds)s::text[], %(subject_ids)s::uuid[],
              %(contacts)s::uuid[], %(companies)s::uuid[], %(data)s::jsonb[], %(sequences)s::int[])
       AS fact (id, type, subject_kind, subject_id, contact_id, company_id, data, sequence)
"""


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
    values: dict[str, Any] = {
        "workspace": workspace_id,
        "now": now,
        "actor_kind": by.kind.value,
        "actor_id": by.id,
        "ids": as_array(ids),
        "types": [fact.type for fact in facts],
        "subject_kinds": [fact.subject[0] for fact in facts],
        "subject_ids": as_array(fact.subject[1] for fact in facts),
        "contacts": as_array(fact.contact_id for fact in facts),
        "companies": as_array(fact.company_id for fact in facts),
        "data": [_as_json(fact.data) for fact in facts],
        "sequences": [fact.sequence for fact in facts],
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
    return ids
