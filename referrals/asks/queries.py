"""What the desk shows, and how well the promise is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Case, IntegerField, Q, QuerySet, When

from accounts.members.models import Member, Role
from accounts.tenancy.models import Workspace
from referrals.asks.models import LONGEST_CLOCK, Ask
from referrals.asks.moves import LATE_GRACE

# As long as a person may still send it late.
MISSED_STAYS = LATE_GRACE
_SEES_EVERYTHING = (Role.OWNER, Role.ADMIN, Role.MANAGER)


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One ask that waits for a person. `group`: stopped, unconfirmed, waiting or missed.

    `left` is the time to the deadline (negative once it is over), None for a draft without a clock; `undo_until` is
    set in the minute after "send".
    """

    ask: Ask
    group: str
    left: timedelta | None
    undo_until: datetime | None


@dataclass(frozen=True, slots=True)
class Promise:
    """How the 24 hours were kept in a period, over `due` asks: those whose clock ended or that were made.

    Late arrivals (answers older than 24 hours never start a clock) are not in `due`; asks late by choice stand apart.
    Minutes are from the score to the ask, None where nobody was asked.
    """

    due: int
    in_time_by_person: int
    in_time_untouched: int
    late: int
    late_by_choice: int
    median_minutes: float | None
    p95_minutes: float | None

    @property
    def share_in_time(self) -> float | None:
        """From 0 to 1; None where nothing was due."""
        return (self.in_time_by_person + self.in_time_untouched) / self.due if self.due else None


def minutes_to_ask(ask: Ask) -> int | None:
    """Whole minutes from what they said to the ask, also when they met it on the survey page; None before."""
    asked_at = ask.sent_at or (ask.answered_at if ask.channel == Ask.Channel.SAME_BREATH else None)
    return int((asked_at - ask.responded_at).total_seconds() // 60) if asked_at else None


def desk(*, workspace: Workspace, member: Member, now: datetime, limit: int = 100) -> list[DeskRow]:
    """The asks that wait for this member, most urgent first. Managers see all, others their own and nobody's."""
    rows = desk_asks(workspace=workspace, member=member, now=now)
    return [_desk_row(ask, now) for ask in rows[:limit]]


def desk_asks(*, workspace: Workspace, member: Member, now: datetime) -> QuerySet[Ask]:
    """The desk's asks with what a row shows; also to be counted."""
    waiting = Q(state__in=[Ask.State.QUEUED, Ask.State.SENDING, Ask.State.UNCONFIRMED])
    missed = Q(state=Ask.State.EXPIRED, deadline_at__gt=now - MISSED_STAYS)
    rows = workspace.asks.filter(waiting | missed)
    if member.role not in _SEES_EVERYTHING:
        rows = rows.filter(Q(sender=member) | Q(sender=None))
    order = Case(
        When(state=Ask.State.EXPIRED, then=2),
        When(Q(state=Ask.State.QUEUED) & ~Q(problems=[]), then=0),
        default=1,
        output_field=IntegerField(),
    )
    shown = rows.select_related("contact__company", "program", "sender", "link", "moment__response", "message")
    return shown.order_by(order, "deadline_at", "pk")


def _desk_row(ask: Ask, now: datetime) -> DeskRow:
    groups = {Ask.State.EXPIRED: "missed", Ask.State.UNCONFIRMED: "unconfirmed"}
    group = groups.get(Ask.State(ask.state), "stopped" if ask.problems else "waiting")
    undo_until = ask.send_at if ask.state == Ask.State.SENDING and ask.send_at and ask.send_at > now else None
    return DeskRow(ask, group, ask.deadline_at - now if ask.has_clock else None, undo_until)


# Asks logged from elsewhere had no clock of ours; an ask that was taken back before its deadline broke no promise.
_PROMISE = """
WITH made AS (
    SELECT sent_by_person, channel, late_by_choice, deadline_at, responded_at,
           coalesce(sent_at, CASE WHEN channel = 'same_breath' THEN answered_at END) AS asked_at
      FROM referrals_ask
     WHERE workspace_id = %(workspace)s AND queued_at >= %(since)s AND queued_at < %(until)s
       AND moment_id IS NOT NULL AND deadline_at <= queued_at + %(clock)s
       AND (state IN ('sent', 'answered', 'expired', 'unconfirmed', 'failed')
            OR (state IN ('queued', 'sending') AND deadline_at <= %(now)s))
)
SELECT count(*) FILTER (WHERE NOT late_by_choice),
       count(*) FILTER (WHERE NOT late_by_choice AND asked_at <= deadline_at
                          AND (sent_by_person OR channel = 'same_breath')),
       count(*) FILTER (WHERE NOT late_by_choice AND asked_at <= deadline_at
                          AND NOT sent_by_person AND channel <> 'same_breath'),
       count(*) FILTER (WHERE NOT late_by_choice AND (asked_at IS NULL OR asked_at > deadline_at)),
       count(*) FILTER (WHERE late_by_choice),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM asked_at - responded_at) / 60),
       percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM asked_at - responded_at) / 60)
  FROM made
"""


def promise(*, workspace: Workspace, since: datetime, until: datetime, now: datetime) -> Promise:
    """How the promise was kept for asks queued from `since` to before `until`. One statement."""
    values: dict[str, Any] = {
        "workspace": workspace.pk,
        "since": since,
        "until": until,
        "now": now,
        "clock": LONGEST_CLOCK,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PROMISE, values)
        due, by_person, untouched, late, by_choice, median, p95 = cursor.fetchone()
    return Promise(due, by_person, untouched, late, by_choice, _number(median), _number(p95))


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
