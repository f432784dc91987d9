"""What an ask depends on, read under a lock on its contact."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from accounts.customers import actions as customers
from accounts.customers.models import Contact
from accounts.tenancy.models import Workspace
from referrals.asks.calendars import Calendar, calendar_of
from referrals.asks.errors import AskNotOpen
from referrals.asks.models import Ask
from referrals.asks.zones import zone_for

OPEN_STATES = (Ask.State.QUEUED, Ask.State.SENDING, Ask.State.UNCONFIRMED)
# These count as "was asked": for the rest, the company's cap and the date on the contact.
ASKED_STATES = (*OPEN_STATES, Ask.State.SENT, Ask.State.ANSWERED)
SENT_BY_PEOPLE_TO_LEARN = 10
COMPANIES_FOR_A_TOP_TENTH = 20


@dataclass(frozen=True, slots=True)
class Circumstances:
    """`learned`: people have sent ten asks. `top_tenth`: the company is among the tenth with the highest revenue."""

    open_ask_id: UUID | None
    learned: bool
    top_tenth: bool
    has_outcome: bool


_SELECT = """
SELECT (SELECT ask.id FROM referrals_ask ask
         WHERE ask.workspace_id = %(workspace)s AND ask.contact_id = %(contact)s
           AND ask.state IN ('queued', 'sending', 'unconfirmed')),
       (SELECT count(*) FROM (SELECT FROM referrals_ask ask
                               WHERE ask.workspace_id = %(workspace)s AND ask.sent_by_person
                               LIMIT %(learned_from)s) AS by_people),
       (SELECT CASE WHEN count(*) >= %(companies)s
                    THEN count(*) FILTER (WHERE other.currency = %(currency)s AND other.arr_minor > %(arr)s)
                         < count(*) / 10
                    ELSE false END
          FROM accounts_company other
         WHERE %(arr)s::bigint IS NOT NULL AND other.workspace_id = %(workspace)s AND other.churned_at IS NULL),
       EXISTS (SELECT FROM accounts_outcome outcome
                WHERE outcome.workspace_id = %(workspace)s AND outcome.approved_at <= %(now)s
                  AND (outcome.contact_id = %(contact)s OR outcome.company_id = %(company)s))
"""


def read(*, workspace: Workspace, contact: Contact, now: datetime) -> Circumstances:
    """One statement. Call it with the contact locked, else another ask may be queued a moment later."""
    company = contact.company
    values = {
        "workspace": workspace.pk,
        "contact": contact.pk,
        "learned_from": SENT_BY_PEOPLE_TO_LEARN,
        "companies": COMPANIES_FOR_A_TOP_TENTH,
        "arr": company.arr_minor if company else None,
        "currency": company.currency if company else "",
        "company": contact.company_id,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SELECT, values)
        open_ask_id, sent_by_people, top_tenth, has_outcome = cursor.fetchone()
    return Circumstances(open_ask_id, sent_by_people >= SENT_BY_PEOPLE_TO_LEARN, top_tenth, has_outcome)


def lock_contact(*, workspace: Workspace, contact_id: UUID) -> Contact:
    """The contact with company, owner and deputy; asks of this person wait for us. Always locked before an ask."""
    return customers.lock_contact(workspace=workspace, contact_id=contact_id)


def lock(*, ask: Ask, states: tuple[Ask.State, ...] | None = None) -> Ask:
    """The ask as it is now, its contact locked before it. Raises AskNotOpen if it is in none of `states`."""
    contact = lock_contact(workspace=ask.workspace, contact_id=ask.contact_id)
    rows = ask.workspace.asks.select_related("workspace", "program", "link", "moment__response", "message", "sender")
    locked = rows.select_for_update(of=("self",), no_key=True).get(pk=ask.pk)
    if states is not None and locked.state not in states:
        raise AskNotOpen.of(locked)
    locked.contact = contact
    return locked


def whereabouts(*, workspace: Workspace, contact: Contact) -> tuple[ZoneInfo, Calendar]:
    """The contact's time zone, and the days and hours that are polite there."""
    country = contact.country or (contact.company.country if contact.company else "")
    zone, _guess = zone_for(contact.timezone, country, workspace.timezone)
    return zone, calendar_of(workspace, country)


def forget_asked(*, contact: Contact, now: datetime) -> None:
    """An ask that reached nobody does not count: the contact's date goes back to the ask before it."""
    asked = Ask.objects.filter(workspace_id=contact.workspace_id, contact_id=contact.pk, state__in=ASKED_STATES)
    contact.asked_at = asked.order_by("-queued_at").values_list("queued_at", flat=True).first()
    contact.save(update_fields=["asked_at", "updated_at"])
