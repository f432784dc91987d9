"""A won referee is a customer from now on."""

from datetime import datetime

from accounts.customers.models import AcquiredVia
from accounts.tenancy.actor import Actor
from referrals.pipeline.models import Referral


def welcome(*, referral: Referral, by: Actor, now: datetime) -> None:
    """Make the referee a contact, and their company a customer that came by referral; sets `referee_contact`.

    Somebody known keeps what is known of them. The caller saves the referral.
    """
    from accounts.customers import actions as customers  # noqa: PLC0415 -- hoisted once the room has it

    workspace = referral.workspace
    company = _company(referral, by=by, now=now)
    first_name, _, last_name = referral.referee_name.partition(" ")
    fields: dict[str, object] = {
        "first_name": first_name,
        "last_name": last_name,
        "title": referral.referee_title,
        "phone": referral.referee_phone,
        "timezone": referral.referee_timezone,
    }
    fields = {name: value for name, value in fields.items() if value}
    if referral.referee_email:
        known = workspace.contacts.filter(email_normalized=referral.referee_email_normalized).first()
        if known is not None and known.company_id is not None:
            referral.referee_contact = known
            return
        fields["email"] = referral.referee_email
    else:
        # Without an address our own id is what makes the second try find the first.
        fields["external_id"] = referral.public_id
    if company is not None:
        fields["company"] = company
    referral.referee_contact, _created = customers.upsert_contact(workspace=workspace, fields=fields, by=by, now=now)


def _company(referral: Referral, *, by: Actor, now: datetime):
    from accounts.customers import actions as customers  # noqa: PLC0415 -- hoisted once the room has it

    domain, name = referral.referee_company_domain, referral.referee_company_name
    if not domain and not name:
        return None
    workspace = referral.workspace
    row = workspace.company_domains.filter(domain=domain).select_related("company").first() if domain else None
    fields: dict[str, object] = {"acquired_via": AcquiredVia.REFERRAL, "customer_since": now.date()}
    if row is not None and row.company.customer_since and row.company.churned_at is None:
        return row.company
    if row is None:
        fields["name"] = name or domain
    if row is not None and row.company.churned_at is not None:
        fields["churned_at"] = None
    if domain:
        fields["domains"] = [domain]
    else:
        fields["external_id"] = referral.public_id
    if referral.referrer is not None:
        fields["referrer_hint"] = referral.referrer.name
    company, _created = customers.upsert_company(workspace=workspace, fields=fields, by=by, now=now)
    return company
