"""The figures of a week, each with what it is made of, its change, and its goal. Too little to say is said so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.urls import reverse

from accounts.tenancy.models import Workspace
from accounts.tenancy.money import Money
from accounts.tenancy.money import format as money_words
from referrals.asks import queries as asks
from referrals.insights import rows
from referrals.insights.models import WeekGoals
from referrals.insights.weeks import Span, Week

# Shares of fewer are chance.
ENOUGH = 10
NOT_ENOUGH = "not enough answers"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. `value` is empty where there is too little to say, and `note` says what there is.

    `change` is against the same days of the week before, "" where that can't be said; `reached` is how much of the
    goal there is, in percent, None without a goal or a value.
    """

    key: str
    label: str
    value: str
    note: str
    url: str
    change: str = ""
    goal: str = ""
    reached: int | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Which week of which workspace, and against what."""

    workspace: Workspace
    week: Week
    goals: WeekGoals

    def url(self, key: str) -> str:
        return f"{reverse('week-rows', args=[self.workspace.slug, key])}?week={self.week.key}"


def of_week(*, workspace: Workspace, week: Week, goals: WeekGoals) -> list[Figure]:
    """All figures of the week, in the order of the story. About ten statements, whatever their size."""
    reader = Reader(workspace, week, goals)
    return [_promise(reader), _asks(reader), _calls(reader), _pipeline(reader), _won(reader), _thanked(reader)]


def _promise(reader: Reader) -> Figure:
    now, before = (_kept(reader.workspace, span) for span in (reader.week.so_far, reader.week.before))
    kept, due = now
    goal = reader.goals.promise_percent
    share = round(100 * kept / due) if due >= ENOUGH else None
    share_before = round(100 * before[0] / before[1]) if before[1] >= ENOUGH else None
    known = share is not None and share_before is not None
    return Figure(
        key="promise",
        label="Asked within 24 hours",
        value="" if share is None else f"{share} %",
        note=f"{kept} of {due} praised" if due else "nobody praised us",
        url=reader.url("promise"),
        change=_points(share - share_before) if known else "",  # type: ignore[operator]  # both are known
        goal=f"{goal} %" if goal else "",
        reached=_reached(share, goal),
    )


def _kept(workspace: Workspace, span: Span) -> tuple[int, int]:
    kept = asks.promise(workspace=workspace, since=span.since, until=span.until, now=span.until)
    return kept.in_time_by_person + kept.in_time_untouched, kept.due


def _asks(reader: Reader) -> Figure:
    now, before = (rows.asked(reader.workspace, span).count() for span in (reader.week.so_far, reader.week.before))
    return _counted(reader, "asks", "Asks", now, before, reader.goals.asks, note="people asked")


def _calls(reader: Reader) -> Figure:
    now, before = (len(rows.called(reader.workspace, span)) for span in (reader.week.so_far, reader.week.before))
    return _counted(reader, "calls", "Calls booked", now, before, reader.goals.calls, note="referred people")


def _pipeline(reader: Reader) -> Figure:
    found = rows.amounts(rows.came_in(reader.workspace, reader.week.so_far))
    before = rows.amounts(rows.came_in(reader.workspace, reader.week.before))
    sums, currency = rows.money_by_currency(found), reader.workspace.currency
    without = sum(not amount for amount, _currency in found)
    goal = reader.goals.pipeline_minor
    came = f"{len(found)} referral{'' if len(found) == 1 else 's'}"
    return Figure(
        key="pipeline",
        label="New pipeline",
        value=_words(sums, currency) if found else "0",
        note=f"{came}, {without} without a value yet" if without else came,
        url=reader.url("pipeline"),
        change=_difference(len(found) - len(before), "referral"),
        goal=money_words(Money(goal, currency)) if goal else "",
        reached=_reached(sums.get(currency, 0), goal),
    )


def _won(reader: Reader) -> Figure:
    found = rows.amounts(rows.won(reader.workspace, reader.week.so_far))
    before = rows.won(reader.workspace, reader.week.before).count()
    worth = _words(rows.money_by_currency(found), reader.workspace.currency) if found else "nothing yet"
    return _counted(reader, "won", "Won", len(found), before, reader.goals.won, note=worth)


def _thanked(reader: Reader) -> Figure:
    fields = ("owed_since", "due_at", "sent_at")
    found = list(rows.thanked(reader.workspace, reader.week.so_far).values_list(*fields))
    before = rows.thanked(reader.workspace, reader.week.before).count()
    in_time = sum(sent_at <= due_at for _since, due_at, sent_at in found)
    share, goal = round(100 * in_time / len(found)) if found else None, reader.goals.thanked_percent
    return Figure(
        key="thanked",
        label="Thanked",
        value=str(len(found)),
        note=f"{in_time} within a working day, {_time_to_thank(found)}" if found else "nobody yet",
        url=reader.url("thanked"),
        change=_difference(len(found) - before),
        goal=f"{goal} % within a working day" if goal else "",
        reached=_reached(share, goal),
    )


def _time_to_thank(found: Sequence[tuple[datetime, datetime, datetime]]) -> str:
    hours = median((sent_at - since) / timedelta(hours=1) for since, _due_at, sent_at in found)
    return f"half of them after {hours:.0f} h" if len(found) >= ENOUGH else f"n = {len(found)}"


def _counted(reader: Reader, key: str, label: str, now: int, before: int, goal: int | None, *, note: str) -> Figure:
    return Figure(
        key=key,
        label=label,
        value=str(now),
        note=note,
        url=reader.url(key),
        change=_difference(now - before),
        goal=str(goal) if goal else "",
        reached=_reached(now, goal),
    )


def _reached(value: int | None, goal: int | None) -> int | None:
    return None if value is None or not goal else min(100 * value // goal, 100)


def _difference(more: int, noun: str = "") -> str:
    if not more:
        return "as many as the week before"
    nouns = f" {noun}{'' if abs(more) == 1 else 's'}" if noun else ""
    return f"{abs(more)}{nouns} {'more' if more > 0 else 'fewer'} than the week before"


def _points(more: int) -> str:
    if not more:
        return "as the week before"
    return f"{abs(more)} point{'' if abs(more) == 1 else 's'} {'more' if more > 0 else 'less'} than the week before"


def _words(sums: dict[str, int], currency: str) -> str:
    """ "$12,000 and €4,000"; the workspace's own currency with nothing in it where there is none."""
    return " and ".join(money_words(Money(amount, code)) for code, amount in sums.items()) or money_words(
        Money(0, currency)
    )
