"""The audit log: every fact, who did it, when, on what."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.audit import words
from accounts.events.models import Event
from accounts.lists.spec import Choice, Column, Filter, ListSpec, Sort
from accounts.members.permissions import Permission
from accounts.tenancy import ids
from accounts.tenancy.actor import ActorKind
from accounts.tenancy.models import Workspace

GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "settings": ("Settings", ("workspace.", "program.", "mail.", "sign_on.", "api_key.", "reward_rule.")),
    "team": ("Team", ("member.",)),
    "customers": (
        "Customers",
        ("contact.", "company.", "hold.", "outcome.", "deal.", "note.", "moment.", "response.", "promoter."),
    ),
    "asks": ("Asks and thanks", ("ask.", "link.", "thank_you.", "advocate.", "message.")),
    "referrals": ("Referrals and rewards", ("referral.", "reward.", "booking.", "payout.")),
    "data": ("Data", ("export.", "import.", "archive.", "retention.", "outage.")),
}
_ACTORS = {
    "people": ("Anybody on the team", [ActorKind.MEMBER]),
    "keys": ("API keys", [ActorKind.API_KEY]),
    "customers": ("Customers", [ActorKind.CONTACT]),
    "goodword": ("Goodword itself", [ActorKind.SYSTEM, ActorKind.STAFF]),
}
_NAMELESS = {
    ActorKind.SYSTEM: "Goodword",
    ActorKind.STAFF: "Whoever runs Goodword",
    ActorKind.CONTACT: "A customer",
    ActorKind.API_KEY: "An API key",
    ActorKind.MEMBER: "Somebody of the team",
}


def event_rows(workspace: Workspace, values: Mapping[str, str]) -> QuerySet[Event]:
    """Events of the chosen kind, actor and days; days are the workspace's."""
    rows = workspace.events.all()
    if values.get("about"):
        about = Q()
        for beginning in GROUPS[values["about"]][1]:
            about |= Q(type__startswith=beginning)
        rows = rows.filter(about)
    rows = rows.filter(_by(values.get("by", "")))
    if since := _day(values.get("since", "")):
        rows = rows.filter(occurred_at__gte=since)
    if until := _day(values.get("until", "")):
        rows = rows.filter(occurred_at__lt=until + timedelta(days=1))
    return rows


def name_them(workspace: Workspace, rows: list[Any]) -> None:
    """Give each event of a page `who` did it and `on_what`; one statement for each kind of row that is named."""
    people = {row.actor_id for row in rows if row.actor_kind == ActorKind.MEMBER}
    people |= {row.subject_id for row in rows if row.subject_kind == "member"}
    keys = {row.actor_id for row in rows if row.actor_kind == ActorKind.API_KEY}
    keys |= {row.subject_id for row in rows if row.subject_kind == "apikey"}
    customers = {row.actor_id for row in rows if row.actor_kind == ActorKind.CONTACT}
    customers |= {row.contact_id for row in rows} | {row.subject_id for row in rows if row.subject_kind == "contact"}
    companies = {row.company_id for row in rows} | {row.subject_id for row in rows if row.subject_kind == "company"}
    names: dict[UUID | None, str] = {}
    for related, wanted in (
        (workspace.members, people),
        (workspace.api_keys, keys),
        (workspace.contacts, customers),
        (workspace.companies, companies),
    ):
        wanted.discard(None)
        if wanted:
            names |= {row.pk: getattr(row, "name", "") for row in related.filter(pk__in=wanted)}
    for row in rows:
        row.who = names.get(row.actor_id) or _NAMELESS[ActorKind(row.actor_kind)]
        row.on_what = names.get(row.subject_id) or names.get(row.contact_id) or names.get(row.company_id) or ""
        row.contact_public_id = ids.encode("con", row.contact_id) if row.contact_id else ""
        row.said, row.details = words.said(row.type), words.details(row.data)


def _by(value: str) -> Q:
    if not value:
        return Q()
    if value in _ACTORS:
        return Q(actor_kind__in=_ACTORS[value][1])
    return Q(actor_id=ids.decode("mbr", value))


def _day(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time(0), timezone.get_current_timezone())
    except ValueError:
        return None


def _whom(workspace: Workspace) -> list[Choice]:
    people = [Choice(member.public_id, member.name) for member in workspace.members.order_by("name", "pk")]
    return [Choice("", "Anybody"), *(Choice(key, label) for key, (label, _) in _ACTORS.items()), *people]


_CELL = "accounts/audit/_cell.html"

EVENTS = ListSpec(
    name="audit",
    url_name="audit",
    noun="entry",
    nouns="entries",
    rows=event_rows,
    columns=(
        Column("what", "What", lambda e: e.said, template=_CELL, opt=False),
        Column("who", "Who", lambda e: e.who, opt=False),
        Column("when", "When", lambda e: e.occurred_at, template=_CELL, opt=False),
        Column("on", "On what", lambda e: e.on_what, template=_CELL),
        Column("details", "What changed", lambda e: e.details, first=False),
        Column("type", "Type", lambda e: e.type, first=False),
        Column("subject", "Subject", lambda e: f"{e.subject_kind} {e.subject_id}", first=False),
        Column("id", "Id", lambda e: e.public_id, first=False),
    ),
    # Keys are by time: the order in which things were recorded.
    sorts=(
        Sort("-at", "Newest first", "id", descending=True, head="when"),
        Sort("at", "Oldest first", "id", head="when"),
    ),
    filters=(
        Filter("about", "About", (Choice("", "Everything"), *(Choice(key, one[0]) for key, one in GROUPS.items()))),
        Filter("by", "By", _whom),
        Filter("since", "From"),
        Filter("until", "Until"),
    ),
    prepare=name_them,
    permission=Permission.SETTINGS_MANAGE,
)
