"""Mails of asks that have left, many at once: three statements a batch, because a campaign of asks waits for them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import connection

from accounts.customers.models import Contact
from accounts.events import actions as events
from accounts.mail.signals import Settled
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.models import Workspace
from referrals.asks import clock, rests
from referrals.asks.events import fact
from referrals.asks.models import Ask
from referrals.asks.reminders import REMIND_AFTER_WORKING_DAYS
from referrals.asks.zones import zone_for

# What the event tells; in the order of the model's fields, as `from_db` takes them.
_TOLD = {*("workspace", "contact", "program", "moment", "message"), *("id", "answer", "channel", "deadline_at")}
_ASK = [field.attname for field in Ask._meta.concrete_fields if field.name in _TOLD]

# The dispatcher holds the mails and waits for us, others hold the contact and may wait for the mail: so whom somebody
# else has locked is passed over here, and `settle_left` takes it up at the next tick.
_UNDER_WAY = f"""
SELECT {", ".join(f"ask.{column}" for column in _ASK)}, contact.company_id, contact.timezone,
       coalesce(nullif(contact.country, ''), company.country, '')
  FROM referrals_ask ask
  JOIN accounts_contact contact ON contact.workspace_id = ask.workspace_id AND contact.id = ask.contact_id
  LEFT JOIN accounts_company company
       ON company.workspace_id = contact.workspace_id AND company.id = contact.company_id
 WHERE ask.workspace_id = %s AND ask.message_id = ANY (%s) AND ask.state IN ('queued', 'sending', 'unconfirmed')
 ORDER BY contact.id
   FOR NO KEY UPDATE OF contact, ask SKIP LOCKED
"""  # noqa: S608 -- names of our own columns
_WRITE = """
WITH sent AS (
    SELECT * FROM unnest(%(asks)s::uuid[], %(contacts)s::uuid[], %(ats)s::timestamptz[], %(reminds)s::timestamptz[])
               AS sent (ask_id, contact_id, at, remind_at)
), resting AS (
    UPDATE accounts_contact contact
       SET rest_until = sent.at + %(silence)s, rest_reason = %(reason)s, updated_at = statement_timestamp()
      FROM sent WHERE contact.workspace_id = %(workspace)s AND contact.id = sent.contact_id
)
UPDATE referrals_ask ask
   SET state = 'sent', sent_at = sent.at, ended_reason = '', reminder_due_at = sent.remind_at,
       updated_at = statement_timestamp()
  FROM sent WHERE ask.workspace_id = %(workspace)s AND ask.id = sent.ask_id
"""


def settle_sent(*, workspace: Workspace, sent: Mapping[UUID, Settled], now: datetime) -> int:
    """Asks whose mail has left are sent: a reminder is planned, the contact rests. Gives how many.

    `sent`: by the mail's key. Asks that were answered meanwhile are left to `settling`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_UNDER_WAY, [workspace.pk, list(sent)])
        rows = cursor.fetchall()
        if not rows:
            return 0
        asks = [_ask(row) for row in rows]
        for ask, (*_columns, zone, country) in zip(asks, rows, strict=True):
            at = sent[cast("UUID", ask.message_id)].at  # it was found by it
            ask.state, ask.sent_at = Ask.State.SENT, at
            ask.reminder_due_at = _reminder(workspace, at, zone, country)
        cursor.execute(_WRITE, _values(workspace, asks))
    facts = [fact("ask.sent", ask=ask) for ask in asks]
    events.record_all(workspace_id=workspace.pk, facts=facts, by=SYSTEM, now=now)
    return len(asks)


def _ask(row: Sequence[Any]) -> Ask:
    """The ask with what its event tells; nothing else of it is read."""
    ask = Ask.from_db("default", _ASK, row[: len(_ASK)])
    ask.contact = Contact.from_db("default", ["id", "company_id"], [ask.contact_id, row[len(_ASK)]])
    return ask


def _reminder(workspace: Workspace, sent_at: datetime, timezone: str, country: str) -> datetime:
    zone, _guess = zone_for(timezone, country, workspace.timezone)
    return clock.add_working_days(sent_at, REMIND_AFTER_WORKING_DAYS, zone, country or workspace.country or None)


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
