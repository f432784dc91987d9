"""What a workspace used this month, and the limits that are kept. Upper apps say in `ready()` what they count."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from accounts.api.throttling import DEFAULT_PER_MINUTE
from accounts.lists.bulk import MOST_ROWS
from accounts.lists.exporting import MOST_OPEN
from accounts.mail import pace
from accounts.mail.models import Message
from accounts.tenancy.models import Workspace


@dataclass(frozen=True, slots=True)
class Used:
    """One number; `limit` where there is one, and then `value` is what counts against it."""

    order: int
    label: str
    value: int
    note: str = ""
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that is kept, in words, and who may change it."""

    label: str
    words: str
    whose: str


# (workspace, first moment of the month, now)
Source = Callable[[Workspace, datetime, datetime], list[Used]]

_sources: list[Source] = []


def add(source: Source) -> None:
    """Count this for every workspace. Called from AppConfig.ready()."""
    if source not in _sources:
        _sources.append(source)


def month_of(now: datetime) -> datetime:
    """The first moment of the month, in the zone of the page."""
    return timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def used(workspace: Workspace, now: datetime) -> list[Used]:
    """Everything that is counted, in order."""
    found = [one for source in _sources for one in source(workspace, month_of(now), now)]
    return sorted(found, key=lambda one: one.order)


def limits(workspace: Workspace) -> list[Limit]:
    """What is refused or slowed down beyond which number."""
    per_workspace, per_domain = pace.rates(workspace)
    requests = workspace.limit("api_requests_per_minute", DEFAULT_PER_MINUTE)
    operator = "whoever runs Goodword"
    return [
        Limit("API requests", f"{requests:,} a minute for each key; more is answered with 429", operator),
        Limit("Mail", _a_minute(per_workspace), operator),
        Limit("Mail to one domain", _a_minute(per_domain), operator),
        Limit("Imports", f"{settings.IMPORT_MAX_MB:,} MB and {settings.IMPORT_MAX_ROWS:,} rows a file", operator),
        Limit("Files of lists", f"{MOST_OPEN} at once for each member", "fixed"),
        Limit("Rows changed in one go", f"{MOST_ROWS:,}", "fixed"),
    ]


def of_accounts(workspace: Workspace, month: datetime, now: datetime) -> list[Used]:
    """People, companies, members and mail."""
    sent = workspace.messages.filter(state=Message.State.SENT, sent_at__gte=month).count()
    return [
        Used(10, "People", workspace.contacts.filter(merged_into=None).count(), "known now"),
        Used(20, "Companies", workspace.companies.filter(merged_into=None).count(), "known now"),
        Used(30, "Team", workspace.members.filter(is_active=True).count(), "active members now"),
        Used(70, "Mails", sent, "handed over this month"),
    ]


def _a_minute(rate: int) -> str:
    return f"{rate:,} a minute; the rest waits its turn" if rate else "no limit"
