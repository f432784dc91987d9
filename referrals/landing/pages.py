"""The landing page of a link, rendered once per version and kept in the process."""

from collections import OrderedDict
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string

from accounts.customers.models import Outcome
from accounts.tenancy import brand
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope
from referrals.landing import seals
from referrals.landing.forms import CallRequest
from referrals.links import addresses
from referrals.links.models import Link
from referrals.links.promises import promises
from referrals.links.publicity import Shown, shown
from referrals.links.visits import Opened, State

_MOST_PAGES = 2_000
# Stands where each visitor's own seal goes; no person can type it into a record.
_SEAL = "\ue000seal\ue000"
_Pieces = tuple[bytes, bytes]
_kept: OrderedDict[tuple[UUID, bool], tuple[int, _Pieces]] = OrderedDict()
_lock = Lock()


def landing(opened: Opened, *, in_public: bool, now: datetime) -> bytes:
    """The page for one visitor: the kept page of this version with a fresh seal in its form."""
    key = (opened.link_id, in_public)
    kept = _kept.get(key)
    if kept is None or kept[0] != opened.version:
        with workspace_scope(opened.workspace_id):
            link = link_of(opened)
            html = written(link, form=CallRequest(initial={"seal": _SEAL}), in_public=in_public, now=now)
        before, _, after = html.encode().partition(_SEAL.encode())
        kept = (opened.version, (before, after))
        _keep(key, kept)
    before, after = kept[1]
    return b"".join((before, seals.seal(opened.link_id, now).encode(), after))


def _keep(key: tuple[UUID, bool], page: tuple[int, _Pieces]) -> None:
    with _lock:
        _kept[key] = page
        _kept.move_to_end(key)
        if len(_kept) > _MOST_PAGES:
            _kept.popitem(last=False)


def link_of(opened: Opened) -> Link:
    """The link with all its page is made of. Runs inside the workspace's scope."""
    related = Link.objects.select_related("workspace", "program", "contact", "contact__company__owner")
    return related.get(workspace_id=opened.workspace_id, pk=opened.link_id)


def written(link: Link, *, form: CallRequest, in_public: bool, now: datetime, preview: bool = False) -> str:
    """The page with this form, filled in or not. Runs inside the workspace's scope."""
    context = {"form": form, "link": link, "preview": preview, "action": addresses.landing_path(link)}
    return render_to_string("referrals/landing/show.html", context | told(link, in_public=in_public, now=now))


def told(link: Link, *, in_public: bool, now: datetime) -> dict[str, Any]:
    """Everything the page tells, in words."""
    workspace, seen = link.workspace, told_of(link, in_public=in_public, now=now)
    owner = link.contact.company.owner if link.contact.company_id and link.contact.company else None
    host = owner.name if owner and owner.is_active else workspace.sender_name
    return {
        "workspace": workspace,
        "program": link.program,
        "shown": seen,
        "in_public": in_public,
        "headline": headline(seen, workspace, in_public=in_public),
        "lede": lede(seen, workspace),
        "host": host,
        "host_title": owner.title if owner and owner.is_active else "",
        "promises": promises(workspace=workspace, company=link.contact.company),
        "page_url": addresses.landing_url(link),
        **brand.context(workspace),
    }


def told_of(link: Link, *, in_public: bool, now: datetime) -> Shown:
    """What this link may tell about the person behind it, now."""
    contact, company = link.contact, link.contact.company
    of_person = Outcome.objects.filter(workspace_id=link.workspace_id, contact_id=contact.pk)
    of_company = Outcome.objects.filter(workspace_id=link.workspace_id, company_id=contact.company_id)
    outcomes = of_person | of_company if contact.company_id else of_person
    return shown(
        contact=contact,
        company=company,
        outcomes=outcomes.filter(approved_until__gt=now),
        in_public=in_public,
        name_hidden=link.name_hidden,
        now=now,
    )


def headline(seen: Shown, workspace: Workspace, *, in_public: bool) -> str:
    """The one sentence on top."""
    who = seen.short or f"a customer of {workspace.name}"
    if in_public:
        return (
            f"{who[:1].upper()}{who[1:]} uses {workspace.name}." if seen.short else f"A customer uses {workspace.name}."
        )
    return f"You’ve been referred by {who}."


def lede(seen: Shown, workspace: Workspace) -> str:
    """What to do, and for what outcome where it may be told."""
    if seen.outcome:
        return f"Book a call to see how we helped their team {seen.outcome}."
    return f"Book a call to see whether {workspace.name} can help your team too."


_GONE = {
    State.PAUSED: ("This page is resting.", 404),
    State.RETIRED: ("This page is no longer shared.", 410),
    State.CLOSED: ("This page is closed.", 410),
    None: ("There is no page at this address.", 404),
}


def gone(opened: Opened | None) -> tuple[str, int]:
    """The page and status of a link that is not live: what happened, and what to do next."""
    state = State(opened.state) if opened else None
    title, status = _GONE[state]
    context: dict[str, Any] = {"title": title, "state": state, "workspace": None}
    if opened is not None and state in {State.PAUSED, State.RETIRED}:
        workspace = Workspace.objects.get(pk=opened.workspace_id)
        context |= {"workspace": workspace, **brand.context(workspace)}
    if state == State.CLOSED and opened is not None:
        workspace = Workspace.objects.get(pk=opened.workspace_id)
        if workspace.is_suspended:
            context |= {"workspace": workspace, **brand.context(workspace)}
            return render_to_string("public_resting.html", context), 404
    return render_to_string("referrals/landing/gone.html", context), status


def forget() -> None:
    """Drop every kept page: for processes that change what a template says while they run, such as tests."""
    with _lock:
        _kept.clear()
