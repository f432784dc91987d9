"""The report in one sentence or two."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from referrals.outages.counting import Numbers


@dataclass(frozen=True, slots=True)
class Told:
    """`title` says when, `detail` what became of what was due."""

    title: str
    detail: str


def tell(*, started_at: datetime, ended_at: datetime, numbers: Numbers, zone: ZoneInfo) -> Told:
    """ "Goodword stood still from Tue 02:10 to 08:31.", and what became of the asks that were due then."""
    start, end = started_at.astimezone(zone), ended_at.astimezone(zone)
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%a %H:%M}"
    if (end - start).days >= 6:  # the same weekday comes round again
        title = f"Goodword stood still from {start:%-d %B %H:%M} to {end:%-d %B %H:%M}."
    else:
        title = f"Goodword stood still from {start:%a %H:%M} to {until}."
    parts = [part for part in _parts(numbers, zone) if part]
    return Told(title, "; ".join(parts) + "." if parts else "Nothing that was due then needs you any more.")


def _parts(numbers: Numbers, zone: ZoneInfo) -> list[str]:
    later = "leaves at the next polite minute" if numbers.later == 1 else "leave at their next polite minutes"
    return [
        _sent(numbers, zone),
        f"{numbers.later} {later}" if numbers.later else "",
        _count(
            numbers.missed, "missed its 24 hours and waits on the desk", "missed their 24 hours and wait on the desk"
        ),
        _count(
            numbers.stopped,
            "was taken back because the gate had closed",
            "were taken back because the gate had closed",
        ),
        _count(numbers.failed, "could not be delivered", "could not be delivered"),
        _count(numbers.unconfirmed, "is unconfirmed", "are unconfirmed"),
    ]


def _sent(numbers: Numbers, zone: ZoneInfo) -> str:
    if not numbers.sent:
        return ""
    first, last = (_hour(at, zone) for at in (numbers.first_sent_at, numbers.last_sent_at))
    when = f"at {first}" if first == last else f"between {first} and {last}"
    asks = "1 ask that was due" if numbers.sent == 1 else f"{numbers.sent} asks that were due"
    late = f", {numbers.late} of them late" if numbers.late else ""
    return f"{asks} went out {when}{late}"


def _hour(at: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(at).astimezone(zone):%H:%M}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}" if number else ""
