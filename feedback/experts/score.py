"""Who knows the product well enough to be asked first: an expert score of 0-100 whose parts are shown.

Five parts (product.md section 4): product use, proven outcomes, tenure, steadiness of good feedback, involvement.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from accounts.customers.experts import EXPERT_FROM

MOST = {"use": 35, "outcomes": 30, "tenure": 15, "steadiness": 10, "involvement": 10}
NAMES = {
    "use": "Product use",
    "outcomes": "Outcomes",
    "tenure": "Tenure",
    "steadiness": "Steady feedback",
    "involvement": "Involvement",
}

RECENT_DAYS = 365
FULL_TENURE_DAYS = 730
POINTS_PER_OUTCOME = 15
POINTS_PER_INVOLVEMENT = 5
ANSWERS_FOR_FULL_STEADINESS = 4


@dataclass(frozen=True)
class Facts:
    """What is known about a contact on the day `today`; each None means "not known", never "none".

    `use_percentile` is 0.0-1.0 inside the workspace. `outcomes_on` are the days on which approved outcomes were
    approved. `answers` are the latest surveys, newest first: True where it was good (promoter, satisfied, easy).
    `involvements_on` are the days of reviews, reference calls and betas. `renewals` counts renewals signed by the
    company, `retained` says that it is a customer now.
    """

    today: date
    use_percentile: float | None = None
    outcomes_on: tuple[date, ...] = ()
    customer_since: date | None = None
    answers: tuple[bool, ...] = ()
    involvements_on: tuple[date, ...] = ()
    renewals: int = 0
    retained: bool | None = None
    is_executive: bool = False


@dataclass(frozen=True)
class Expert:
    """`total` is the sum of `parts`. `stood_in` names the facts used in place of surveys; the screen says so.

    `by_outcomes` is True for an executive who counts as an expert for proven outcomes, whatever the total.
    """

    total: int
    parts: dict[str, int]
    is_expert: bool
    stood_in: list[str]
    by_outcomes: bool = False


def score(facts: Facts) -> Expert:
    """Return the expert score. Raises ValueError for a percentile outside 0.0-1.0."""
    if facts.use_percentile is not None and not 0.0 <= facts.use_percentile <= 1.0:
        raise ValueError("A percentile lies between 0.0 and 1.0.")
    steadiness, stood_in = _steadiness(facts)
    outcomes = _recent(facts.outcomes_on, facts.today)
    parts = {
        "use": round((facts.use_percentile or 0.0) * MOST["use"]),
        "outcomes": min(outcomes * POINTS_PER_OUTCOME, MOST["outcomes"]),
        "tenure": round(_tenure(facts) * MOST["tenure"]),
        "steadiness": steadiness,
        "involvement": min(_recent(facts.involvements_on, facts.today) * POINTS_PER_INVOLVEMENT, MOST["involvement"]),
    }
    total = sum(parts.values())
    by_outcomes = facts.is_executive and outcomes > 0 and total < EXPERT_FROM
    return Expert(
        total, parts, is_expert=total >= EXPERT_FROM or by_outcomes, stood_in=stood_in, by_outcomes=by_outcomes
    )


def _steadiness(facts: Facts) -> tuple[int, list[str]]:
    """Return the points and the facts that stood in for surveys, most telling first."""
    most = MOST["steadiness"]
    if facts.answers:
        latest = facts.answers[:ANSWERS_FOR_FULL_STEADINESS]
        # One good answer is not steady yet: the missing ones count as not given, so points grow with each.
        return round(sum(latest) / ANSWERS_FOR_FULL_STEADINESS * most), []
    stand_ins = {
        "renewal": 0.4 * min(facts.renewals, 1),
        "retention": 0.3 * bool(facts.retained),
        "tenure": 0.3 * _tenure(facts),
    }
    if facts.retained is False:
        return 0, []
    return round(sum(stand_ins.values()) * most), [name for name, weight in stand_ins.items() if weight > 0]


def _tenure(facts: Facts) -> float:
    if facts.customer_since is None:
        return 0.0
    return max(0.0, min((facts.today - facts.customer_since).days / FULL_TENURE_DAYS, 1.0))


def _recent(days: tuple[date, ...], today: date) -> int:
    return sum(0 <= (today - day).days <= RECENT_DAYS for day in days)


def named_parts(parts: Mapping[str, object]) -> list[tuple[str, object, int]]:
    """(name, points, most) of a stored expert score, in the order in which it is counted."""
    return [(NAMES[key], parts[key], MOST[key]) for key in NAMES if key in parts]
