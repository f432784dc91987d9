"""Away from one day to another, and who stands in."""

import datetime

import pytest

from accounts.members import absence
from accounts.members.models import Member
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.errors import InvalidInput
from tests.factories import accounts as make
from tests.factories.accounts import NOW

TODAY = NOW.date()


def day(offset):
    return TODAY + datetime.timedelta(days=offset)


@pytest.fixture
def team(in_acme, ana):
    names = {"ben": "Ben Okoro", "kim": "Kim Park"}
    return {key: make.MemberFactory(workspace=in_acme, role="manager", name=name) for key, name in names.items()}


def go_away(member, first, last, deputy=None):
    days = (None if one is None else day(one) for one in (first, last))
    return absence.set_absence(
        workspace=member.workspace,
        member=member,
        **dict(zip(("absent_from", "absent_until"), days, strict=True)),
        deputy=deputy,
        by=SYSTEM,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("first", "last", "away"),
    [(None, 0, True), (None, 5, True), (0, 0, True), (-3, -1, False), (1, 3, False), (None, None, False)],
)
def test_somebody_is_away_on_the_first_and_the_last_day_and_between(first, last, away):
    member = Member(
        absent_from=first if first is None else day(first), absent_until=last if last is None else day(last)
    )

    assert member.is_away_on(TODAY) is away


def test_the_day_is_that_of_the_members_own_calendar(in_acme):
    late = datetime.datetime(2026, 11, 17, 23, 30, tzinfo=datetime.UTC)

    assert [
        make.MemberFactory(workspace=in_acme, timezone=zone).today(late).day for zone in ("Asia/Tokyo", "UTC", "")
    ] == [18, 17, 18]


def test_coming_back_clears_both_days(team):
    go_away(team["ben"], 0, 3, team["kim"])

    back = go_away(team["ben"], 2, None, team["kim"])

    assert (back.absent_from, back.absent_until, back.deputy) == (None, None, team["kim"])
    assert back.workspace.events.filter(type="member.absence_set").count() == 2


def test_nobody_stands_in_for_themselves(team):
    with pytest.raises(InvalidInput, match="for themselves"):
        go_away(team["ben"], 0, 3, team["ben"])


def test_whoever_left_stands_in_for_nobody(team, in_acme):
    from accounts.members import actions as members

    Member.objects.filter(pk=team["ben"].pk).update(deputy=team["kim"])
    members.deactivate(workspace=in_acme, member=team["kim"], by=SYSTEM, now=NOW)

    team["ben"].refresh_from_db()
    assert team["ben"].deputy is None
    with pytest.raises(InvalidInput, match="has left the team"):
        go_away(team["ben"], 0, 3, team["kim"])


@pytest.mark.parametrize(("first", "last", "fits"), [(0, 3, False), (3, 9, False), (4, 9, True), (-9, -1, True)])
def test_whoever_is_away_in_the_same_days_does_not_stand_in_so_no_circle_leads_to_nobody(team, first, last, fits):
    go_away(team["kim"], 0, 3, team["ben"])

    if fits:
        assert go_away(team["ben"], first, last, team["kim"]).deputy == team["kim"]
    else:
        with pytest.raises(InvalidInput, match="away then too"):
            go_away(team["ben"], first, last, team["kim"])


def test_those_who_rely_on_somebody_who_goes_too_are_named(team):
    go_away(team["ben"], 0, 3, team["kim"])

    kim = go_away(team["kim"], 2, 5)

    assert [one.name for one in absence.relying_on(kim)] == ["Ben Okoro"]
    assert absence.relying_on(go_away(team["kim"], 4, 5)) == []


def test_the_last_day_comes_after_the_first_and_is_not_over(team):
    with pytest.raises(InvalidInput):
        go_away(team["ben"], 3, 1)
    with pytest.raises(InvalidInput):
        go_away(team["ben"], None, -1)
