from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.experts.score import EXPERT_FROM, MOST, Expert, Facts, score

# A busy machine is no failure.
PATIENT = settings(deadline=None)

TODAY = date(2026, 5, 4)
FULL = Facts(
    today=TODAY,
    use_percentile=1.0,
    outcomes_on=(TODAY, TODAY - timedelta(days=365)),
    customer_since=date(2020, 1, 1),
    answers=(True, True, True, True),
    involvements_on=(TODAY, TODAY),
)


def test_somebody_who_does_everything_has_a_hundred():
    assert score(FULL) == Expert(total=100, parts=MOST, is_expert=True, stood_in=[])


def test_somebody_we_know_nothing_about_has_zero():
    parts = {"use": 0, "outcomes": 0, "tenure": 0, "steadiness": 0, "involvement": 0}

    assert score(Facts(today=TODAY)) == Expert(total=0, parts=parts, is_expert=False, stood_in=[])


def test_the_parts_are_shown_and_add_up():
    facts = Facts(
        today=TODAY,
        use_percentile=0.8,
        outcomes_on=(TODAY,),
        customer_since=TODAY - timedelta(days=365),
        answers=(True, False, True),
        involvements_on=(TODAY,),
    )

    parts = {"use": 28, "outcomes": 15, "tenure": 8, "steadiness": 5, "involvement": 5}
    assert score(facts) == Expert(total=61, parts=parts, is_expert=True, stood_in=[])


def test_sixty_is_an_expert_and_fifty_nine_is_not():
    # 30 for outcomes, 15 for tenure, 5 for steadiness, 5 for involvement, and so many of 35 for use.
    others = replace(FULL, involvements_on=(TODAY,), answers=(True, True, False, False))

    sixty = score(replace(others, use_percentile=5 / 35))
    fifty_nine = score(replace(others, use_percentile=4 / 35))

    assert (sixty.total, sixty.is_expert) == (60, True)
    assert (fifty_nine.total, fifty_nine.is_expert) == (59, False)


def test_only_the_latest_four_answers_count():
    assert score(replace(FULL, answers=(False, True, True, True, True, True))).parts["steadiness"] == 8


def test_outcomes_and_involvement_older_than_a_year_do_not_count():
    old = (TODAY - timedelta(days=366),)

    parts = score(replace(FULL, outcomes_on=old, involvements_on=old)).parts

    assert (parts["outcomes"], parts["involvement"]) == (0, 0)


def test_what_lies_in_the_future_does_not_count():
    tomorrow = TODAY + timedelta(days=1)
    facts = Facts(today=TODAY, outcomes_on=(tomorrow,), involvements_on=(tomorrow,), customer_since=tomorrow)

    assert score(facts).total == 0


def test_without_surveys_renewal_retention_and_tenure_stand_in():
    facts = replace(FULL, answers=(), renewals=2, retained=True)

    result = score(facts)

    assert result.parts["steadiness"] == 10
    assert result.stood_in == ["renewal", "retention", "tenure"]


def test_only_what_is_known_stands_in():
    facts = Facts(today=TODAY, retained=True)

    result = score(facts)

    assert (result.parts["steadiness"], result.stood_in) == (3, ["retention"])


def test_a_lost_company_has_nothing_to_stand_in():
    result = score(replace(FULL, answers=(), renewals=2, retained=False))

    assert (result.parts["steadiness"], result.stood_in) == (0, [])


def test_surveys_leave_nothing_to_stand_in_for():
    result = score(replace(FULL, answers=(False,), renewals=2, retained=True))

    assert (result.parts["steadiness"], result.stood_in) == (0, [])


def test_an_executive_with_a_proven_outcome_counts_without_a_score():
    facts = Facts(today=TODAY, outcomes_on=(TODAY,), is_executive=True)

    result = score(facts)

    assert (result.total, result.is_expert, result.by_outcomes) == (15, True, True)


def test_an_executive_without_an_outcome_needs_the_score():
    result = score(Facts(today=TODAY, is_executive=True))

    assert (result.is_expert, result.by_outcomes) == (False, False)


@pytest.mark.parametrize("percentile", [-0.01, 1.01, 80, float("nan")])
def test_a_percentile_outside_zero_to_one_is_refused(percentile):
    with pytest.raises(ValueError, match=r"between 0\.0 and 1\.0"):
        score(Facts(today=TODAY, use_percentile=percentile))


DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@PATIENT
@given(
    st.builds(
        Facts,
        today=DAYS,
        use_percentile=st.none() | st.floats(0, 1),
        outcomes_on=st.lists(DAYS).map(tuple),
        customer_since=st.none() | DAYS,
        answers=st.lists(st.booleans()).map(tuple),
        involvements_on=st.lists(DAYS).map(tuple),
        renewals=st.integers(0, 50),
        retained=st.none() | st.booleans(),
        is_executive=st.booleans(),
    )
)
def test_every_part_stays_inside_its_bounds(facts):
    result = score(facts)

    assert result.parts.keys() == MOST.keys()
    assert all(0 <= result.parts[name] <= most for name, most in MOST.items())
    assert result.total == sum(result.parts.values())
    assert result.is_expert == (result.total >= EXPERT_FROM or result.by_outcomes)
