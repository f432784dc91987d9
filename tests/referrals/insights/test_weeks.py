"""A week of a workspace, by its own clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from referrals.insights import weeks
from tests.factories.accounts import NOW

BERLIN = ZoneInfo("Europe/Berlin")


def test_it_begins_on_monday_at_midnight_there():
    week = weeks.this_week(zone=BERLIN, now=NOW)

    assert (week.key, week.monday) == ("2026-W47", date(2026, 11, 16))
    assert week.span.since == datetime(2026, 11, 15, 23, tzinfo=UTC)
    assert week.so_far.until == NOW


def test_half_a_week_is_compared_with_the_same_half():
    before = weeks.this_week(zone=BERLIN, now=NOW).before

    assert (before.since, before.until) == (datetime(2026, 11, 8, 23, tzinfo=UTC), NOW - timedelta(days=7))


def test_a_whole_week_with_the_whole_one_before_it():
    week = weeks.this_week(zone=BERLIN, now=NOW).other(-1)

    assert (week.is_over, week.before.until) == (True, week.span.since)


def test_the_week_in_which_the_clocks_change_has_an_hour_more():
    week = weeks.named("2026-W43", zone=BERLIN, now=NOW)

    assert week.span.until - week.span.since == timedelta(days=7, hours=1)


@pytest.mark.parametrize("key", ["", "x", "2026-W99", "2027-W01", "1066-W01", "2026-W", "٢٠٢٦-W٠١", "9" * 50])
def test_an_address_that_is_none_shows_this_week(key):
    assert weeks.named(key, zone=BERLIN, now=NOW).key == "2026-W47"
