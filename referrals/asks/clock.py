"""The 24-hour clock: when an ask may go out, must have gone out, and is shown (product.md section 2).

Everything here takes and returns aware datetimes; returned instants are in UTC. "Polite" is the contact's daytime.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

import holidays

Weekends = Literal["daytime", "wait"]
Policy = Literal["assisted", "automatic", "manual", "call_first"]
Reason = Literal[
    "first_polite_minute",
    "last_polite_minute",
    "after_working_hours",
    "waits_for_working_day",
    "by_hand",
    "always_by_hand",
    "no_polite_minute",
    "too_old",
]

PROMISE = timedelta(hours=24)
UNDO = timedelta(seconds=60)
FUTURE_ALLOWED = timedelta(minutes=5)
WORKING_HOURS_UNTOUCHED = timedelta(hours=4)

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
# Longer than the longest run of holidays anywhere (Chinese New Year, Eid) with the weekends around it.
_LONGEST_REST = timedelta(days=31)

Span = tuple[datetime, datetime]


class AnsweredInTheFuture(ValueError):
    """An answer dated more than five minutes after its arrival."""


@dataclass(frozen=True)
class Window:
    """The part of a local day in which a mail is polite: from `start`, before `end`."""

    start: time
    end: time
    working_days_only: bool

    def spans(self, since: datetime, until: datetime, zone: ZoneInfo, country: str | None) -> Iterator[Span]:
        """Yield, in order, the stretches of this window between two instants, as pairs of UTC datetimes."""
        day, last = since.astimezone(zone).date() - _DAY, until.astimezone(zone).date() + _DAY
        while day <= last:
            if not self.working_days_only or is_working_day(day, country):
                span = _span(day, self.start, self.end, zone)
                if span and span[0] < until and span[1] > since:
                    yield max(span[0], since), min(span[1], until)
            day += _DAY


PREFERRED = Window(time(8), time(18), working_days_only=True)
FALLBACK = Window(time(9), time(17), working_days_only=False)


@dataclass(frozen=True)
class WorkHours:
    """When a member works: Monday to Friday without the holidays of `country`, from `start` to `end` in `zone`."""

    zone: ZoneInfo
    start: time
    end: time
    country: str | None = None

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError("Working hours must end after they start.")


@dataclass(frozen=True)
class Plan:
    """When an untouched ask leaves by itself; `send_at` is None when only a person may send it, and `reason` says why.

    `late_by_choice`: the workspace lets weekends and holidays wait, so `send_at` lies after the deadline.
    `call_task`: a call is due by the same deadline, the mail is its fallback.
    """

    deadline_at: datetime
    send_at: datetime | None
    late_by_choice: bool
    reason: Reason
    call_task: bool = False


def plan(
    *,
    responded_at: datetime,
    received_at: datetime,
    zone: ZoneInfo,
    country: str | None,
    weekends: Weekends,
    policy: Policy,
    sender_hours: WorkHours,
    learned: bool,
    always_manual: bool,
) -> Plan:
    """Return the plan of an ask queued at `received_at`. Raises AnsweredInTheFuture.

    `zone` and `country` (ISO 3166 alpha-2) are the contact's; `learned`: at least ten asks of the workspace were sent
    by people; `always_manual`: executives, sponsors and the top tenth by revenue.
    """
    responded, received = _utc(responded_at), _utc(received_at)
    if responded - received > FUTURE_ALLOWED:
        raise AnsweredInTheFuture("This answer is dated more than five minutes in the future.")
    # A clock that runs a little fast must not stretch the promise.
    deadline = min(responded, received) + PROMISE
    call = policy == "call_first"
    if deadline <= received:
        return Plan(deadline, None, late_by_choice=False, reason="too_old", call_task=False)
    if always_manual or policy == "manual":
        reason: Reason = "always_by_hand" if always_manual else "by_hand"
        return Plan(deadline, None, late_by_choice=False, reason=reason, call_task=call)
    send_at, reason = _untouched(received, deadline, zone, country, policy, sender_hours, learned)
    # A deadline that only a weekend can keep is passed on purpose where weekends wait.
    if weekends == "wait" and (send_at is None or not is_preferred(send_at, zone, country)):
        send_at, reason = _first(PREFERRED, received, received + _LONGEST_REST, zone, country), "waits_for_working_day"
    late = send_at is not None and send_at >= deadline
    return Plan(deadline, send_at, late_by_choice=late, reason=reason, call_task=call)


def next_polite(
    after: datetime, *, zone: ZoneInfo, country: str | None, weekends: Weekends, deadline: datetime
) -> datetime | None:
    """Return the first polite instant from `after` on and before `deadline`; None if the night lasts until then.

    A preferred minute is taken before an earlier fallback minute. Where weekends wait, the start of the next working
    day's window is returned even past the deadline: late by choice.
    """
    since, until = _utc(after), _utc(deadline)
    preferred = _first(PREFERRED, since, until, zone, country)
    if preferred:
        return preferred
    if weekends == "wait":
        return _first(PREFERRED, since, since + _LONGEST_REST, zone, country)
    return _first(FALLBACK, since, until, zone, country)


def last_polite_before(
    deadline: datetime,
    *,
    zone: ZoneInfo,
    country: str | None,
    weekends: Weekends,
    after: datetime | None = None,
) -> datetime | None:
    """Return the last polite minute that is over by `deadline`, preferred before fallback; None if there is none.

    Looks back to `after`, by default 24 hours. Where weekends wait and no working hour is left, that is the start of
    the next working day's window, past the deadline: late by choice.
    """
    until = _utc(deadline)
    since = until - PROMISE if after is None else _utc(after)
    preferred = _last(PREFERRED, since, until, zone, country)
    if preferred:
        return preferred
    if weekends == "wait":
        return _first(PREFERRED, since, since + _LONGEST_REST, zone, country)
    return _last(FALLBACK, since, until, zone, country)


def hand_over_at(pressed_at: datetime, deadline: datetime) -> datetime:
    """Return when the mail leaves after "send": 60 s later (undo), but not past a deadline that is still ahead."""
    pressed, until = _utc(pressed_at), _utc(deadline)
    return min(pressed + UNDO, until) if pressed <= until else pressed + UNDO


def notices(deadline: datetime, queued_at: datetime) -> list[datetime]:
    """Return when the owner is told of a waiting draft: at once, at half time, at 80 %; only at once if it is late."""
    start, end = _utc(queued_at), _utc(deadline)
    return [start, start + (end - start) / 2, start + (end - start) * 4 / 5] if start < end else [start]


def add_working_hours(start: datetime, hours: float, work_hours: WorkHours) -> datetime:
    """Return the instant at which `hours` hours of work have passed since `start`. Raises ValueError if negative."""
    if hours < 0:
        raise ValueError("Working hours are counted forwards.")
    left, since = timedelta(hours=hours), _utc(start)
    if not left:
        return since
    day = since.astimezone(work_hours.zone).date()
    while True:
        span = _span(day, work_hours.start, work_hours.end, work_hours.zone)
        if span and is_working_day(day, work_hours.country) and span[1] > since:
            begin = max(span[0], since)
            if begin + left <= span[1]:
                return begin + left
            left -= span[1] - begin
        day += _DAY


def add_working_days(start: datetime, days: int, zone: ZoneInfo, country: str | None) -> datetime:
    """Return the same time of day, in `zone`, so many working days later. Raises ValueError if negative."""
    if days < 0:
        raise ValueError("Working days are counted forwards.")
    local = _utc(start).astimezone(zone)
    day = local.date()
    for _ in range(days):
        day += _DAY
        while not is_working_day(day, country):
            day += _DAY
    return datetime.combine(day, local.time(), zone).astimezone(UTC)


def is_working_day(day: date, country: str | None) -> bool:
    """Say whether `day` is one of Monday to Friday and no public holiday of `country`."""
    return day.weekday() < 5 and not (country and day in _holidays(country.upper(), day.year))


def is_preferred(instant: datetime, zone: ZoneInfo, country: str | None) -> bool:
    """Say whether an instant is in the preferred window of the contact."""
    return any(PREFERRED.spans(_utc(instant), _utc(instant) + _MINUTE / 60, zone, country))


def is_polite(instant: datetime, *, zone: ZoneInfo, country: str | None, weekends: Weekends) -> bool:
    """Say whether an instant is in a window in which an untouched mail may leave."""
    if is_preferred(instant, zone, country):
        return True
    fallback = FALLBACK.spans(_utc(instant), _utc(instant) + _MINUTE / 60, zone, country)
    return weekends == "daytime" and any(fallback)


def _untouched(
    received: datetime,
    deadline: datetime,
    zone: ZoneInfo,
    country: str | None,
    policy: Policy,
    sender_hours: WorkHours,
    learned: bool,
) -> tuple[datetime | None, Reason]:
    """Return when an ask that nobody touches leaves before the deadline, and why then."""
    where: tuple[ZoneInfo, str | None] = (zone, country)
    if policy == "automatic":
        first = next_polite(received, zone=zone, country=country, weekends="daytime", deadline=deadline)
        return first, "first_polite_minute" if first else "no_polite_minute"
    last = last_polite_before(deadline, zone=zone, country=country, weekends="daytime", after=received)
    if last is None:
        return None, "no_polite_minute"
    if policy == "assisted" and learned:
        hours = WORKING_HOURS_UNTOUCHED / timedelta(hours=1)
        ready = add_working_hours(received, hours, sender_hours)
        window = PREFERRED if is_preferred(last, *where) else FALLBACK
        moved = _first(window, ready, deadline, *where)
        if moved and moved < last:
            return moved, "after_working_hours"
    return last, "last_polite_minute"


def _first(window: Window, since: datetime, until: datetime, zone: ZoneInfo, country: str | None) -> datetime | None:
    return next((start for start, _end in window.spans(since, until, zone, country)), None)


def _last(window: Window, since: datetime, until: datetime, zone: ZoneInfo, country: str | None) -> datetime | None:
    span = next(reversed(list(window.spans(since, until, zone, country))), None)
    if span is None:
        return None
    start, end = span
    # The whole minute must fit, so that a hand-over 60 s later is still in time; a shorter rest is used from its start.
    return max(start, (end - _MINUTE).replace(second=0, microsecond=0))


def _span(day: date, start: time, end: time, zone: ZoneInfo) -> Span | None:
    """Return a local stretch of a day in UTC; None where the clock jumps over one of its ends (Samoa skipped a day)."""
    # Where the clock goes back over an end, the later start and the earlier end keep the stretch in one piece.
    first, last = datetime.combine(day, start, zone).replace(fold=1), datetime.combine(day, end, zone)
    for moment in (first, last):
        if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment.replace(tzinfo=None):
            return None
    return first.astimezone(UTC), last.astimezone(UTC)


@lru_cache(maxsize=1024)
def _holidays(country: str, year: int) -> frozenset[date]:
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:  # a country whose holidays nobody has written down: its weekends still count
        return frozenset()


def _utc(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        raise ValueError("A time without a zone says nothing; pass an aware datetime.")
    return instant.astimezone(UTC)
