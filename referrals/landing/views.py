"""Pages of referred people."""

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.tenancy import brand, tokens
from accounts.tenancy.errors import Refusal
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope
from referrals.advocate import doors
from referrals.landing import actions, pages, recipients, seals, visitors
from referrals.landing.forms import CallRequest
from referrals.links import visits
from referrals.links.models import Link
from referrals.links.visits import Opened, State
from referrals.pipeline.models import Referral

THANKS = "referral-thanks"
_ONCE_MORE = "That went very fast, so we want to be sure that a person sent it. Press the button once more."

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


@csrf_exempt  # public: it borrows nobody's authority, see referrals/landing/seals.py
@require_http_methods(["GET", "HEAD", "POST"])
def landing(request: HttpRequest, code: str) -> HttpResponse:
    """The page of a link; POST asks for a call. Nothing typed is lost when something is missing."""
    if request.method != "POST":
        return open_landing(request, code)
    now = timezone.now()
    opened = visits.find(code=code, visitor=visitors.visitor_of(request), now=now)
    if opened is None or opened.state != State.LIVE:
        return _gone(opened)
    with workspace_scope(opened.workspace_id):
        link = pages.link_of(opened)
        form = CallRequest(request.POST)
        if form.is_valid() and _is_from_a_person(form, link, now):
            try:
                referral, is_new = actions.request_call(link=link, opened=opened, wanted=form.cleaned_data, now=now)
            except Refusal as refusal:
                form.add_error(None, refusal.detail)
            else:
                return _sent_on(link, referral, is_new=is_new)
        html = pages.written(link, form=_once_more(form, link, now), in_public="via" in request.POST, now=now)
        return HttpResponse(html, status=422, headers=_HEADERS)


def _is_from_a_person(form: CallRequest, link: Link, now: datetime) -> bool:
    """Bots fill in every field at once. Whoever is suspected keeps what they typed and presses the button again."""
    if not form.cleaned_data["website"] and seals.is_ripe(form.cleaned_data["seal"], link.pk, now):
        return True
    form.add_error(None, _ONCE_MORE)
    return False


def _once_more(form: CallRequest, link: Link, now: datetime) -> CallRequest:
    """The same form with a fresh seal, or the one it has if that is ripe, and the trap empty."""
    data = QueryDict(mutable=True)
    data.update(form.data)
    if not seals.is_ripe(data.get("seal", ""), link.pk, now):
        data["seal"] = seals.seal(link.pk, now)
    data["website"] = ""
    form.data = data
    return form


def _sent_on(link: Link, referral: Referral, *, is_new: bool) -> HttpResponse:
    nonce = str(referral.preferences_nonce)
    token = tokens.make(THANKS, workspace_id=referral.workspace_id, object_id=referral.pk, nonce=nonce)
    again = "" if is_new else "?again=1"
    response = redirect(reverse("landing-thanks", args=[link.code, token]) + again, preserve_request=False)
    response.status_code = 303
    for name, value in _HEADERS.items():
        response.headers[name] = value
    return response


def _greeted(referral: Referral) -> str:
    name = referral.referee_name
    return name if referral.workspace.tone == Workspace.Tone.FORMAL else name.split()[0]


@require_safe
def thanks(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """What happens next, and who calls."""
    try:
        read = tokens.read(THANKS, token)
    except tokens.BadToken:
        return _gone(None)
    with workspace_scope(read.workspace_id):
        rows = Referral.objects.select_related("workspace", "owner", "link", "program")
        referral = rows.filter(workspace_id=read.workspace_id, pk=read.object_id, link__code=code).first()
        if referral is None or not read.fits(str(referral.preferences_nonce)):
            return _gone(None)
        workspace = referral.workspace
        context = {
            "workspace": workspace,
            "referral": referral,
            "greeted": _greeted(referral),
            "caller": referral.owner.name if referral.owner else workspace.sender_name,
            "again": "again" in request.GET,
            "preferences_url": recipients.preferences_url(referral) if referral.referee_email else "",
            **brand.context(workspace),
        }
        response = render(request, "referrals/landing/thanks.html", context)
    for name, value in _HEADERS.items():
        response.headers[name] = value
    return response


@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """What the friend will see, for the advocate: the same page, no visit, no cookie, a form that does nothing."""
    now = timezone.now()
    with doors.opened(token) as link:
        if link is None:
            return doors.closed(request, token)
        in_public = request.GET.get("via") == "post"
        html = pages.written(link, form=CallRequest(), in_public=in_public, now=now, preview=True)
    return HttpResponse(html, headers=_HEADERS)
