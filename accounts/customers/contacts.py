"""Contacts: known by their external id or by their address."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.customers.changes import apply, judge_fields, settle_external_id
from accounts.customers.companies import company_of_domain, resolve_company
from accounts.customers.models import Company, Contact
from accounts.events import actions as events
from accounts.mail.actions import normalize_email
from accounts.members.models import Member
from accounts.tenancy import ids
from accounts.tenancy.actor import Actor
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.models import Workspace

COLUMNS = frozenset(
    """
    external_id first_name last_name title seniority phone linkedin_url locale timezone country preferred_reward
    attributes
    """.split()  # noqa: SIM905 -- quotes would hide the names
)


@transaction.atomic
def upsert_contact(
    *, workspace: Workspace, fields: Mapping[str, Any], by: Actor, now: datetime
) -> tuple[Contact, bool]:
    """Create the person, or bring the given fields onto the one with this external id or address.

    `fields`: columns, `email`, and `company` (a Company, a reference or None); null empties, what is left out stays.
    Somebody new without a company joins the one that owns their mail domain. Raises InvalidInput, naming the field.
    """
    judge_fields(fields)
    known = _known(workspace, fields.get("external_id"), fields.get("email"))
    if known is None:
        try:
            with transaction.atomic():
                return _create(workspace, fields, by, now), True
        except IntegrityError:
            # Somebody else created them a moment ago; anything else is not ours to explain.
            known = _known(workspace, fields.get("external_id"), fields.get("email"))
            if known is None:
                raise
    return _update(workspace, known, fields, by, now), False


# Written out: for these four tables Django takes longer to write the SQL than PostgreSQL to answer it, and every intake
# begins here.
_LOCK = "SELECT * FROM accounts_contact WHERE workspace_id = %s AND id = %s FOR NO KEY UPDATE"
_COMPANY = "SELECT * FROM accounts_company WHERE workspace_id = %s AND id = %s"
_MEMBER = "SELECT * FROM accounts_member WHERE workspace_id = %s AND id = %s"


def lock_contact(*, workspace: Workspace, contact_id: UUID) -> Contact:
    """The contact with company, owner and deputy, until the transaction ends. Raises Contact.DoesNotExist."""
    contact = next(iter(Contact.objects.raw(_LOCK, [workspace.pk, contact_id])), None)
    if contact is None:
        raise Contact.DoesNotExist(contact_id)
    contact.workspace = workspace
    if contact.company_id:
        [contact.company] = Company.objects.raw(_COMPANY, [workspace.pk, contact.company_id])
        _load_owner(workspace, contact.company)
    return contact


def _load_owner(workspace: Workspace, company: Company) -> None:
    if company.owner_id is None:
        return
    [owner] = Member.objects.raw(_MEMBER, [workspace.pk, company.owner_id])
    if owner.deputy_id:
        [owner.deputy] = Member.objects.raw(_MEMBER, [workspace.pk, owner.deputy_id])
    company.owner = owner


def resolve_contact(
    *, workspace: Workspace, reference: Mapping[str, Any] | Contact, by: Actor, now: datetime
) -> Contact:
    """The person of a reference `{"id"} | {"external_id"} | {"email"}`, with the other fields given brought onto them.

    Unknown by external id or address they are created. Raises InvalidInput, for ids unknown here with field
    "contact.id". One statement where nothing else is given.
    """
    if isinstance(reference, Contact):
        return reference
    fields = {name: value for name, value in reference.items() if name != "id"}
    try:
        if reference.get("id"):
            known: Contact | None = _by_id(workspace, reference["id"])
        elif reference.get("external_id") or reference.get("email"):
            known = _known(workspace, reference.get("external_id"), reference.get("email"))
        else:
            raise InvalidInput("Say who: by id, external_id or email.", code="required", field="id")
        if known is None:
            return upsert_contact(workspace=workspace, fields=fields, by=by, now=now)[0]
        fields = _unlike(known, fields)
        return _update(workspace, known, fields, by, now) if fields else known
    except InvalidInput as error:
        raise InvalidInput(error.detail, code=error.code, field=f"contact.{error.field}") from error


def resolve_and_lock_contact(
    *, workspace: Workspace, reference: Mapping[str, Any], by: Actor, now: datetime
) -> Contact:
    """The same person as `lock_contact` gives them: found and locked in one statement where only the id is given."""
    key = None
    if set(reference) == {"id"}:
        try:
            contact = lock_contact(workspace=workspace, contact_id=ids.decode(Contact.prefix, reference["id"]))
        except (ids.BadId, Contact.DoesNotExist) as error:
            raise _unknown("contact.id") from error
        if contact.merged_into_id is None:
            return contact
        key = contact.merged_into_id
    key = key or resolve_contact(workspace=workspace, reference=reference, by=by, now=now).pk
    return lock_contact(workspace=workspace, contact_id=key)


def _unlike(contact: Contact, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields without the keys that the contact has already: what found them is nothing to change."""
    email = fields.get("email") or ""
    same = {
        "external_id": fields.get("external_id") == contact.external_id,
        "email": normalize_email(email) == contact.email_normalized,
    }
    return {name: value for name, value in fields.items() if not same.get(name)}


