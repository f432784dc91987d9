"""Whose clock an ask obeys: the contact's own time zone, else the main zone of the country, else the workspace's."""

from functools import cache
from importlib.resources import files
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

Guess = Literal["contact", "country", "workspace"]

# Countries with several zones: where most people (of business) live. The zone table lists them in geographical order,
# so that Lord Howe Island would speak for Australia.
MAIN_ZONES = {
    "AQ": "Antarctica/McMurdo",  # the largest station
    "AR": "America/Argentina/Buenos_Aires",  # one clock in all of the country
    "AU": "Australia/Sydney",  # east coast: four in five people
    "BR": "America/Sao_Paulo",  # Brasilia time: nine in ten people
    "CA": "America/Toronto",  # Ontario and Quebec: three in five people
    "CD": "Africa/Kinshasa",  # the capital
    "CL": "America/Santiago",  # the mainland
    "CN": "Asia/Shanghai",  # the official time of all of the country
    "CY": "Asia/Nicosia",  # the capital
    "DE": "Europe/Berlin",  # one clock in all of the country
    "EC": "America/Guayaquil",  # the mainland
    "ES": "Europe/Madrid",  # the mainland
    "FM": "Pacific/Pohnpei",  # the capital
    "GL": "America/Nuuk",  # the capital: nine in ten people with its coast
    "ID": "Asia/Jakarta",  # Java and Sumatra: four in five people
    "KI": "Pacific/Tarawa",  # the capital
    "KZ": "Asia/Almaty",  # one clock since 2024
    "MH": "Pacific/Majuro",  # the capital
    "MN": "Asia/Ulaanbaatar",  # half of all people
    "MX": "America/Mexico_City",  # central time: most states
    "MY": "Asia/Kuala_Lumpur",  # one clock in all of the country
    "NZ": "Pacific/Auckland",  # all but the Chatham Islands
    "PF": "Pacific/Tahiti",  # two in three people
    "PG": "Pacific/Port_Moresby",  # all but Bougainville
    "PS": "Asia/Hebron",  # the West Bank; Gaza has the same clock
    "PT": "Europe/Lisbon",  # the mainland
    "RU": "Europe/Moscow",  # Moscow time: two in three people
    "UA": "Europe/Kyiv",  # the capital
    "UM": "Pacific/Wake",  # nobody lives on either
    "US": "America/New_York",  # eastern time: nearly half of all people
    "UZ": "Asia/Tashkent",  # the capital
}


def zone_for(contact_timezone: str | None, country: str | None, workspace_timezone: str) -> tuple[ZoneInfo, Guess]:
    """Return the time zone of a contact and where it comes from, which the screen shows.

    A zone or country nobody knows counts as not given. `country` is an ISO 3166 alpha-2 code. Raises
    zoneinfo.ZoneInfoNotFoundError if the workspace's own zone is unknown.
    """
    if contact_timezone and contact_timezone.strip() in _known_zones():
        return ZoneInfo(contact_timezone.strip()), "contact"
    main = _zones_by_country().get(country.strip().upper()) if country else None
    if main:
        return ZoneInfo(main), "country"
    return ZoneInfo(workspace_timezone), "workspace"


@cache
def _known_zones() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _zones_by_country() -> dict[str, str]:
    """Return the main zone of each country, from the table that comes with the time zone data."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return {row[0]: row[2] for row in rows} | MAIN_ZONES
