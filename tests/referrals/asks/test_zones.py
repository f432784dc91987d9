from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from referrals.asks.zones import MAIN_ZONES, zone_for


@pytest.mark.parametrize(
    ("contact", "country", "expected"),
    [
        ("America/Los_Angeles", "DE", ("America/Los_Angeles", "contact")),
        (" Asia/Tokyo ", None, ("Asia/Tokyo", "contact")),
        (None, "DE", ("Europe/Berlin", "country")),
        ("", "in", ("Asia/Kolkata", "country")),
        ("Mars/Olympus", "FR", ("Europe/Paris", "country")),
        (None, "US", ("America/New_York", "country")),
        (None, "AU", ("Australia/Sydney", "country")),
        (None, None, ("Europe/London", "workspace")),
        ("../../etc/passwd", "XX", ("Europe/London", "workspace")),
        ("Europe", "", ("Europe/London", "workspace")),
    ],
)
def test_the_nearest_known_zone_is_taken_and_named(contact, country, expected):
    zone, guess = zone_for(contact, country, "Europe/London")

    assert (zone.key, guess) == expected


def test_a_workspace_without_a_real_zone_is_an_error():
    with pytest.raises(ZoneInfoNotFoundError):
        zone_for(None, None, "Mars/Olympus")


def test_every_main_zone_exists():
    assert {country: ZoneInfo(zone).key for country, zone in MAIN_ZONES.items()} == MAIN_ZONES


def test_every_country_with_several_zones_has_a_main_one(zones_per_country):
    several = {country for country, zones in zones_per_country.items() if len(zones) > 1}

    assert several == set(MAIN_ZONES)
    assert [country for country, zone in MAIN_ZONES.items() if zone not in zones_per_country[country]] == []


@pytest.fixture
def zones_per_country():
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    found = {}
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, _place, zone = line.split("\t")[:3]
            found.setdefault(country, set()).add(zone)
    return found
