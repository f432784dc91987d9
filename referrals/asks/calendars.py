"""Which days are for work, and which hours of a day are polite: as the workspace sets them, where the contact lives."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.tenancy.holidays import public_holidays
from accounts.tenancy.models import Workspace

Span = tuple[datetime, datetime]

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """The part of a local day in which a mail is polite: from `start`, before `end`."""

    start: time
    end: time
    working_days_only: bool

    def spans(self, since: datetime, until: datetime, zone: ZoneInfo, calendar: "Calendar") -> Iterator[Span]:
        """Yield, in order, the stretches of this window between two instants, as pairs of UTC datetimes."""
        day, last = since.astimezone(zone).date() - _DAY, until.astimezone(zone).date() + _DAY
        while day <= last:
            if not self.working_days_only or calendar.is_working_day(day):
                span = span_of(day, self.start, self.end, zone)
                if span and span[0] < until and span[1] > since:
                    yield max(span[0], since), min(span[1], until)
            day += _DAY


@dataclass(frozen=True)
class Calendar:
    """The working days of somebody in `country` (ISO 3166 alpha-2), Monday being 0, and their polite hours."""

    country: str | None = None
    working_days: frozenset[int] = frozenset(range(5))
    days_off: frozenset[date] = frozenset()
    preferred: Window = Window(time(8), time(18), working_days_only=True)
    fallback: Window = Window(time(9), time(17), working_days_only=False)

    def is_working_day(self, day: date) -> bool:
        """Say whether `day` is a day of work, no day off of the workspace's and no public holiday of the country."""
        if day.weekday() not in self.working_days or day in self.days_off:
            return False
        return not (self.country and day in public_holidays(self.country, day.year))


# Monday to Friday, without holidays.
EVERYWHERE = Calendar()


def calendar_of(workspace: Workspace, country: str | None) -> Calendar:
    """The workspace's hours and days for somebody in this country."""
    return Calendar(
        country=country or workspace.country or None,
        working_days=frozenset(workspace.working_days),
        days_off=frozenset(date.fromisoformat(day) for day in workspace.own_days),
        preferred=Window(workspace.polite_starts, workspace.polite_ends, working_days_only=True),
        fallback=Window(workspace.fallback_starts, workspace.fallback_ends, working_days_only=False),
    )


def span_of(day: date, start: time, end: time, zone: ZoneInfo) -> Span | None:
    """Return a local stretch of a day in UTC; None where the clock jumps over one of its ends (Samoa skipped a day)."""
    # Where the clock goes back over an end, the later start and the earlier end keep the stretch in one piece.
    first, last = datetime.combine(day, start, zone).replace(fold=1), datetime.combine(day, end, zone)
    for moment in (first, last):
        if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment.replace(tzinfo=None):
            return None
    return first.astimezone(UTC), last.astimezone(UTC)
