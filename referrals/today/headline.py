"""The one sentence on top of Today: what is true now, then what to do, with the hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

_WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")
_JUST = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the sentence needs to know of one ask on the desk."""

    responded_at: datetime
    deadline_at: datetime
    is_praise: bool = True


@dataclass(frozen=True, slots=True)
class Headline:
    """`lead` says what is true, `moment` what to do (in marigold), `under` what else there is. Each may be empty."""

    lead: str
    moment: str = ""
    under: str = ""


def headline(asks: Sequence[Waiting], *, missed: int, zone: ZoneInfo, now: datetime) -> Headline:
    """The sentence for the asks that wait; `missed` are those whose deadline has passed and nobody wrote."""
    waiting = [ask for ask in asks if ask.deadline_at > now]
    missed += len(asks) - len(waiting)
    late = _late(missed)
    if not waiting:
        if missed:
            return Headline(late, "You can still write; it will say so on the record.")
        return Headline("Nobody new waits to be asked.", under="New answers appear here by themselves.")
    lead = f"{people(len(waiting))} {_did(waiting, now)}"
    hour = clock_words(min(ask.deadline_at for ask in waiting), zone=zone, now=now)
    them = "them" if len(waiting) > 1 or not missed else "this one"
    return Headline(lead, f"Ask {them} before {hour}.", late)


def people(count: int) -> str:
    """ "Three people", "One person", "14 people"."""
    return f"{count_words(count)} {'person' if count == 1 else 'people'}"


def count_words(count: int) -> str:
    """A number as it begins a sentence: in words up to twelve."""
    return _WORDS[count] if count < len(_WORDS) else str(count)


def clock_words(at: datetime, *, zone: ZoneInfo, now: datetime) -> str:
    """An hour as people say it: "17:40", "tomorrow 11:32", "Friday 20 November 09:00"."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    hour = f"{local:%H:%M}"
    days = (local.date() - today).days
    if days == 0:
        return hour
    named = {1: "tomorrow", -1: "yesterday"}.get(days) or date_format(local, "l j F")
    return f"{named} {hour}"


def _did(waiting: Sequence[Waiting], now: datetime) -> str:
    if all(ask.is_praise and now - ask.responded_at < _JUST for ask in waiting):
        return "just said they love it."
    return "has a reason to be asked." if len(waiting) == 1 else "have a reason to be asked."


def _late(missed: int) -> str:
    if not missed:
        return ""
    return "One ask was missed." if missed == 1 else f"{count_words(missed)} asks were missed."
