"""Pages of referred people."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from uuid_utils.compat import uuid4

from referrals.landing import pages, visitors
from referrals.links import visits
from referrals.links.visits import Opened, State

# No one in between keeps a page with a person's name, and the address of a page is not told to the next one.
_HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "X-Frame-Options": "DENY",
}


def open_landing(request: HttpRequest, code: str) -> HttpResponse:
    """Show the page of a link and store the visit: the one GET that writes, and it changes nothing else."""
    now = timezone.now()
    is_bot = visitors.is_machine(request)
    visitor = None if is_bot else visitors.visitor_of(request) or uuid4()
    opened = visits.record(code=code, visitor=visitor, is_bot=is_bot, now=now)
    if opened is None or opened.state != State.LIVE:
        return _gone(opened)
    in_public = request.META.get("QUERY_STRING", "") == "via=post" or request.GET.get("via") == "post"
    response = HttpResponse(pages.landing(opened, in_public=in_public, now=now), headers=_HEADERS)
    if visitor is not None and not opened.eu_mode:
        days = opened.attribution_days
        response.headers["Set-Cookie"] = visitors.cookie(visitor, days=days, secure=settings.HTTPS)
    return response


def _gone(opened: Opened | None) -> HttpResponse:
    html, status = pages.gone(opened)
    return HttpResponse(html, status=status, headers=_HEADERS)
