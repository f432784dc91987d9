"""Companies: known by their external id or by a mail domain."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from accounts.customers.changes import apply, judge_fields, judged, settle_external_id
from accounts.customers.models import Company, CompanyDomain
from accounts.customers.validity import normalize_domain
from accounts.events import actions as events
from accounts.members.models import Member
from accounts.tenancy import ids
from accounts.tenancy.actor import Actor
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.models import Workspace
from accounts.tenancy.money import Money

COLUMNS = frozenset(
    """
    external_id name industry country plan trial seats customer_since churned_at renewal_on renewal_signed_at
    usage_score owner_since acquired_via referrer_hint publicity gift_policy attributes
    """.split()  # noqa: SIM905 -- quotes would hide the names
)


@transaction.atomic
def upsert_company(
    *, workspace: Workspace, fields: Mapping[str, Any], by: Actor, now: datetime
) -> tuple[Company, bool]:
    """Create the company, or bring the given fields onto the one with this external id or one of these domains.

    `fields`: columns, and `arr` (Money), `domains` (the whole list), `owner_email`; null empties, what is left out
    stays. Raises InvalidInput, naming the field.
    """
    domains = _domains(fields)
    known = _known(workspace, fields.get("external_id"), domains)
    if known is None:
        try:
            with transaction.atomic():
                return _create(workspace, fields, domains, by, now), True
        except IntegrityError:
            # Somebody else created it a moment ago; anything else is not ours to explain.
            known = _known(workspace, fields.get("external_id"), domains)
            if known is None:
                raise
    return _update(workspace, known, fields, domains, by, now), False


@transaction.atomic
def resolve_company(
    *, workspace: Workspace, reference: Mapping[str, Any] | Company, by: Actor, now: datetime
) -> Company:
    """The company of a reference `{"id"} | {"external_id"} | {"domain"}`, with the other fields given brought onto it.

    Unknown by external id or domain it is created. Raises InvalidInput, for ids unknown here with field "company.id".
    """
    if isinstance(reference, Company):
        return reference
    fields = {name: value for name, value in reference.items() if name not in ("id", "domain")}
    try:
        return _resolved(workspace, reference, fields, by, now)
    except InvalidInput as error:
        raise InvalidInput(error.detail, code=error.code, field=f"company.{error.field}") from error


def company_of_domain(*, workspace: Workspace, domain: str) -> Company | None:
    """The company that owns this mail domain."""
    row = workspace.company_domains.select_related("company").filter(domain=domain).first()
    return row.company if row else None


def _resolved(
    workspace: Workspace, reference: Mapping[str, Any], fields: dict[str, Any], by: Actor, now: datetime
) -> Company:
    if reference.get("id"):
        known: Company | None = _by_id(workspace, reference["id"])
    elif reference.get("external_id"):
        known = _known(workspace, reference["external_id"], None)
    elif reference.get("domain"):
        domain = judged(normalize_domain, reference["domain"], field="domain")
        known = company_of_domain(workspace=workspace, domain=domain)
        fields |= {} if known else {"domains": [domain]}
    else:
        raise InvalidInput("Say which company: by id, external_id or domain.", code="required", field="id")
    if known is None:
        fields["name"] = fields.get("name") or reference.get("domain") or reference["external_id"]
        return upsert_company(workspace=workspace, fields=fields, by=by, now=now)[0]
    if known.external_id == fields.get("external_id"):
        fields.pop("external_id", None)
    return _update(workspace, known, fields, None, by, now) if fields else known


def _by_id(workspace: Workspace, public_id: str) -> Company:
    try:
        company = workspace.companies.select_related("merged_into").get(pk=ids.decode(Company.prefix, public_id))
    except (ids.BadId, Company.DoesNotExist) as error:
        raise InvalidInput("There is no such company in this workspace.", code="unknown", field="id") from error
    return company.merged_into or company


def _known(workspace: Workspace, external_id: str | None, domains: Iterable[str] | None) -> Company | None:
    """The company with this external id, else with one of the domains. Raises InvalidInput where they disagree."""
    if external_id:
        company = workspace.companies.select_related("merged_into").filter(external_id=external_id).first()
        if company:
            return company.merged_into or company
    if not domains:
        return None
    owners = {row.company for row in workspace.company_domains.select_related("company").filter(domain__in=domains)}
    if len(owners) > 1:
        raise InvalidInput(
            "These domains belong to several companies. Merge those first.", code="domain_taken", field="domains"
        )
    owner: Company | None = owners.pop() if owners else None
    if owner and external_id and owner.external_id:
        raise _domain_taken(owner)
    return owner


def _domain_taken(owner: Company) -> InvalidInput:
    return InvalidInput(
        f"{owner.name} ({owner.public_id}) already has one of these domains.", code="domain_taken", field="domains"
    )


def _domains(fields: Mapping[str, Any]) -> list[str] | None:
    given = fields.get("domains", ())
    if "domains" not in fields:
        return None
    return list(dict.fromkeys(judged(normalize_domain, domain, field="domains") for domain in given or ()))


def _create(
    workspace: Workspace, fields: Mapping[str, Any], domains: list[str] | None, by: Actor, now: datetime
) -> Company:
    judge_fields(fields)
    if not fields.get("name"):
        raise InvalidInput("A new company needs a name.", code="required", field="name")
    company = Company(workspace=workspace)
    apply(company, _columns(workspace, company, fields, now))
    company.save(force_insert=True)
    _set_domains(company, domains or [])
    _record("company.created", company, [], by, now)
    return company


def _update(
    workspace: Workspace,
    known: Company,
    fields: Mapping[str, Any],
    domains: list[str] | None,
    by: Actor,
    now: datetime,
) -> Company:
    judge_fields(fields)
    company = workspace.companies.select_for_update().get(pk=known.pk)
    if "name" in fields and not fields["name"]:
        raise InvalidInput("A company needs a name.", code="required", field="name")
    values = _columns(workspace, company, fields, now)
    settle_external_id(workspace.companies, company, values)
    changed = apply(company, values)
    if changed:
        company.save(update_fields=[*changed, "updated_at"])
    if domains is not None and _set_domains(company, domains):
        changed.append("domains")
    if changed:
        _record("company.updated", company, changed, by, now)
    return company


def _columns(workspace: Workspace, company: Company, fields: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    values = {name: value for name, value in fields.items() if name in COLUMNS}
    if not values.get("external_id"):
        values.pop("external_id", None)
    if "arr" in fields:
        arr: Money | None = fields["arr"]
        values |= {"arr_minor": arr.amount if arr else None, "currency": arr.currency if arr else ""}
    if "owner_email" in fields:
        owner = _owner(workspace, fields["owner_email"])
        if company.owner_id and owner and company.owner_id != owner.pk:
            # Since when matters only where somebody takes over: the draft introduces them.
            values.setdefault("owner_since", now.astimezone(ZoneInfo(workspace.timezone)).date())
        values["owner"] = owner
    return values


def _owner(workspace: Workspace, email: str | None) -> Member | None:
    if not email:
        return None
    member = workspace.members.filter(email__iexact=email.strip(), is_active=True).first()
    if member is None:
        raise InvalidInput(f"Nobody on the team has the address {email}.", code="unknown", field="owner_email")
    return member


def _set_domains(company: Company, domains: list[str]) -> bool:
    """Make these the company's domains; says whether anything changed. Raises InvalidInput for another's domain."""
    workspace = company.workspace
    rows = {row.domain: row for row in workspace.company_domains.filter(company=company)}
    missing = [domain for domain in domains if domain not in rows]
    surplus = [row.pk for domain, row in rows.items() if domain not in domains]
    taken = workspace.company_domains.select_related("company").filter(domain__in=missing).first() if missing else None
    if taken:
        raise _domain_taken(taken.company)
    if surplus:
        workspace.company_domains.filter(pk__in=surplus).delete()
    CompanyDomain.objects.bulk_create(
        CompanyDomain(workspace=workspace, company=company, domain=domain) for domain in missing
    )
    return bool(missing or surplus)


def _record(kind: str, company: Company, changed: list[str], by: Actor, now: datetime) -> None:
    data = {"id": company.public_id, "external_id": company.external_id, "changed": sorted(changed)}
    events.record(
        workspace_id=company.workspace_id, type=kind, subject=company, by=by, now=now, data=data, company_id=company.pk
    )
