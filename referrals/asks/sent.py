"""Mails of asks that have left, many at once: three statements a batch, because a campaign of asks waits for them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from accounts.events import actions as events
from accounts.mail.signals import Settled
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.ids import as_array
from accounts.tenancy.models import Workspace
from referrals.asks import clock, rests
from referrals.asks.calendars import Calendar, calendar_of
from referrals.asks.events import Told, fact_of
from referrals.asks.models import Ask
from referrals.asks.reminders import REMIND_AFTER_WORKING_DAYS
from referrals.asks.zones import zone_for


class _Row(NamedTuple):
    """As `_READ` gives it."""

    message_id: UUID
    id: UUID
    contact_id: UUID
    company_id: UUID | None
    program_id: UUID
    moment_id: UUID | None
    answer: str
    channel: str
    deadline_at: datetime
    timezone: str
    country: str


# The dispatcher holds the mails and waits for us, others hold the contact and may wait for the mail: so whom somebody
# else has locked is passed over here, and `settle_left` takes it up at the next tick.
_READ = """
SELECT ask.message_id, ask.id, ask.contact_id, contact.company_id, ask.program_id, ask.moment_id, ask.answer,
       ask.channel, ask.deadline_at, contact.timezone, coalesce(nullif(contact.country, ''), company.country, '')
  FROM referrals_ask ask
  JOIN accounts_contact contact ON contact.workspace_id = ask.workspace_id AND contact.id = ask.contact_id
  LEFT JOIN accounts_company company
       ON company.workspace_id = contact.workspace_id AND company.id = contact.company_id
 WHERE ask.workspace_id = %s AND ask.message_id = ANY (%s::uuid[]) AND ask.state IN ('queued', 'sending', 'unconfirmed')
   FOR NO KEY UPDATE OF contact SKIP LOCKED
"""
# The keys are named twice, else the planner, without fresh statistics, would read the whole workspace.
_WRITE = """
WITH sent AS (
    SELECT * FROM unnest(%(asks)s::uuid[], %(contacts)s::uuid[], %(ats)s::timestamptz[], %(reminds)s::timestamptz[])
                  WITH ORDINALITY AS sent (ask_id, contact_id, at, remind_at, place)
), written AS (
    UPDATE referrals_ask ask
       SET state = 'sent', sent_at = sent.at, ended_reason = '', reminder_due_at = sent.remind_at,
           updated_at = statement_timestamp()
      FROM sent
     WHERE ask.workspace_id = %(workspace)s AND ask.id = sent.ask_id AND ask.id = ANY (%(asks)s::uuid[])
       AND ask.state IN ('queued', 'sending', 'unconfirmed')
    RETURNING sent.place, sent.contact_id, sent.at
), resting AS (
    INSERT INTO accounts_rest (workspace_id, contact_id, until, reason)
    SELECT %(workspace)s, contact_id, at + %(silence)s, %(reason)s FROM written
        ON CONFLICT (contact_id) DO UPDATE SET until = EXCLUDED.until, reason = EXCLUDED.reason
)
SELECT place FROM written
"""


def settle_sent(*, workspace: Workspace, sent: Mapping[UUID, Settled], now: datetime) -> int:
    """Asks whose mail has left are sent: a reminder is planned, the contact rests. Gives how many.

    `sent`: by the mail's id. Asks that were answered meanwhile are left to `settling`.
    """
    with connection.cursor() as cursor:
        rows = _read(cursor, workspace, sent)
        if not rows:
            return 0
        ats = [sent[row.message_id].at for row in rows]
        cursor.execute(_WRITE, _values(workspace, rows, ats))
        written = [place - 1 for (place,) in cursor.fetchall()]
    facts = [fact_of("ask.sent", _told(rows[place], ats[place])) for place in written]
    events.record_all(workspace_id=workspace.pk, facts=facts, by=SYSTEM, now=now)
    return len(written)


def _read(cursor: Any, workspace: Workspace, sent: Collection[UUID]) -> list[_Row]:
    """The asks whose contact is ours now, with what their event tells; nothing else of them is read."""
    cursor.execute(_READ, [workspace.pk, as_array(sent)])
    return [_Row._make(row) for row in cursor.fetchall()]


def _told(row: _Row, at: datetime) -> Told:
    return Told(
        row.id,
        row.contact_id,
        row.company_id,
        row.program_id,
        row.moment_id,
        Ask.State.SENT.value,
        row.answer,
        row.channel,
        row.deadline_at,
        at,
    )


def _values(workspace: Workspace, rows: Sequence[_Row], ats: Sequence[datetime]) -> dict[str, Any]:
    return {
        "workspace": workspace.pk,
        "asks": as_array(row.id for row in rows),
        "contacts": as_array(row.contact_id for row in rows),
        "ats": ats,
        "reminds": _reminders(workspace, rows, ats),
        "silence": rests.AFTER_SILENCE,
        "reason": rests.SILENCE,
    }


def _reminders(workspace: Workspace, rows: Sequence[_Row], ats: Sequence[datetime]) -> list[datetime]:
    """When each is reminded. Many of a batch left in one minute to people in one place: they share the answer."""
    known: dict[tuple[datetime, str, str], datetime] = {}
    reminders = []
    for row, at in zip(rows, ats, strict=True):
        key = minute, timezone, country = at.replace(second=0, microsecond=0), row.timezone, row.country
        if key not in known:
            zone, _guess = zone_for(timezone, country, workspace.timezone)
            known[key] = _working_days_later(minute, zone, calendar_of(workspace, country))
        reminders.append(known[key])
    return reminders


@lru_cache(maxsize=1024)
def _working_days_later(minute: datetime, zone: ZoneInfo, calendar: Calendar) -> datetime:
    """Mails of one minute leave by the thousand."""
    return clock.add_working_days(minute, REMIND_AFTER_WORKING_DAYS, zone, calendar)
