"""Accepting an invitation: a public page, opened from a mail."""

from typing import Any

from allauth.account.utils import perform_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from accounts.members import actions as members
from accounts.members.models import MemberInvitation, User
from accounts.settings import actions
from accounts.settings.emails import MEMBER_INVITATION
from accounts.settings.forms import JoinForm
from accounts.signin.records import chose_a_password
from accounts.tenancy import tokens
from accounts.tenancy.errors import Refusal
from accounts.tenancy.scope import rendered, workspace_scope


@method_decorator(never_cache, name="dispatch")
class AcceptInvitation(View):
    """`/invitation/<token>`. Opening it changes nothing: mail scanners open every link."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            token = tokens.read(MEMBER_INVITATION, kwargs["token"])
        except tokens.BadToken:
            return self._closed(request)
        with workspace_scope(token.workspace_id):
            invitation = (
                MemberInvitation.objects.select_related("workspace", "invited_by")
                .filter(workspace_id=token.workspace_id, pk=token.object_id)
                .first()
            )
            if invitation is None or not token.fits(str(invitation.nonce)) or not self._is_open(invitation):
                return rendered(self._closed(request))
            self.invitation = invitation
            self.user = User.objects.filter(email=invitation.email).first()
            return rendered(super().dispatch(request, *args, **kwargs))

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        return self._show(request, JoinForm(email=self.invitation.email))

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        try:
            return self._join_as_known(request) if self.user else self._join_as_new(request)
        except Refusal:
            return self._closed(request)

    def _join_as_known(self, request: HttpRequest) -> HttpResponseBase:
        if self.user is None or request.user.pk != self.user.pk:
            return self._show(request, JoinForm(email=self.invitation.email), status=403)
        members.accept(invitation=self.invitation, user=self.user, now=timezone.now())
        return redirect("today", self.invitation.workspace.slug)

    def _join_as_new(self, request: HttpRequest) -> HttpResponseBase:
        form = JoinForm(request.POST, email=self.invitation.email)
        if not form.is_valid():
            return self._show(request, form, status=422)
        member = actions.join_as_new_user(invitation=self.invitation, now=timezone.now(), **form.cleaned_data)
        chose_a_password(request, member.user)
        # By allauth's way in: the session is listed, and a second factor is asked for where it is due.
        return perform_login(request, member.user, redirect_url=reverse("today", args=[self.invitation.workspace.slug]))

    def _show(self, request: HttpRequest, form: JoinForm, status: int = 200) -> TemplateResponse:
        context = {
            "invitation": self.invitation,
            "inviting": self.invitation.workspace,
            "form": form,
            "known": self.user,
            "is_me": self.user is not None and request.user.pk == self.user.pk,
        }
        return TemplateResponse(request, "accounts/settings/invitation.html", context, status=status)

    def _closed(self, request: HttpRequest) -> TemplateResponse:
        return TemplateResponse(request, "accounts/settings/invitation_closed.html", status=410)

    @staticmethod
    def _is_open(invitation: MemberInvitation) -> bool:
        now = timezone.now()
        return invitation.accepted_at is None and invitation.revoked_at is None and invitation.expires_at > now
