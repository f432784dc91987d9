"""Answers of a period: the list, and the headline number of each metric."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from accounts.tenancy.models import Workspace
from feedback.responses.models import Response
from feedback.surveys import metrics
from feedback.surveys.models import Metric


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in the workspace's zone, both ends included; None is open."""

    first: date | None = None
    last: date | None = None

    def bounds(self, zone: str) -> tuple[datetime | None, datetime | None]:
        """The instants from which (included) and until which (included) an answer belongs to the period."""
        tz = ZoneInfo(zone)
        begin = datetime.combine(self.first, time.min, tzinfo=tz) if self.first else None
        end = datetime.combine(self.last, time.max, tzinfo=tz) if self.last else None
        return begin, end


@dataclass(frozen=True, slots=True)
class Headline:
    """One metric's figure in words; `figure` is empty while there are too few answers. `missing` then says so."""

    metric: str
    label: str
    n: int
    figure: str = ""
    interval: str = ""
    parts: str = ""

    @property
    def missing(self) -> str:
        return "" if self.figure else "not enough answers"


def answers(
    *, workspace: Workspace, period: Period, metric: str = "", category: str = "", search: str = ""
) -> QuerySet[Response]:
    """Answers with their contact and company, unsorted."""
    rows = workspace.responses.filter(_in(period, workspace))
    if metric:
        rows = rows.filter(metric=metric)
    if category:
        rows = rows.filter(_CATEGORIES[category])
    for word in search.split()[:5]:
        rows = rows.filter(
            Q(contact__first_name__icontains=word)
            | Q(contact__last_name__icontains=word)
            | Q(company__name__icontains=word)
            | Q(comment__icontains=word)
        )
    return rows.select_related("contact", "company")


_CATEGORIES = {
    "good": Q(category__in=["promoter", "satisfied", "easy"]),
    "middle": Q(category__in=["passive", "neutral"]),
    "low": Q(is_low=True),
    "comment": ~Q(comment=""),
}
CATEGORIES = [("good", "Good"), ("middle", "In between"), ("low", "Low"), ("comment", "With a comment")]


def headlines(*, workspace: Workspace, period: Period) -> list[Headline]:
    """The headline number of each metric that has answers in the period. One statement."""
    counts: dict[str, dict[int, int]] = {}
    rows = workspace.responses.filter(_in(period, workspace)).values_list("metric", "score").annotate(n=Count("pk"))
    for metric, score, n in rows:
        counts.setdefault(metric, {})[score] = n
    return [_headline(metric, counts[metric]) for metric in Metric.values if metric in counts]


_NOUNS = {"promoter", "passive", "detractor"}


def _counted(count: int, name: str) -> str:
    """ "19 promoters", "1 passive"; satisfied and easy have no plural."""
    takes_s = name in _NOUNS and count != 1
    return f"{count:,} {name}{'s' if takes_s else ''}"


def _headline(metric: str, by_score: dict[int, int]) -> Headline:
    scale = metrics.scale_of(metric)
    groups = dict.fromkeys(scale.names, 0)
    for score, n in by_score.items():
        groups[scale.category(score)] += n
    low, middle, good = (groups[name] for name in scale.names)
    n = low + middle + good
    parts = ", ".join(_counted(count, name) for count, name in zip((good, middle, low), scale.names[::-1], strict=True))
    return Headline(metric=metric, label=Metric(metric).label, n=n, parts=parts, **_figure(metric, by_score, groups))


def _figure(metric: str, by_score: dict[int, int], groups: dict[str, int]) -> dict[str, Any]:
    low, middle, good = groups.values()
    if metric == Metric.NPS:
        nps = metrics.nps(good, middle, low)
        return (
            {"figure": _signed(nps.raw), "interval": f"{_signed(nps.low)} to {_signed(nps.high)}"} if nps.enough else {}
        )
    if metric in (Metric.CSAT, Metric.OSAT):
        csat = metrics.csat(good, middle, low)
        return {"figure": f"{csat.percent} %", "interval": f"{csat.low} % to {csat.high} %"} if csat.enough else {}
    # Only the mean is wanted: expanding a million answers into a list would be slow.
    n = sum(by_score.values())
    if n < metrics.ENOUGH_ANSWERS:
        return {}
    mean = sum(score * times for score, times in by_score.items()) / n
    return {"figure": f"{mean:.2f}", "interval": "of 7"}


def _signed(value: float | None) -> str:
    return f"{value:.1f}".replace("-", "\u2212")


def _in(period: Period, workspace: Workspace) -> Q:
    begin, end = period.bounds(workspace.timezone)
    found = Q()
    if begin:
        found &= Q(responded_at__gte=begin)
    if end:
        found &= Q(responded_at__lte=end)
    return found
