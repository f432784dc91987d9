"""What the gate knows about a contact, read in one statement."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.mail.actions import email_hash
from accounts.tenancy.models import Workspace

CAP_QUARTER = timedelta(days=90)
NAMELESS_PERSON, NAMELESS_COMPANY = "This person", "The company"


@dataclass(frozen=True, slots=True)
class HoldFact:
    """An open hold on the contact or on the company."""

    purpose: str
    reason: str
    detail: str = ""
    until: datetime | None = None
    on_company: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the gate looks at. The defaults describe somebody who may be asked."""

    first_name: str = NAMELESS_PERSON
    email: str = ""
    company: str = NAMELESS_COMPANY
    timezone: str = "UTC"
    workspace_is_active: bool = True
    is_merged: bool = False
    suppressions: frozenset[str] = frozenset()
    holds: tuple[HoldFact, ...] = ()
    rest_until: datetime | None = None
    rest_reason: str = ""
    silences: int = 0
    low_answer_at: datetime | None = None
    trial: bool = False
    churned_at: datetime | None = None
    renewal_on: date | None = None
    renewal_signed_at: datetime | None = None
    has_open_deal: bool = False
    # When colleagues at the same company were last asked, within a quarter.
    colleagues_asked_at: tuple[datetime, ...] = ()


# A function, because its plan is kept: planning this statement anew takes longer than answering it.
_SELECT = "SELECT * FROM gate_facts(%(workspace)s, %(ids)s::uuid[], %(hashes)s::text[], %(now)s, %(quarter)s)"


def of(*, workspace: Workspace, emails: Mapping[UUID, str | None], now: datetime) -> dict[UUID, Facts]:
    """The facts of these contacts, given with their normalized addresses. One statement, none for nobody."""
    if not emails:
        return {}
    values: dict[str, Any] = {
        "now": now,
        "quarter": now - CAP_QUARTER,
        "workspace": workspace.pk,
        "ids": list(emails),
        "hashes": [email_hash(email).hex() if email else None for email in emails.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(_SELECT, values)
        return {row[0]: _facts(workspace, row) for row in cursor.fetchall()}


def _facts(workspace: Workspace, row: tuple[Any, ...]) -> Facts:
    return Facts(
        first_name=row[1] or NAMELESS_PERSON,
        email=row[2] or "",
        company=row[3] or NAMELESS_COMPANY,
        timezone=workspace.timezone,
        workspace_is_active=workspace.state == Workspace.State.ACTIVE,
        rest_until=row[4],
        rest_reason=row[5],
        silences=row[6],
        low_answer_at=row[7],
        trial=row[8],
        churned_at=row[9],
        renewal_on=row[10],
        renewal_signed_at=row[11],
        has_open_deal=row[12],
        suppressions=frozenset(row[13]),
        holds=tuple(_hold(hold) for hold in json.loads(row[14] or "[]")),
        colleagues_asked_at=tuple(row[15]),
        is_merged=row[16],
    )


def _hold(fields: dict[str, Any]) -> HoldFact:
    until = fields.pop("until")
    return HoldFact(until=datetime.fromisoformat(until) if until else None, **fields)
