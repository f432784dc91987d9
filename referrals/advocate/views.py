"""The advocate's page: one address, whose token is the key. GET shows, POST does one thing and comes back."""

import io
from datetime import datetime
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.customers import recipients
from accounts.tenancy import brand
from accounts.tenancy.actor import Actor, ActorKind
from accounts.tenancy.errors import Refusal
from referrals.advocate import actions, doors, news, sharing
from referrals.advocate.forms import Introduction
from referrals.asks.models import Ask
from referrals.links import actions as links
from referrals.links.addresses import landing_url
from referrals.links.models import Link
from referrals.links.promises import promises
from referrals.programs.models import Program

_MOST_PEOPLE = 50
# One human sentence for each thing one can do here.
_SAID = {
    "introduced": "Thank you. We look after them the way we look after you, and you see here what became of it.",
    "named": "Noted, and we write to nobody. Put the two of us in one mail whenever it suits you.",
    "known": "Thank you. We know each other already, so this one goes to the person who looks after them.",
    "shared": "Thank you for passing it on. Whoever comes, we say that you sent them.",
    "snoozed": "That is fine. We leave you in peace for three months.",
    "declined": "That is a fine answer too. We will not ask again for a year.",
    "withdrawn": "Your page is down. Nobody who opens the old link sees your name any more.",
}
_ANSWERS = {"shared": Ask.Answer.SHARED, "snoozed": Ask.Answer.SNOOZED, "declined": Ask.Answer.DECLINED}


@csrf_exempt  # no session: the token in the address is the authority, and a foreign page does not know it
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Share, introduce, say no, see what became of it."""
    now = timezone.now()
    with doors.opened(token) as link:
        if link is None:
            return doors.closed(request, token)
        form = Introduction()
        if request.method == "POST":
            form = Introduction(request.POST)
            done = _do(request.POST.get("do", ""), link, form, now)
            if done:
                address = reverse("advocate", args=[token])
                return doors.guarded(HttpResponseRedirect(f"{address}?done={done}", status=303))
        context = context_of(link, token, now) | {"form": form, "said": _SAID.get(request.GET.get("done", ""), "")}
        status = 422 if form.errors else 200
        return doors.guarded(render(request, "referrals/advocate/show.html", context, status=status))


@require_safe
def qr(request: HttpRequest, token: str) -> HttpResponse:
    """The link as a picture to point a phone at."""
    with doors.opened(token) as link:
        if link is None:
            return doors.closed(request, token)
        code = segno.make(landing_url(link), error="m")
    svg = io.BytesIO()
    code.save(svg, kind="svg", scale=6, border=4, light="#fff", omitsize=True, xmldecl=False)
    return doors.guarded(HttpResponse(svg.getvalue(), content_type="image/svg+xml"))


def _do(what: str, link: Link, form: Introduction, now: datetime) -> str:
    """Do one thing; the word for what was done, or "" with the reason in the form."""
    if what == "introduce":
        return _introduce(link, form, now)
    try:
        if what == "withdraw":
            links.withdraw(link=link, by=Actor(ActorKind.CONTACT, link.contact_id), now=now)
            return "withdrawn"
        if what in _ANSWERS:
            actions.answer(link=link, answer=_ANSWERS[what], now=now)
            return what
    except Refusal as refusal:
        form.errors.clear()
        form.add_error(None, refusal.detail)
        return ""
    form.errors.clear()
    form.add_error(None, "We did not understand that. Choose one of the buttons below.")
    return ""


def _introduce(link: Link, form: Introduction, now: datetime) -> str:
    if not is_open(link):
        form.add_error(None, f"{link.workspace.name} is not taking introductions at the moment.")
    if not form.is_valid():
        return ""
    try:
        referral, is_new = actions.introduce(link=link, wanted=form.cleaned_data, now=now)
    except Refusal as refusal:
        form.add_error(None, refusal.detail)
        return ""
    if not is_new:
        return "known"
    return "named" if referral.stage == referral.Stage.NAMED else "introduced"


def is_open(link: Link) -> bool:
    """Whether the link may be shared: not withdrawn, and its program runs."""
    return link.retired_at is None and link.program.state == Program.State.LIVE


def context_of(link: Link, token: str, now: datetime) -> dict[str, Any]:
    """What the page shows of a link."""
    workspace, contact = link.workspace, link.contact
    referrals = workspace.referrals.filter(referrer=contact, program=link.program)
    told = [news.news_of(referral) for referral in referrals.order_by("-created_at", "-pk")[:_MOST_PEOPLE]]
    text = sharing.words(link, now=now)
    return {
        "workspace": workspace,
        "link": link,
        "is_open": is_open(link),
        "headline": news.headline(brand.greeted(workspace, contact), told),
        "people": told,
        "words": text,
        "mail": sharing.mail(link, text),
        "channels": sharing.channels(link, text),
        "url": landing_url(link),
        "reward": promises(workspace=workspace, company=contact.company).referrer,
        "preview_url": reverse("advocate-preview", args=[token]),
        "qr_url": reverse("advocate-qr", args=[token]),
        "preferences_url": recipients.preferences_url(contact) if contact.email else "",
        **brand.context(workspace),
    }
