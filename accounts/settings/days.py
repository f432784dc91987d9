"""The days off that lie ahead: holidays of the workspace's country, and its own."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from zoneinfo import available_timezones

from accounts.tenancy.holidays import public_holidays
from accounts.tenancy.models import Workspace

_AHEAD = timedelta(days=366)
MOST_HOLIDAYS = 12


@dataclass(frozen=True, slots=True)
class DayOff:
    """`own`: the workspace's, which may take it away; else a holiday of its country."""

    day: date
    name: str
    own: bool


def coming(workspace: Workspace, today: date) -> list[DayOff]:
    """From today on: the next holidays of a year, and all days of the workspace's own, in order."""
    own = [DayOff(date.fromisoformat(day), name, True) for day, name in workspace.own_days.items()]
    return sorted([*_holidays(workspace.country, today), *(one for one in own if one.day >= today)], key=_by_day)


@cache
def zones() -> list[str]:
    """The time zones one may choose, such as Europe/Berlin."""
    return sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))


def _holidays(country: str, today: date) -> list[DayOff]:
    if not country:
        return []
    known = {**public_holidays(country, today.year), **public_holidays(country, today.year + 1)}
    ahead = [DayOff(day, name, False) for day, name in known.items() if today <= day <= today + _AHEAD]
    return sorted(ahead, key=_by_day)[:MOST_HOLIDAYS]


def _by_day(one: DayOff) -> date:
    return one.day
