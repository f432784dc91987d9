"""A week, Monday to Sunday in the workspace's zone, and how far it has come. A pure idea."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Span:
    """From `since` to before `until`."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Week:
    """The week that begins on `monday`, seen at `now`."""

    monday: date
    zone: ZoneInfo
    now: datetime

    @property
    def key(self) -> str:
        """As in an address: "2026-W47"."""
        year, week, _day = self.monday.isocalendar()
        return f"{year}-W{week:02d}"

    @property
    def is_over(self) -> bool:
        return self.span.until <= self.now

    @property
    def span(self) -> Span:
        return Span(_midnight(self.monday, self.zone), _midnight(self.monday + _WEEK, self.zone))

    @property
    def so_far(self) -> Span:
        """The week up to now."""
        return Span(self.span.since, max(self.span.since, min(self.span.until, self.now)))

    @property
    def before(self) -> Span:
        """The same part of the week before: half a week is never compared with a whole one."""
        since = _midnight(self.monday - _WEEK, self.zone)
        if self.is_over:
            return Span(since, self.span.since)
        gone = self.now.astimezone(self.zone).replace(tzinfo=None) - datetime.combine(self.monday, time())
        until = datetime.combine(self.monday - _WEEK, time()) + gone
        return Span(since, until.replace(tzinfo=self.zone).astimezone(UTC))

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    def other(self, weeks: int) -> "Week":
        """So many weeks later, or earlier."""
        return Week(self.monday + weeks * _WEEK, self.zone, self.now)


def this_week(*, zone: ZoneInfo, now: datetime) -> Week:
    today = now.astimezone(zone).date()
    return Week(today - timedelta(days=today.weekday()), zone, now)


def named(key: str, *, zone: ZoneInfo, now: datetime) -> Week:
    """The week of an address; this one for what can't be read or lies ahead."""
    current = this_week(zone=zone, now=now)
    year, _, number = key.partition("-W")
    if not (year.isascii() and year.isdigit() and number.isascii() and number.isdigit() and len(key) < 9):
        return current
    try:
        monday = date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        return current
    # Before the year 2000 nothing was measured, and some zones had no whole hours.
    return Week(monday, zone, now) if date(2000, 1, 1) <= monday <= current.monday else current


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
