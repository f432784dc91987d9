"""Whom each figure of a week is made of: the figure counts these rows, and its page lists them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet

from accounts.tenancy.models import Workspace
from referrals.asks.models import Ask, with_clock
from referrals.insights.weeks import Span
from referrals.pipeline.models import Referral
from referrals.thanks.models import ThankYou

# An ask leaves at most so long after it was queued: keeps the look to one stretch of an index.
_LONGEST_WAIT = timedelta(days=30)
_ENDED = (Ask.State.SENT, Ask.State.ANSWERED, Ask.State.EXPIRED, Ask.State.UNCONFIRMED, Ask.State.FAILED)
_STILL = (Ask.State.QUEUED, Ask.State.SENDING)
_BOOKED = [stage.value for stage in (Referral.Stage.MEETING_BOOKED, Referral.Stage.MET, Referral.Stage.QUALIFIED)]


def due(workspace: Workspace, span: Span) -> QuerySet[Ask]:
    """Asks of the span whose 24 hours are over or were kept (the rows of `referrals.asks.queries.promise`)."""
    over = Q(state__in=_ENDED) | Q(state__in=_STILL, deadline_at__lte=span.until)
    rows = workspace.asks.filter(
        over, queued_at__gte=span.since, queued_at__lt=span.until, moment__isnull=False, late_by_choice=False
    )
    return with_clock(rows)


def asked(workspace: Workspace, span: Span) -> QuerySet[Ask]:
    """People who were asked in the span, by mail, on the phone or on the survey page."""
    by_us = Q(sent_at__gte=span.since, sent_at__lt=span.until)
    there = Q(
        channel=Ask.Channel.SAME_BREATH,
        sent_at__isnull=True,
        answered_at__gte=span.since,
        answered_at__lt=span.until,
    )
    return workspace.asks.filter(by_us | there, queued_at__gte=span.since - _LONGEST_WAIT)


_FIRST_CALLS = """
SELECT moved.subject_id
  FROM accounts_event moved
 WHERE moved.workspace_id = %(workspace)s AND moved.subject_kind = 'referral'
   AND moved.subject_id IN (SELECT id FROM referrals_referral
                             WHERE workspace_id = %(workspace)s AND stage_changed_at >= %(since)s)
   AND moved.type = 'referral.stage_changed' AND moved.data ->> 'stage' = ANY (%(stages)s)
 GROUP BY moved.subject_id
HAVING min(moved.occurred_at) >= %(since)s AND min(moved.occurred_at) < %(until)s
"""


def called(workspace: Workspace, span: Span) -> list[UUID]:
    """Referrals that came to a call for the first time in the span: booked, or met without a booking.

    Read from what happened, so one that was won or lost since counts all the same. One statement.
    """
    values: dict[str, Any] = {"workspace": workspace.pk, "since": span.since, "until": span.until, "stages": _BOOKED}
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_CALLS, values)
        return [row[0] for row in cursor.fetchall()]


def came_in(workspace: Workspace, span: Span) -> QuerySet[Referral]:
    """Referrals that came in in the span; mere names and rejected ones are no pipeline."""
    rows = workspace.referrals.filter(created_at__gte=span.since, created_at__lt=span.until)
    return rows.exclude(stage__in=[Referral.Stage.NAMED, Referral.Stage.REJECTED])


def won(workspace: Workspace, span: Span) -> QuerySet[Referral]:
    # Whatever happened to it since, it was moved at or after it was won.
    rows = workspace.referrals.filter(stage_changed_at__gte=span.since)
    return rows.filter(won_at__gte=span.since, won_at__lt=span.until)


def thanked(workspace: Workspace, span: Span) -> QuerySet[ThankYou]:
    return workspace.thank_yous.filter(sent_at__gte=span.since, sent_at__lt=span.until)


def in_time(ask: Ask) -> bool:
    """Whether they were asked before their deadline."""
    asked_at = ask.sent_at or (ask.answered_at if ask.channel == Ask.Channel.SAME_BREATH else None)
    return asked_at is not None and asked_at <= ask.deadline_at


def with_people(rows: QuerySet[Ask]) -> QuerySet[Ask]:
    return rows.select_related("contact__company", "sender").order_by("queued_at", "pk")


def money_by_currency(amounts: Sequence[tuple[int | None, str]]) -> dict[str, int]:
    """Sums in minor units; currencies are never added to each other."""
    sums: dict[str, int] = {}
    for amount, currency in amounts:
        if amount:
            sums[currency] = sums.get(currency, 0) + amount
    return dict(sorted(sums.items(), key=lambda one: -one[1]))


def amounts(rows: QuerySet[Referral]) -> list[tuple[int | None, str]]:
    return list(rows.values_list(F("deal_value_minor"), "deal_currency"))
