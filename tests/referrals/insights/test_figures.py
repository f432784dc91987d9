"""Six figures: each counts the people its page lists, and says when there are too few."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from referrals.insights import actions, figures, listing, weeks
from tests.factories import referrals as refer
from tests.factories.accounts import NOW

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


@pytest.fixture
def week():
    return weeks.this_week(zone=ZoneInfo("Europe/Berlin"), now=NOW)


@pytest.fixture
def figure(in_acme, week):
    """One figure by its key."""

    def read(key):
        goals = actions.goals_of(in_acme)
        return {one.key: one for one in figures.of_week(workspace=in_acme, week=week, goals=goals)}[key]

    return read


@pytest.fixture
def names(in_acme, week):
    """Who the page of a figure lists."""
    return lambda key: [line.name for line in listing.MAKERS[key](in_acme, week.so_far).lines]


@pytest.fixture
def set_goals(in_acme, by_ana):
    return lambda **goals: actions.set_goals(workspace=in_acme, goals=goals, by=by_ana, now=NOW)


def test_an_empty_week_claims_nothing(figure):
    promise, thanked = figure("promise"), figure("thanked")

    assert (promise.value, promise.note, promise.change) == ("", "nobody praised us", "")
    assert (thanked.value, thanked.note) == ("0", "nobody yet")
    assert figure("asks").change == "as many as the week before"


def test_the_promise_is_a_share_once_there_are_ten(asked, figure, names, set_goals):
    [asked() for _ in range(8)]
    asked(after=timedelta(hours=25)), asked(NOW - 30 * HOUR, after=None)
    set_goals(promise_percent=90)

    kept = figure("promise")

    assert (kept.value, kept.note, kept.goal, kept.reached) == ("80 %", "8 of 10 praised", "90 %", 88)
    assert len(names("promise")) == 10


def test_nine_are_too_few_for_a_share(asked, figure, set_goals):
    [asked() for _ in range(9)]
    set_goals(promise_percent=90)

    kept = figure("promise")

    assert (kept.value, kept.note, kept.reached) == ("", "9 of 9 praised", None)


def test_a_share_is_compared_only_with_a_share(asked, figure):
    [asked() for _ in range(10)]
    assert figure("promise").change == ""

    [asked(NOW - WEEK - 20 * HOUR) for _ in range(5)]
    [asked(NOW - WEEK - 20 * HOUR, after=timedelta(hours=25)) for _ in range(5)]

    assert figure("promise").change == "50 points more than the week before"


def test_what_still_has_time_is_not_held_against_us(asked, figure, names):
    asked(NOW - HOUR, after=None, state="queued")

    assert (figure("promise").note, names("promise")) == ("nobody praised us", [])


def test_asks_are_those_that_left_this_week(asked, figure, names):
    asked(NOW - 3 * DAY, after=2 * DAY + HOUR), asked(), asked(NOW - 3 * DAY)
    asked(after=None, state="answered", channel="same_breath", answer="declined", answered_at=NOW - HOUR)

    asks = figure("asks")

    assert (asks.value, asks.change, len(names("asks"))) == ("3", "3 more than the week before", 3)


def test_a_call_counts_when_it_is_first_booked_whatever_came_of_it(referred, moved, figure, names):
    booked = referred(NOW - 9 * DAY, stage="lost", stage_changed_at=NOW - HOUR, referee_name="Booked, then lost")
    moved(booked, "meeting_booked", NOW - 20 * HOUR), moved(booked, "lost", NOW - HOUR)
    earlier = referred(NOW - 9 * DAY, stage="met", stage_changed_at=NOW - HOUR, referee_name="Booked last week")
    moved(earlier, "meeting_booked", NOW - 8 * DAY), moved(earlier, "met", NOW - HOUR)

    calls = figure("calls")

    assert (calls.value, calls.change, names("calls")) == ("1", "as many as the week before", ["Booked, then lost"])


def test_pipeline_is_never_added_up_across_currencies(referred, figure, names, set_goals):
    referred(deal_value_minor=1_200_000, deal_currency="USD"), referred(deal_value_minor=400_000, deal_currency="EUR")
    referred(), referred(stage="named"), referred(NOW - WEEK - 20 * HOUR)
    set_goals(pipeline_minor=2_400_000)

    pipeline = figure("pipeline")

    assert pipeline.value == "$12,000 and €4,000"
    assert pipeline.note == "3 referrals, 1 without a value yet"
    assert (pipeline.change, pipeline.goal, pipeline.reached) == (
        "2 referrals more than the week before",
        "$24,000",
        50,
    )
    assert len(names("pipeline")) == 3


def test_won_shows_what_it_was_worth_even_if_it_churned_since(referred, figure, names):
    value = {"deal_value_minor": 4_800_000, "deal_currency": "USD"}
    referred(NOW - 9 * DAY, stage="churned", won_at=NOW - 20 * HOUR, stage_changed_at=NOW - HOUR, **value)
    referred(NOW - 9 * DAY, stage="won", won_at=NOW - 8 * DAY, stage_changed_at=NOW - 8 * DAY, **value)

    won = figure("won")

    assert (won.value, won.note, won.change) == ("1", "$48,000", "as many as the week before")
    assert names("won") == ["Kim Park"]


def test_thanked_says_how_fast(jamie, figure, names, set_goals):
    for hours in range(1, 11):
        refer.ThankYouFactory(
            contact=jamie,
            state="sent",
            owed_since=NOW - 40 * HOUR,
            due_at=NOW - 30 * HOUR,
            sent_at=NOW - 34 * HOUR + hours * HOUR if hours < 10 else NOW - HOUR,
        )
    set_goals(thanked_percent=100)

    thanked = figure("thanked")

    assert (thanked.value, thanked.note) == ("10", "4 within a working day, half of them after 12 h")
    assert (thanked.goal, thanked.reached) == ("100 % within a working day", 40)
    assert len(names("thanked")) == 10


def test_a_figure_counts_whom_its_page_lists(asked, referred, jamie, moved, figure, names, in_acme, week):
    asked(), asked(after=timedelta(hours=25))
    moved(referred(stage="met"), "met", NOW - HOUR)

    assert {key: listing.MAKERS[key](in_acme, week.so_far).count for key in listing.MAKERS} == {
        "promise": 2,
        "asks": len(names("asks")),
        "calls": 1,
        "pipeline": 1,
        "won": 0,
        "thanked": 0,
    }
    assert figure("promise").note == "1 of 2 praised"
