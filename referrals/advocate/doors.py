"""The door of an advocate page: its token opens the workspace and finds the link, or a page says what to do next."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.tenancy import brand, tokens
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope
from referrals.links import addresses
from referrals.links.models import Link

HEADERS = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


@contextmanager
def opened(token: str) -> Iterator[Link | None]:
    """The link of the token, inside its workspace's scope; None if it was altered, retired or made for another door."""
    try:
        read = tokens.read(addresses.ADVOCATE, token)
    except tokens.BadToken:
        yield None
        return
    with workspace_scope(read.workspace_id):
        related = Link.objects.select_related("workspace", "program", "contact", "contact__company__owner")
        link = related.filter(workspace_id=read.workspace_id, pk=read.object_id).first()
        good = link is not None and link.workspace.state == Workspace.State.ACTIVE and read.fits(str(link.nonce))
        yield link if good else None


def closed(request: HttpRequest, token: str) -> HttpResponse:
    """For a token that opens nothing. The same for all reasons, so that nobody learns from guessing; only who holds a
    good one is told that its workspace rests."""
    workspace = _resting(token)
    if workspace is None:
        return guarded(render(request, "referrals/advocate/gone.html", status=404))
    context = {"workspace": workspace, **brand.context(workspace)}
    return guarded(render(request, "public_resting.html", context, status=404))


def _resting(token: str) -> Workspace | None:
    try:
        read = tokens.read(addresses.ADVOCATE, token)
    except tokens.BadToken:
        return None
    with workspace_scope(read.workspace_id):
        link = (
            Link.objects.select_related("workspace").filter(workspace_id=read.workspace_id, pk=read.object_id).first()
        )
    return link.workspace if link and link.workspace.is_suspended and read.fits(str(link.nonce)) else None


def guarded(response: HttpResponse) -> HttpResponse:
    """The response with the headers of a page whose address is its key."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response
