"""The lists of companies and people: what can be seen, asked, sorted, done and exported. Said once, here."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.customers import bulk
from accounts.customers.experts import EXPERT_FROM
from accounts.customers.models import Company, Contact
from accounts.customers.searching import companies_matching, contacts_matching
from accounts.lists.spec import BulkAction, Choice, Column, Filter, ListSpec, Sort
from accounts.members.models import Member
from accounts.members.permissions import Permission
from accounts.tenancy import ids
from accounts.tenancy.models import Workspace
from accounts.tenancy.money import Money

SCORES = Permission.SCORES_READ
NOBODY = "nobody"


def _owners(workspace: Workspace) -> Sequence[Choice]:
    members = workspace.members.filter(is_active=True).order_by("name", "pk")
    return [
        Choice("", "Any owner"),
        Choice(NOBODY, "No owner"),
        *(Choice(one.public_id, one.name) for one in members),
    ]


def _of_owner(value: str, path: str) -> Q:
    """Rows of this owner; `path` leads to the company."""
    if value == NOBODY:
        return Q(**{f"{path}owner": None})
    return Q(**{f"{path}owner": ids.decode(Member.prefix, value)}) if value else Q()


# ---------- companies

_COMPANY_SHOWS = {
    "": Q(),
    "customers": Q(churned_at=None, trial=False),
    "trial": Q(churned_at=None, trial=True),
    "left": Q(churned_at__isnull=False),
}


def company_rows(workspace: Workspace, values: Mapping[str, str]) -> QuerySet[Company]:
    """Companies without merged duplicates, with their owner."""
    rows = workspace.companies.filter(_COMPANY_SHOWS[values.get("show", "")], merged_into=None)
    rows = rows.filter(_of_owner(values.get("owner", ""), ""))
    if values.get("q"):
        rows = rows.filter(pk__in=companies_matching(values["q"]))
    return rows.select_related("owner")


def count_people(workspace: Workspace, companies: list[Any]) -> None:
    """Tell each company its number of contacts as `people`. One statement for the page."""
    rows = workspace.contacts.filter(company__in=companies, merged_into=None).order_by()
    people: dict[UUID, int] = dict(rows.values_list("company").annotate(Count("pk")))
    for company in companies:
        company.people = people.get(company.pk, 0)


COMPANIES = ListSpec(
    name="companies",
    url_name="company-list",
    noun="company",
    nouns="companies",
    search="Name or domain",
    rows=company_rows,
    prepare=count_people,
    columns=(
        Column("name", "Company", lambda c: c.name, template="accounts/customers/_company_cell.html", opt=False),
        Column("industry", "Industry", lambda c: c.industry),
        Column("plan", "Plan", lambda c: c.plan),
        Column(
            "revenue",
            "A year",
            lambda c: None if c.arr_minor is None else Money(c.arr_minor, c.currency),
            right=True,
            opt=False,
        ),
        Column("since", "Customer since", lambda c: c.customer_since),
        Column("renewal", "Renewal", lambda c: c.renewal_on),
        Column("owner", "Looked after by", lambda c: c.owner.name if c.owner else "nobody"),
        Column("people", "People", lambda c: c.people, right=True),
        Column("country", "Country", lambda c: c.country, first=False),
        Column("seats", "Seats", lambda c: c.seats, right=True, first=False),
        Column("left", "Left us", lambda c: c.churned_at, first=False),
        Column("via", "Came by", lambda c: c.get_acquired_via_display(), first=False),
        Column("publicity", "Named in public", lambda c: c.get_publicity_display(), first=False),
        Column("external_id", "External id", lambda c: c.external_id, first=False),
        Column("id", "Id", lambda c: c.public_id, first=False),
    ),
    sorts=(
        Sort("name", "Name", "name_key", head="name"),
        Sort("-name", "Name, Z to A", "name_key", descending=True, head="name"),
        Sort("-revenue", "Revenue", "arr_minor", descending=True, nullable=True, head="revenue"),
        Sort("revenue", "Revenue, least first", "arr_minor", nullable=True, head="revenue"),
        Sort("renewal", "Next renewal", "renewal_on", nullable=True, head="renewal"),
        Sort("-since", "Start, newest first", "customer_since", descending=True, nullable=True, head="since"),
        Sort("since", "Start, oldest first", "customer_since", nullable=True, head="since"),
    ),
    filters=(
        Filter(
            "show",
            "Show",
            (
                Choice("", "All"),
                Choice("customers", "Customers"),
                Choice("trial", "On trial"),
                Choice("left", "Left us"),
            ),
        ),
        Filter("owner", "Looked after by", _owners),
    ),
    actions=(
        BulkAction("hold", "Leave alone", Permission.CUSTOMER_WRITE, bulk.hold, form=bulk.hold_form),
        BulkAction("lift", "Lift holds", Permission.CUSTOMER_WRITE, bulk.lift),
        BulkAction("owner", "Give to", Permission.CUSTOMER_WRITE, bulk.set_owner, form=bulk.OwnerForm),
    ),
)

# ---------- people


def _contact_show(show: str) -> Q:
    return {
        "": Q(),
        "promoters": Q(promoter_at__isnull=False),
        "low": Q(low_answer_at__isnull=False),
        "experts": Q(expert_score__gte=EXPERT_FROM),
        "resting": Q(rest__until__gt=timezone.now()),
    }[show]


def contact_rows(workspace: Workspace, values: Mapping[str, str]) -> QuerySet[Contact]:
    """People without merged duplicates, with their company. A search asks for every word, in any of its places."""
    rows = workspace.contacts.filter(_contact_show(values.get("show", "")), merged_into=None)
    rows = rows.filter(_of_owner(values.get("owner", ""), "company__"))
    if values.get("q"):
        rows = rows.filter(pk__in=contacts_matching(values["q"]))
    return rows.select_related("company__owner", "rest")


_PERSON_CELL = "accounts/customers/_contact_cell.html"

CONTACTS = ListSpec(
    name="people",
    url_name="contact-list",
    noun="person",
    nouns="people",
    search="Name, address or company",
    rows=contact_rows,
    columns=(
        Column("name", "Person", lambda c: c.name, template=_PERSON_CELL, opt=False),
        Column("title", "Role", lambda c: c.title),
        Column("company", "Company", lambda c: c.company.name if c.company else None, template=_PERSON_CELL, opt=False),
        Column(
            "nps",
            "NPS",
            lambda c: c.latest_scores.get("nps", {}).get("score"),
            template=_PERSON_CELL,
            right=True,
            opt=False,
            permission=SCORES,
        ),
        Column("answered", "Latest answer", lambda c: c.latest_answer_at, permission=SCORES),
        Column("expert", "Expert", lambda c: c.expert_score, right=True, permission=SCORES),
        Column("asked", "Last asked", lambda c: c.asked_at),
        Column("email", "E-mail", lambda c: c.email, first=False),
        Column("phone", "Phone", lambda c: c.phone, first=False),
        Column("seniority", "Seniority", lambda c: c.get_seniority_display(), first=False),
        Column("country", "Country", lambda c: c.country, first=False),
        Column(
            "owner",
            "Looked after by",
            lambda c: c.company.owner.name if c.company and c.company.owner else "nobody",
            first=False,
        ),
        Column("rests", "Rests until", lambda c: c.rest.until if hasattr(c, "rest") else None, first=False),
        Column("external_id", "External id", lambda c: c.external_id, first=False),
        Column("id", "Id", lambda c: c.public_id, first=False),
    ),
    sorts=(
        Sort("name", "Name", "name_key", head="name"),
        Sort("-name", "Name, Z to A", "name_key", descending=True, head="name"),
        Sort("-asked", "Last ask", "asked_at", descending=True, nullable=True, head="asked"),
        Sort(
            "-answered",
            "Latest answer",
            "latest_answer_at",
            descending=True,
            nullable=True,
            permission=SCORES,
            head="answered",
        ),
    ),
    filters=(
        Filter(
            "show",
            "Show",
            (
                Choice("", "Everybody"),
                Choice("experts", "Experts", SCORES),
                Choice("resting", "Resting"),
                Choice("promoters", "Promoters", SCORES),
                Choice("low", "Latest answer low", SCORES),
            ),
        ),
        Filter("owner", "Looked after by", _owners),
    ),
    actions=COMPANIES.actions,
)
