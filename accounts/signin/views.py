"""Pages about signing in that belong to a person, not to a workspace."""

import logging
from typing import Any

from allauth.account import views as account
from allauth.decorators import rate_limit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.members import queries as members
from accounts.members.models import Member
from accounts.signin import leaving, sessions
from accounts.signin.forms import SignOnForm
from accounts.signin.oidc import CheckedAdapter
from accounts.signin.records import WANTED
from accounts.tenancy.scope import rendered

logger = logging.getLogger(__name__)


def sign_up(request: HttpRequest) -> HttpResponseBase:
    """`signup/`: an address and a password, where anybody may come; else there is only the way in."""
    return account.signup(request) if settings.SIGN_UP else redirect("account_login")


@method_decorator(rate_limit(action="login"), name="post")
@method_decorator(never_cache, name="dispatch")
class SignOnStart(View):
    """`sso/`: find the company by an address, and go there."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self._show(request, SignOnForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = SignOnForm(request.POST)
        if not form.is_valid() or form.sign_on is None:
            return self._show(request, form, status=422)
        return leaving.begin(request, form.sign_on, request.POST.get("next"))

    def _show(self, request: HttpRequest, form: SignOnForm, status: int = 200) -> HttpResponseBase:
        context = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
        return TemplateResponse(request, "signin/start.html", context, status=status)


@never_cache
@require_GET
def sign_on_leaving(request: HttpRequest) -> HttpResponseBase:
    """`sso/leaving/`: says where the way leads, and leads there."""
    wanted = leaving.wish(request)
    if wanted is None:
        return redirect("account_login")
    return TemplateResponse(request, "signin/leaving.html", {"name": wanted["name"]})


@never_cache
@require_GET
def sign_on_go(request: HttpRequest) -> HttpResponseBase:
    """`sso/go/`: to the provider."""
    try:
        return leaving.go(request)
    except SocialApp.DoesNotExist:
        return redirect("account_login")
    except leaving.NotReachable as error:
        logger.warning("Single sign-on cannot be begun: %s", error)
        return TemplateResponse(request, "socialaccount/authentication_error.html", {"detail": error}, status=502)


@never_cache
def oidc_callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """`oidc/<id>/login/callback/`: back from the provider, with an answer to be checked."""
    try:
        view = OAuth2CallbackView.adapter_view(CheckedAdapter(request, provider_id))
        response: HttpResponseBase = view(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    return response


class _AtTheDoor(LoginRequiredMixin, View):
    """A page for a member whose workspace asks for something first. A stranger sees 404."""

    member: Member

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        with transaction.atomic():
            member = members.enter(request.user, kwargs.pop("slug"))
            if member is None:
                raise Http404
            self.member = member
            return rendered(super().dispatch(request, *args, **kwargs))

    def wanted(self, request: HttpRequest) -> str:
        """The page they came for, an address of ours."""
        address = request.POST.get("next") or request.GET.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
        return address if is_ours else f"/app/{self.member.workspace.slug}/"


class SignOnWanted(_AtTheDoor):
    """`sso/<workspace>/`: the workspace asks to come by the company's own sign-in."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        context = {"place": self.member.workspace, "sign_on": self._sign_on(), "next": self.wanted(request)}
        return TemplateResponse(request, "signin/sign_on_wanted.html", context)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        return leaving.begin(request, self._sign_on(), self.wanted(request))

    def _sign_on(self) -> Any:
        sign_on = self.member.workspace.sign_ons.first()
        if sign_on is None:
            raise Http404
        return sign_on


class SecondFactorWanted(_AtTheDoor):
    """`second-factor/<workspace>/`: the workspace asks this role for a second factor."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        request.session[WANTED] = self.wanted(request)
        context = {"place": self.member.workspace, "role": self.member.get_role_display()}
        return TemplateResponse(request, "signin/second_factor_wanted.html", context)


class GoOn(LoginRequiredMixin, View):
    """`go-on/`: to the page somebody wanted before they were asked for a second factor."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return redirect(request.session.pop(WANTED, None) or "/app/")


class Sessions(LoginRequiredMixin, View):
    """`sessions/`: where somebody is signed in; a POST signs out everywhere else."""

    def get(self, request: Any) -> HttpResponseBase:
        places = sessions.places(request=request, user=request.user)
        return TemplateResponse(request, "usersessions/usersession_list.html", {"places": places})

    def post(self, request: Any) -> HttpResponseBase:
        ended = sessions.end_others(request=request, user=request.user)
        messages.success(request, "Signed out everywhere else." if ended else "You are signed in only here.")
        return redirect(_back(request))


class EndSession(LoginRequiredMixin, View):
    """`sessions/<id>/end/`: sign out of one session."""

    def post(self, request: Any, session_id: int) -> HttpResponseBase:
        if not sessions.end(request=request, user=request.user, session_id=session_id):
            raise Http404
        if request.user.is_authenticated:
            messages.success(request, "Signed out there.")
        return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    address = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return address if is_ours else "usersessions_list"
