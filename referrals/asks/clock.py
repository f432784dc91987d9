"""The 24-hour clock: when an ask may go out, must have gone out, and is shown (product.md section 2).

Everything here takes and returns aware datetimes; returned instants are in UTC. "Polite" is the contact's daytime.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from referrals.asks.calendars import EVERYWHERE, Calendar, Window, span_of

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
# Longer than the longest run of holidays anywhere and of all the days off that a workspace may set.
_LONGEST_REST = timedelta(days=120)


class AnsweredInTheFuture(ValueError):
    """An answer dated more than five minutes after its arrival."""


@dataclass(frozen=True)
class WorkHours:
    """When a member works: on the working days of `calendar`, from `start` to `end` in `zone`."""

    zone: ZoneInfo
    start: time
    end: time
    calendar: Calendar = EVERYWHERE

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
    calendar: Calendar,
    weekends: Weekends,
    policy: Policy,
    sender_hours: WorkHours,
    learned: bool,
    always_manual: bool,
) -> Plan:
    """Return the plan of an ask queued at `received_at`. Raises AnsweredInTheFuture.

    `zone` and `calendar` are the contact's; `learned`: at least ten asks of the workspace were sent
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
    send_at, reason = _untouched(received, deadline, zone, calendar, policy, sender_hours, learned)
    # A deadline that only a weekend can keep is passed on purpose where weekends wait.
    if weekends == "wait" and (send_at is None or not is_preferred(send_at, zone, calendar)):
        send_at, reason = (
            _first(calendar.preferred, received, received + _LONGEST_REST, zone, calendar),
            "waits_for_working_day",
        )
    late = send_at is not None and send_at >= deadline
    return Plan(deadline, send_at, late_by_choice=late, reason=reason, call_task=call)


def next_polite(
    after: datetime, *, zone: ZoneInfo, calendar: Calendar, weekends: Weekends, deadline: datetime
) -> datetime | None:
    """Return the first polite instant from `after` on and before `deadline`; None if the night lasts until then.

    A preferred minute is taken before an earlier fallback minute. Where weekends wait, the start of the next working
    day's window is returned even past the deadline: late by choice.
    """
    since, until = _utc(after), _utc(deadline)
    preferred = _first(calendar.preferred, since, until, zone, calendar)
    if preferred:
        return preferred
    if weekends == "wait":
        return _first(calendar.preferred, since, since + _LONGEST_REST, zone, calendar)
    return _first(calendar.fallback, since, until, zone, calendar)


def last_polite_before(
    deadline: datetime,
    *,
    zone: ZoneInfo,
    calendar: Calendar,
    weekends: Weekends,
    after: datetime | None = None,
) -> datetime | None:
    """Return the last polite minute that is over by `deadline`, preferred before fallback; None if there is none.

    Looks back to `after`, by default 24 hours. Where weekends wait and no working hour is left, that is the start of
    the next working day's window, past the deadline: late by choice.
    """
    until = _utc(deadline)
    since = until - PROMISE if after is None else _utc(after)
    preferred = _last(calendar.preferred, since, until, zone, calendar)
    if preferred:
        return preferred
    if weekends == "wait":
        return _first(calendar.preferred, since, since + _LONGEST_REST, zone, calendar)
    return _last(calendar.fallback, since, until, zone, calendar)


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
        span = span_of(day, work_hours.start, work_hours.end, work_hours.zone)
        if span and work_hours.calendar.is_working_day(day) and span[1] > since:
            begin = max(span[0], since)
            if begin + left <= span[1]:
                return begin + left
            left -= span[1] - begin
        day += _DAY


def add_working_days(start: datetime, days: int, zone: ZoneInfo, calendar: Calendar) -> datetime:
    """Return the same time of day, in `zone`, so many working days later. Raises ValueError if negative."""
    if days < 0:
        raise ValueError("Working days are counted forwards.")
    local = _utc(start).astimezone(zone)
    day = local.date()
    for _ in range(days):
        day += _DAY
        while not calendar.is_working_day(day):
            day += _DAY
    return datetime.combine(day, local.time(), zone).astimezone(UTC)


def is_preferred(instant: datetime, zone: ZoneInfo, calendar: Calendar) -> bool:
    """Say whether an instant is in the preferred window of the contact."""
    return any(calendar.preferred.spans(_utc(instant), _utc(instant) + _MINUTE / 60, zone, calendar))


def is_polite(instant: datetime, *, zone: ZoneInfo, calendar: Calendar, weekends: Weekends) -> bool:
    """Say whether an instant is in a window in which an untouched mail may leave."""
    if is_preferred(instant, zone, calendar):
        return True
    fallback = calendar.fallback.spans(_utc(instant), _utc(instant) + _MINUTE / 60, zone, calendar)
    return weekends == "daytime" and any(fallback)


def _untouched(
    received: datetime,
    deadline: datetime,
    zone: ZoneInfo,
    calendar: Calendar,
    policy: Policy,
    sender_hours: WorkHours,
    learned: bool,
) -> tuple[datetime | None, Reason]:
    """Return when an ask that nobody touches leaves before the deadline, and why then."""
    where: tuple[ZoneInfo, Calendar] = (zone, calendar)
    if policy == "automatic":
        first = next_polite(received, zone=zone, calendar=calendar, weekends="daytime", deadline=deadline)
        return first, "first_polite_minute" if first else "no_polite_minute"
    last = last_polite_before(deadline, zone=zone, calendar=calendar, weekends="daytime", after=received)
    if last is None:
        return None, "no_polite_minute"
    if policy == "assisted" and learned:
        hours = WORKING_HOURS_UNTOUCHED / timedelta(hours=1)
        ready = add_working_hours(received, hours, sender_hours)
        window = calendar.preferred if is_preferred(last, *where) else calendar.fallback
        moved = _first(window, ready, deadline, *where)
        if moved and moved < last:
            return moved, "after_working_hours"
    return last, "last_polite_minute"


def _first(window: Window, since: datetime, until: datetime, zone: ZoneInfo, calendar: Calendar) -> datetime | None:
    return next((start for start, _end in window.spans(since, until, zone, calendar)), None)


def _last(window: Window, since: datetime, until: datetime, zone: ZoneInfo, calendar: Calendar) -> datetime | None:
    span = next(reversed(list(window.spans(since, until, zone, calendar))), None)
    if span is None:
        return None
    start, end = span
    # The whole minute must fit, so that a hand-over 60 s later is still in time; a shorter rest is used from its start.
    return max(start, (end - _MINUTE).replace(second=0, microsecond=0))


def _utc(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        raise ValueError("A time without a zone says nothing; pass an aware datetime.")
    return instant.astimezone(UTC)