def _by_id(workspace: Workspace, public_id: str) -> Contact:
    try:
        return _followed(_people(workspace).get(pk=ids.decode(Contact.prefix, public_id)))
    except (ids.BadId, Contact.DoesNotExist) as error:
        raise _unknown("id") from error


def _unknown(field: str) -> InvalidInput:
    return InvalidInput("There is no such contact in this workspace.", code="unknown", field=field)


def _people(workspace: Workspace) -> Any:
    return workspace.contacts.select_related("company", "merged_into__company")


def _followed(contact: Contact) -> Contact:
    return contact.merged_into or contact


def _known(workspace: Workspace, external_id: str | None, email: str | None) -> Contact | None:
    """The person with this external id, else with this address. Raises InvalidInput where the two disagree."""
    address = normalize_email(email) if email else None
    by_key = _people(workspace).filter(external_id=external_id).first() if external_id else None
    if by_key:
        return _followed(by_key)
    by_address = _people(workspace).filter(email_normalized=address).first() if address else None
    if by_address is None:
        return None
    contact = _followed(by_address)
    if external_id and contact.external_id:
        raise _email_taken(contact)
    return contact


def _email_taken(owner: Contact) -> InvalidInput:
    return InvalidInput(
        f"This address already belongs to {owner.name} ({owner.public_id}). Merge the two, or use another address.",
        code="email_taken",
        field="email",
    )


def _create(workspace: Workspace, fields: Mapping[str, Any], by: Actor, now: datetime) -> Contact:
    contact = Contact(workspace=workspace)
    values = columns_of(workspace, fields, by, now)
    if "company" not in values and values.get("email_normalized"):
        domain = values["email_normalized"].rpartition("@")[2]
        values["company"] = company_of_domain(workspace=workspace, domain=domain)
    apply(contact, values)
    contact.save(force_insert=True)
    _record("contact.created", contact, [], by, now)
    return contact


@transaction.atomic
def _update(workspace: Workspace, known: Contact, fields: Mapping[str, Any], by: Actor, now: datetime) -> Contact:
    judge_fields(fields)
    contact: Contact = _locked(workspace, known)
    values = columns_of(workspace, fields, by, now)
    settle_external_id(workspace.contacts, contact, values)
    address = values.get("email_normalized")
    if address and address != contact.email_normalized:
        owner = _people(workspace).filter(email_normalized=address).exclude(pk=contact.pk).first()
        if owner and _followed(owner) == contact:
            values.pop("email")
            values.pop("email_normalized")
        elif owner:
            raise _email_taken(owner)
    changed = apply(contact, values)
    if changed:
        contact.save(update_fields=[*changed, "updated_at"])
        _record("contact.updated", contact, [name for name in changed if name != "email_normalized"], by, now)
    return contact


def _locked(workspace: Workspace, known: Contact) -> Contact:
    contact: Contact = workspace.contacts.select_for_update(of=("self",)).select_related("company").get(pk=known.pk)
    return contact


def columns_of(workspace: Workspace, fields: Mapping[str, Any], by: Actor, now: datetime) -> dict[str, Any]:
    """The fields given as columns of a contact, their company found or created. Raises InvalidInput."""
    values = {name: value for name, value in fields.items() if name in COLUMNS}
    if not values.get("external_id"):
        values.pop("external_id", None)
    if "email" in fields:
        email = (fields["email"] or "").strip()
        values |= {"email": email, "email_normalized": normalize_email(email) or None}
    if "company" in fields:
        reference = fields["company"]
        if reference and not isinstance(reference, Company):
            reference = resolve_company(workspace=workspace, reference=reference, by=by, now=now)
        values["company"] = reference or None
    return values


def fact_of(kind: str, contact: Contact, changed: list[str], *, sequence: int | None = None) -> events.Fact:
    """What happened to the person, as it is written down: names of what changed, never its values."""
    data = {"id": contact.public_id, "external_id": contact.external_id, "changed": sorted(changed)}
    return events.Fact(kind, ("contact", contact.pk), data, contact.pk, contact.company_id, sequence)


def _record(kind: str, contact: Contact, changed: list[str], by: Actor, now: datetime) -> None:
    events.record_all(workspace_id=contact.workspace_id, facts=[fact_of(kind, contact, changed)], by=by, now=now)
