"""When somebody works: nothing but the clock disturbs them at other hours. A pure idea, by their own wall clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.members.models import Member

_DAY = timedelta(days=1)
# Somebody away for longer hears of it when it is over by their absence, or from their deputy.
_LOOK_AHEAD_DAYS = 400


def next_at_work(member: Member, now: datetime) -> datetime:
    """`now` within the member's hours, else when they begin next: Monday to Friday, without their absence."""
    zone = zone_of(member)
    day = now.astimezone(zone).date()
    for _ in range(_LOOK_AHEAD_DAYS):
        starts, ends = _hours(member, day, zone)
        if _works_on(member, day) and ends > now:
            return max(starts, now)
        day += _DAY
    return now


def morning(member: Member, now: datetime) -> datetime | None:
    """When the member's day began, None before that and on days without work."""
    zone = zone_of(member)
    day = now.astimezone(zone).date()
    starts, _ends = _hours(member, day, zone)
    return starts if _works_on(member, day) and starts <= now else None


def zone_of(member: Member) -> ZoneInfo:
    return ZoneInfo(member.timezone or member.workspace.timezone)


def _works_on(member: Member, day: date) -> bool:
    return day.weekday() < 5 and not member.is_away_on(day)


def _hours(member: Member, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return _at(day, member.work_starts, zone), _at(day, member.work_ends, zone)


def _at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, zone).astimezone(UTC)
