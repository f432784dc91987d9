"""In whose name an ask goes out: the company's owner, else their deputy, else the workspace's own sender."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from accounts.customers.models import Contact
from accounts.members.models import Member
from accounts.tenancy.models import Workspace
from referrals.asks.calendars import calendar_of
from referrals.asks.clock import WorkHours

_OFFICE_HOURS = time(9), time(17, 30)


@dataclass(frozen=True, slots=True)
class Sender:
    """A person with a name, an address and hours; `member` is None for the workspace's own sender."""

    member: Member | None
    name: str
    email: str
    hours: WorkHours

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.strip() else ""


def sender_for(*, workspace: Workspace, contact: Contact, now: datetime) -> Sender:
    """Who asks this contact at `now`. Reads `contact.company.owner.deputy`: load them with the contact."""
    owner = contact.company.owner if contact.company else None
    for member in (owner, owner.deputy if owner else None):
        if member is not None and is_there(member, workspace, now):
            return Sender(member, member.name, member.email, _hours(workspace, member))
    return Sender(None, workspace.sender_name, workspace.sender_email, _hours(workspace, None))


def is_there(member: Member, workspace: Workspace, now: datetime) -> bool:
    """Whether the member is active and not absent on this day, by their own calendar."""
    today = now.astimezone(ZoneInfo(member.timezone or workspace.timezone)).date()
    return member.is_active and not member.is_away_on(today)


def _hours(workspace: Workspace, member: Member | None) -> WorkHours:
    zone = ZoneInfo((member.timezone if member else "") or workspace.timezone)
    starts, ends = (member.work_starts, member.work_ends) if member else _OFFICE_HOURS
    return WorkHours(zone, starts, ends, calendar_of(workspace, None))
