"""The five metrics: what a score means, and the headline number of many scores.

NPS interval: adjusted Wald, as product.md gives it (Bonett and Price; see Sauro and Lewis, "Quantifying the User
Experience"). CSAT interval: Wilson's score interval (E. B. Wilson, "Probable Inference, the Law of Succession, and
Statistical Inference", JASA 22, 1927; recommended over Wald by Brown, Cai and DasGupta, Statistical Science 16, 2001).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

ENOUGH_ANSWERS = 10
Z_95 = 1.96


class ScoreOutOfScale(ValueError):
    """A score its metric cannot have; the message names the scale."""


class UnknownMetric(ValueError):
    """Not one of nps, csat, osat, ces, oes."""


@dataclass(frozen=True)
class Scale:
    """The whole numbers a metric is answered with. `low_to` and below is low, `good_from` and above is good."""

    lowest: int
    highest: int
    low_to: int
    good_from: int
    high_from: int
    names: tuple[str, str, str]

    def category(self, score: int) -> str:
        """Return the name of a score: for nps "detractor", "passive" or "promoter"."""
        if score <= self.low_to:
            return self.names[0]
        return self.names[2] if score >= self.good_from else self.names[1]


_SATISFACTION = Scale(1, 5, low_to=2, good_from=4, high_from=5, names=("dissatisfied", "neutral", "satisfied"))
_EFFORT = Scale(1, 7, low_to=3, good_from=5, high_from=6, names=("difficult", "neutral", "easy"))

SCALES = {
    "nps": Scale(0, 10, low_to=6, good_from=9, high_from=9, names=("detractor", "passive", "promoter")),
    "csat": _SATISFACTION,
    "osat": _SATISFACTION,
    "ces": _EFFORT,
    "oes": _EFFORT,
}


@dataclass(frozen=True)
class Classified:
    """What one score means; it can be neither high nor low. High is a setting and may differ from the category."""

    category: str
    is_high: bool
    is_low: bool


def scale_of(metric: str) -> Scale:
    """Return the scale of a metric. Raises UnknownMetric."""
    try:
        return SCALES[metric]
    except KeyError:
        raise UnknownMetric(f"“{metric}” is not a metric. Choose one of {', '.join(SCALES)}.") from None


def classify(metric: str, score: int, high_from: int | None = None) -> Classified:
    """Say what `score` means; `high_from` is the survey's own setting for "high".

    Raises UnknownMetric, and ScoreOutOfScale for a score or a `high_from` the scale does not have. A low score is never
    high, whatever the setting says.
    """
    scale = scale_of(metric)
    threshold = scale.high_from if high_from is None else high_from
    for number in (score, threshold):
        _require_on_scale(metric, scale, number)
    is_low = score <= scale.low_to
    return Classified(category=scale.category(score), is_high=score >= threshold and not is_low, is_low=is_low)


@dataclass(frozen=True)
class Nps:
    """Net promoter score in points of -100 to 100, one decimal; `adjusted`, `low` and `high` are the 95 % interval's.

    Without answers the four are None. `enough` is False under ten answers: then say "not enough answers".
    """

    n: int
    raw: float | None
    adjusted: float | None
    low: float | None
    high: float | None
    enough: bool


def nps(promoters: int, passives: int, detractors: int) -> Nps:
    """Return the score of so many answers with its adjusted Wald interval. Raises ValueError for a negative count."""
    n = _counted(promoters, passives, detractors)
    if n == 0:
        return Nps(n=0, raw=None, adjusted=None, low=None, high=None, enough=False)
    p, d = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
    margin = Z_95 * sqrt((p + d - (p - d) ** 2) / (n + 3))
    return Nps(
        n=n,
        raw=_tenth((promoters - detractors) / n),
        adjusted=_tenth(p - d),
        low=_tenth(max(p - d - margin, -1.0)),
        high=_tenth(min(p - d + margin, 1.0)),
        enough=n >= ENOUGH_ANSWERS,
    )


@dataclass(frozen=True)
class Csat:
    """Share of satisfied answers of all in whole per cent, with its 95 % interval; None without answers."""

    n: int
    percent: int | None
    low: int | None
    high: int | None
    enough: bool


def csat(satisfied: int, neutral: int, dissatisfied: int) -> Csat:
    """Return the share of 4-5 of all answers with Wilson's interval. Raises ValueError for a negative count."""
    n = _counted(satisfied, neutral, dissatisfied)
    if n == 0:
        return Csat(n=0, percent=None, low=None, high=None, enough=False)
    share, z2 = satisfied / n, Z_95**2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    margin = Z_95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return Csat(
        n=n,
        percent=_half_up(100 * satisfied, n),
        low=max(round(100 * (centre - margin)), 0),
        high=min(round(100 * (centre + margin)), 100),
        enough=n >= ENOUGH_ANSWERS,
    )


@dataclass(frozen=True)
class Ces:
    """Mean answer on the scale of 1 to 7, two decimals; None without answers."""

    n: int
    mean: float | None
    enough: bool


def ces(scores: Iterable[int]) -> Ces:
    """Return the mean of the scores. Raises ScoreOutOfScale."""
    n = total = 0
    for score in scores:
        _require_on_scale("ces", SCALES["ces"], score)
        n, total = n + 1, total + score
    return Ces(n=n, mean=_half_up(100 * total, n) / 100 if n else None, enough=n >= ENOUGH_ANSWERS)


def _require_on_scale(metric: str, scale: Scale, number: int) -> None:
    whole = isinstance(number, int) and not isinstance(number, bool)
    if not whole or not scale.lowest <= number <= scale.highest:
        raise ScoreOutOfScale(
            f"{metric.upper()} is answered with a whole number from {scale.lowest} to {scale.highest}, not {number}."
        )


def _counted(*counts: int) -> int:
    if min(counts) < 0:
        raise ValueError("A number of answers cannot be negative.")
    return sum(counts)


def _tenth(share: float) -> float:
    # Adding zero turns -0.0 into 0.0: nobody should read "-0".
    return round(100 * share, 1) + 0.0


def _half_up(numerator: int, denominator: int) -> int:
    # In whole numbers: 12.5 % is 13 % here, where round() would say 12.
    return (2 * numerator + denominator) // (2 * denominator)
