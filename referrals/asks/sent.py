"""Mails of asks that have left, many at once: three statements a batch, because a campaign of asks waits for them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from accounts.customers.models import Contact
from accounts.events import actions as events
from accounts.mail.signals import Settled
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.models import Workspace
from referrals.asks import clock, rests
from referrals.asks.calendars import Calendar, calendar_of
from referrals.asks.events import fact
from referrals.asks.models import Ask
from referrals.asks.reminders import REMIND_AFTER_WORKING_DAYS
from referrals.asks.zones import zone_for

# What the event tells; in the order of the model's fields, as `from_db` takes them.
_TOLD = {*("workspace", "contact", "program", "moment", "message"), *("id", "answer", "channel", "deadline_at")}
_ASK = [field.attname for field in Ask._meta.concrete_fields if field.name in _TOLD]

_READ = f"""
SELECT {", ".join(_ASK)} FROM referrals_ask
 WHERE workspace_id = %s AND message_id = ANY (%s) AND state IN ('queued', 'sending', 'unconfirmed')
"""  # noqa: S608 -- names of our own columns
# The dispatcher holds the mails and waits for us, others hold the contact and may wait for the mail: so whom somebody
# else has locked is passed over here, and `settle_left` takes it up at the next tick.
_LOCK = """
SELECT contact.id, contact.company_id, contact.timezone, coalesce(nullif(contact.country, ''), company.country, '')
  FROM accounts_contact contact
  LEFT JOIN accounts_company company
       ON company.workspace_id = contact.workspace_id AND company.id = contact.company_id
 WHERE contact.workspace_id = %s AND contact.id = ANY (%s)
 ORDER BY contact.id
   FOR NO KEY UPDATE OF contact SKIP LOCKED
"""
# The rest is no change of the person: without `updated_at` PostgreSQL need not touch the indexes of their row. The keys
# are named twice, else the planner, without fresh statistics, would read the whole workspace.
_WRITE = """
WITH sent AS (
    SELECT * FROM unnest(%(asks)s::uuid[], %(contacts)s::uuid[], %(ats)s::timestamptz[], %(reminds)s::timestamptz[])
               AS sent (ask_id, contact_id, at, remind_at)
), written AS (
    UPDATE referrals_ask ask
       SET state = 'sent', sent_at = sent.at, ended_reason = '', reminder_due_at = sent.remind_at,
           updated_at = statement_timestamp()
      FROM sent
     WHERE ask.workspace_id = %(workspace)s AND ask.id = sent.ask_id AND ask.id = ANY (%(asks)s::uuid[])
       AND ask.state IN ('queued', 'sending', 'unconfirmed')
    RETURNING ask.id, sent.contact_id, sent.at
), resting AS (
    UPDATE accounts_contact contact
       SET rest_until = written.at + %(silence)s, rest_reason = %(reason)s
      FROM written
     WHERE contact.workspace_id = %(workspace)s AND contact.id = written.contact_id
       AND contact.id = ANY (%(contacts)s::uuid[])
)
SELECT id FROM written
"""


def settle_sent(*, workspace: Workspace, sent: Mapping[UUID, Settled], now: datetime) -> int:
    """Asks whose mail has left are sent: a reminder is planned, the contact rests. Gives how many.

    `sent`: by the mail's id. Asks that were answered meanwhile are left to `settling`.
    """
    with connection.cursor() as cursor:
        asks = _read(cursor, workspace, sent)
        contacts = _lock(cursor, workspace, [ask.contact_id for ask in asks])
        ours = [ask for ask in asks if ask.contact_id in contacts]
        if not ours:
            return 0
        for ask in ours:
            company_id, timezone, country = contacts[ask.contact_id]
            ask.contact = Contact.from_db("default", ["id", "company_id"], [ask.contact_id, company_id])
            ask.state, ask.sent_at = Ask.State.SENT, sent[cast("UUID", ask.message_id)].at
            ask.reminder_due_at = _reminder(workspace, ask.sent_at, timezone, country)
        cursor.execute(_WRITE, _values(workspace, ours))
        written = {key for (key,) in cursor.fetchall()}
    facts = [fact("ask.sent", ask=ask) for ask in ours if ask.pk in written]
    events.record_all(workspace_id=workspace.pk, facts=facts, by=SYSTEM, now=now)
    return len(written)


def _read(cursor: Any, workspace: Workspace, sent: Collection[UUID]) -> list[Ask]:
    """The asks with what their event tells; nothing else of them is read."""
    cursor.execute(_READ, [workspace.pk, list(sent)])
    return [Ask.from_db("default", _ASK, row) for row in cursor.fetchall()]


def _lock(cursor: Any, workspace: Workspace, contact_ids: Sequence[UUID]) -> dict[UUID, tuple[UUID | None, str, str]]:
    """Company, time zone and country of the contacts that nobody else holds, by contact."""
    cursor.execute(_LOCK, [workspace.pk, list(contact_ids)])
    return {contact: (company, timezone, country) for contact, company, timezone, country in cursor.fetchall()}


def _reminder(workspace: Workspace, sent_at: datetime, timezone: str, country: str) -> datetime:
    zone, _guess = zone_for(timezone, country, workspace.timezone)
    minute = sent_at.replace(second=0, microsecond=0)
    return _working_days_later(minute, zone, calendar_of(workspace, country))


@lru_cache(maxsize=1024)
def _working_days_later(minute: datetime, zone: ZoneInfo, calendar: Calendar) -> datetime:
    """Mails of one minute leave by the thousand."""
    return clock.add_working_days(minute, REMIND_AFTER_WORKING_DAYS, zone, calendar)


def _values(workspace: Workspace, asks: Sequence[Ask]) -> dict[str, Any]:
    return {
        "workspace": workspace.pk,
        "asks": [ask.pk for ask in asks],
        "contacts": [ask.contact_id for ask in asks],
        "ats": [ask.sent_at for ask in asks],
        "reminds": [ask.reminder_due_at for ask in asks],
        "silence": rests.AFTER_SILENCE,
        "reason": rests.SILENCE,
    }
