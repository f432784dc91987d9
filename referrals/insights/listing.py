"""The people behind one figure of a week, as lines of a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from accounts.tenancy.models import Workspace
from accounts.tenancy.money import Money
from accounts.tenancy.money import format as money_words
from referrals.asks.models import Ask
from referrals.insights import rows
from referrals.insights.weeks import Span
from referrals.pipeline.models import Referral
from referrals.thanks.models import ThankYou

MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One person: where their record is, when it was, what came of it, and how that is to be seen."""

    name: str
    at_company: str
    url: str
    when: datetime
    what: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a figure is called, its lines, and how many there are in all."""

    lead: str
    lines: Sequence[Line]
    count: int


Maker = Callable[[Workspace, Span], Listing]


def promise(workspace: Workspace, span: Span) -> Listing:
    found = rows.due(workspace, span)
    lines = [_ask(workspace, ask, ask.queued_at) for ask in rows.with_people(found)[:MOST_ROWS]]
    return Listing("Who was to be asked in time,", lines, found.count())


def asks(workspace: Workspace, span: Span) -> Listing:
    found = rows.asked(workspace, span)
    lines = [
        _ask(workspace, ask, ask.sent_at or ask.answered_at or ask.queued_at)
        for ask in rows.with_people(found)[:MOST_ROWS]
    ]
    return Listing("Who was asked,", lines, found.count())


def calls(workspace: Workspace, span: Span) -> Listing:
    keys = rows.called(workspace, span)
    found = workspace.referrals.filter(pk__in=keys).select_related("referrer").order_by("stage_changed_at", "pk")
    lines = [_referral(workspace, row, row.stage_changed_at) for row in found[:MOST_ROWS]]
    return Listing("Whom we speak with,", lines, len(keys))


def pipeline(workspace: Workspace, span: Span) -> Listing:
    found = rows.came_in(workspace, span)
    shown = found.select_related("referrer").order_by("created_at", "pk")[:MOST_ROWS]
    return Listing("Who was referred,", [_referral(workspace, row, row.created_at) for row in shown], found.count())


def won(workspace: Workspace, span: Span) -> Listing:
    found = rows.won(workspace, span)
    shown = found.select_related("referrer").order_by("won_at", "pk")[:MOST_ROWS]
    lines = [_referral(workspace, row, row.won_at or row.stage_changed_at) for row in shown]
    return Listing("Who became a customer,", lines, found.count())


def thanked(workspace: Workspace, span: Span) -> Listing:
    found = rows.thanked(workspace, span)
    shown = found.select_related("contact__company").order_by("sent_at", "pk")[:MOST_ROWS]
    return Listing("Who was thanked,", [_thank_you(workspace, row) for row in shown], found.count())


MAKERS: dict[str, Maker] = {
    "promise": promise,
    "asks": asks,
    "calls": calls,
    "pipeline": pipeline,
    "won": won,
    "thanked": thanked,
}


def _ask(workspace: Workspace, ask: Ask, when: datetime) -> Line:
    kept = rows.in_time(ask)
    asked = ask.sent_at is not None or ask.channel == Ask.Channel.SAME_BREATH
    what = "asked in time" if kept else "asked late" if asked else ask.get_state_display().lower()
    return Line(
        name=ask.contact.name,
        at_company=ask.contact.company.name if ask.contact.company else "",
        url=reverse("ask-record", args=[workspace.slug, ask.public_id]),
        when=when,
        what=what,
        tone="good" if kept else "low" if asked else "fail",
    )


def _referral(workspace: Workspace, row: Referral, when: datetime) -> Line:
    worth = money_words(Money(row.deal_value_minor, row.deal_currency)) if row.deal_value_minor else "no value yet"
    return Line(
        name=row.referee_name,
        at_company=row.referee_company_name,
        url=reverse("referral-record", args=[workspace.slug, row.public_id]),
        when=when,
        what=f"{row.get_stage_display().lower()}, {worth}",
    )


def _thank_you(workspace: Workspace, row: ThankYou) -> Line:
    sent_at = row.sent_at or row.due_at
    hours = (sent_at - row.owed_since) // timedelta(hours=1)
    in_time = sent_at <= row.due_at
    return Line(
        name=row.contact.name,
        at_company=row.contact.company.name if row.contact.company else "",
        url=reverse("contact-record", args=[workspace.slug, row.contact.public_id]),
        when=sent_at,
        what=f"{row.get_occasion_display().lower()}, after {hours} h",
        tone="good" if in_time else "low",
    )
