"""A won referee is a customer from now on."""

from datetime import datetime
from zoneinfo import ZoneInfo

from accounts.customers import actions as customers
from accounts.customers.models import AcquiredVia, Company, Contact
from accounts.tenancy.actor import Actor
from referrals.pipeline import kinds
from referrals.pipeline.models import Referral
from referrals.pipeline.referee import Referee


def welcome(*, referral: Referral, by: Actor, now: datetime) -> None:
    """Make the referee a contact, and their company a customer that came by referral; sets `referee_contact`.

    Somebody who has a company keeps it. The caller saves the referral.
    """
    workspace = referral.workspace
    known = kinds.known_contact(workspace, referral.referee_email_normalized)
    company = _customer(referral, known, by=by, now=now)
    if known is not None and known.company_id is not None:
        referral.referee_contact = known
        return
    first_name, _, last_name = referral.referee_name.partition(" ")
    fields: dict[str, object] = {
        "first_name": first_name[:120],
        "last_name": last_name[:120],
        "title": referral.referee_title,
        "phone": referral.referee_phone,
        "timezone": referral.referee_timezone,
        "company": company,
        "email": referral.referee_email,
    }
    fields = {name: value for name, value in fields.items() if value}
    if not referral.referee_email:
        # Without an address our own id is what makes the second try find the first.
        fields["external_id"] = referral.public_id
    referral.referee_contact, _created = customers.upsert_contact(workspace=workspace, fields=fields, by=by, now=now)


def _customer(referral: Referral, known: Contact | None, *, by: Actor, now: datetime) -> Company | None:
    """The referee's company, a customer again or for the first time; None where nobody told us of one."""
    workspace, name, domain = referral.workspace, referral.referee_company_name, referral.referee_company_domain
    company = kinds.company_of(workspace, known, Referee(name="", company_domain=domain))
    today = now.astimezone(ZoneInfo(workspace.timezone)).date()
    if company is not None and company.customer_since and company.churned_at is None:
        return company
    fields: dict[str, object] = {"acquired_via": AcquiredVia.REFERRAL, "customer_since": today}
    if referral.referrer is not None:
        fields["referrer_hint"] = referral.referrer.name[:200]
    if company is not None:
        reference = {"id": company.public_id, "churned_at": None, **fields}
        return customers.resolve_company(workspace=workspace, reference=reference, by=by, now=now)
    if not (name or domain):
        return None
    fields["name"] = name or domain
    fields |= {"domains": [domain]} if domain else {"external_id": referral.public_id}
    return customers.upsert_company(workspace=workspace, fields=fields, by=by, now=now)[0]
