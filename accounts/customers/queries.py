"""Reads over customers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.customers import gate
from accounts.customers.models import Contact
from accounts.customers.outcomes import a_year_later
from accounts.tenancy.models import Workspace

CONTACTABLE_FOR = (gate.Purpose.ASKS, gate.Purpose.SURVEYS, gate.Purpose.CAMPAIGNS)


def people(workspace: Workspace) -> Any:
    """The workspace's contacts without merged duplicates."""
    return workspace.contacts.filter(merged_into__isnull=True)


def companies(workspace: Workspace) -> Any:
    """The workspace's companies without merged duplicates."""
    return workspace.companies.filter(merged_into__isnull=True)


def is_promoter(contact: Contact, *, now: datetime) -> bool:
    """Whether the latest NPS is 9 or 10 and at most twelve months old."""
    return contact.promoter_at is not None and now <= a_year_later(contact.promoter_at)


def contactable(
    *, workspace: Workspace, contacts: Sequence[Contact], now: datetime
) -> dict[UUID, dict[str, gate.Verdict]]:
    """What the gate says to asks, surveys and campaigns for each of the contacts, in one statement."""
    return gate.judge_purposes(workspace=workspace, contacts=contacts, purposes=CONTACTABLE_FOR, now=now)
