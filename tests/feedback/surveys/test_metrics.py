import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.surveys.metrics import (
    SCALES,
    Ces,
    Classified,
    Csat,
    Nps,
    ScoreOutOfScale,
    UnknownMetric,
    ces,
    classify,
    csat,
    nps,
)

# A busy machine is no failure.
PATIENT = settings(deadline=None)

COUNTS = st.integers(0, 10_000)

SATISFACTION = [
    Classified("dissatisfied", is_high=False, is_low=True),
    Classified("dissatisfied", is_high=False, is_low=True),
    Classified("neutral", is_high=False, is_low=False),
    Classified("satisfied", is_high=False, is_low=False),
    Classified("satisfied", is_high=True, is_low=False),
]
EFFORT = [
    *[Classified("difficult", is_high=False, is_low=True)] * 3,
    Classified("neutral", is_high=False, is_low=False),
    Classified("easy", is_high=False, is_low=False),
    Classified("easy", is_high=True, is_low=False),
    Classified("easy", is_high=True, is_low=False),
]
RECOMMENDATION = [
    *[Classified("detractor", is_high=False, is_low=True)] * 7,
    *[Classified("passive", is_high=False, is_low=False)] * 2,
    *[Classified("promoter", is_high=True, is_low=False)] * 2,
]


@pytest.mark.parametrize(
    ("metric", "lowest", "expected"),
    [
        ("nps", 0, RECOMMENDATION),
        ("csat", 1, SATISFACTION),
        ("osat", 1, SATISFACTION),
        ("ces", 1, EFFORT),
        ("oes", 1, EFFORT),
    ],
)
def test_every_score_of_every_metric_has_its_meaning(metric, lowest, expected):
    assert [classify(metric, lowest + step) for step in range(len(expected))] == expected


def test_high_is_a_setting_of_the_survey():
    assert classify("nps", 9, high_from=10) == Classified("promoter", is_high=False, is_low=False)
    assert classify("nps", 8, high_from=8) == Classified("passive", is_high=True, is_low=False)


@PATIENT
@given(st.sampled_from(sorted(SCALES)), st.data())
def test_no_setting_makes_a_low_score_high(metric, data):
    scale = SCALES[metric]
    numbers = st.integers(scale.lowest, scale.highest)

    result = classify(metric, data.draw(numbers), high_from=data.draw(numbers))

    assert not (result.is_high and result.is_low)


@pytest.mark.parametrize(
    ("metric", "score", "sentence"),
    [
        ("nps", 11, "NPS is answered with a whole number from 0 to 10, not 11."),
        ("nps", -1, "NPS is answered with a whole number from 0 to 10, not -1."),
        ("csat", 0, "CSAT is answered with a whole number from 1 to 5, not 0."),
        ("osat", 6, "OSAT is answered with a whole number from 1 to 5, not 6."),
        ("ces", 8, "CES is answered with a whole number from 1 to 7, not 8."),
        ("oes", 0, "OES is answered with a whole number from 1 to 7, not 0."),
        ("nps", 9.5, "NPS is answered with a whole number from 0 to 10, not 9.5."),
        ("nps", True, "NPS is answered with a whole number from 0 to 10, not True."),
        ("nps", None, "NPS is answered with a whole number from 0 to 10, not None."),
    ],
)
def test_a_score_off_the_scale_is_refused_in_words(metric, score, sentence):
    with pytest.raises(ScoreOutOfScale) as refusal:
        classify(metric, score)

    assert str(refusal.value) == sentence


def test_a_high_mark_off_the_scale_is_refused():
    with pytest.raises(ScoreOutOfScale):
        classify("csat", 5, high_from=9)


def test_an_unknown_metric_is_refused_in_words():
    with pytest.raises(UnknownMetric, match=r"^“stars” is not a metric\. Choose one of nps, csat, osat, ces, oes\.$"):
        classify("stars", 5)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((50, 30, 20), Nps(n=100, raw=30.0, adjusted=29.1, low=14.1, high=44.2, enough=True)),
        ((6, 3, 1), Nps(n=10, raw=50.0, adjusted=38.5, low=-0.2, high=77.1, enough=True)),
        ((1, 0, 0), Nps(n=1, raw=100.0, adjusted=25.0, low=-48.5, high=98.5, enough=False)),
        ((0, 0, 0), Nps(n=0, raw=None, adjusted=None, low=None, high=None, enough=False)),
        ((0, 0, 100_000), Nps(n=100_000, raw=-100.0, adjusted=-100.0, low=-100.0, high=-100.0, enough=True)),
    ],
)
def test_nps_comes_with_its_interval(counts, expected):
    assert nps(*counts) == expected


@PATIENT
@given(COUNTS, COUNTS, COUNTS)
def test_nps_stays_inside_its_scale_and_its_interval(promoters, passives, detractors):
    result = nps(promoters, passives, detractors)

    if result.n:
        assert -100.0 <= result.low <= result.adjusted <= result.high <= 100.0
        assert -100.0 <= result.raw <= 100.0


@PATIENT
@given(COUNTS, COUNTS, COUNTS)
def test_nps_of_the_opposite_answers_is_the_opposite(promoters, passives, detractors):
    one, other = nps(promoters, passives, detractors), nps(detractors, passives, promoters)

    if one.n:
        assert (one.raw, one.adjusted, one.low, one.high) == (-other.raw, -other.adjusted, -other.high, -other.low)


# Wilson 95 % intervals; 8 of 10 gives 49.0 to 94.3 %.
@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((8, 1, 1), Csat(n=10, percent=80, low=49, high=94, enough=True)),
        ((0, 0, 5), Csat(n=5, percent=0, low=0, high=43, enough=False)),
        ((1, 7, 0), Csat(n=8, percent=13, low=2, high=47, enough=False)),
        ((0, 0, 0), Csat(n=0, percent=None, low=None, high=None, enough=False)),
    ],
)
def test_csat_is_a_share_of_all_in_whole_percent(counts, expected):
    assert csat(*counts) == expected


@PATIENT
@given(COUNTS, COUNTS, COUNTS)
def test_csat_lies_inside_its_interval(satisfied, neutral, dissatisfied):
    result = csat(satisfied, neutral, dissatisfied)

    if result.n:
        assert 0 <= result.low <= result.percent <= result.high <= 100


@pytest.mark.parametrize("headline", [nps, csat])
def test_a_negative_count_is_refused(headline):
    with pytest.raises(ValueError, match="cannot be negative"):
        headline(1, -1, 1)


def test_ces_is_a_mean():
    assert ces([7, 6, 6]) == Ces(n=3, mean=6.33, enough=False)
    assert ces(iter([4] * 10)) == Ces(n=10, mean=4.0, enough=True)
    assert ces([]) == Ces(n=0, mean=None, enough=False)


def test_ces_refuses_a_score_off_the_scale():
    with pytest.raises(ScoreOutOfScale):
        ces([7, 0])
