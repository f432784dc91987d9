"""You: how others see a member, when they work, who stands in, and how they sign in."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from accounts.members import absence, figures
from accounts.members import actions as members
from accounts.members.forms import AbsenceForm, ProfileForm
from accounts.members.models import Member
from accounts.members.views import WorkspaceView
from accounts.signin import sessions
from accounts.tenancy.errors import Refusal


class You(WorkspaceView):
    """The member's own page."""

    def get(self, request: Any) -> HttpResponseBase:
        return self.show()

    def post(self, request: Any) -> HttpResponseBase:
        form = ProfileForm(request.POST, instance=Member.objects.get(pk=self.member.pk))
        if not form.is_valid():
            return self.show(profile=form, status=422)
        members.change_profile(
            workspace=self.workspace, member=self.member, fields=form.cleaned_data, by=self.actor, now=timezone.now()
        )
        messages.success(request, "Saved.")
        return redirect("you", self.workspace.slug)

    def show(
        self, profile: ProfileForm | None = None, away: AbsenceForm | None = None, status: int = 200
    ) -> HttpResponseBase:
        factors = Authenticator.objects.filter(user=self.member.user)
        by_type = {one.type: one.wrap() for one in factors}
        return self.page(
            "accounts/profile/you.html",
            status=status,
            form=profile or ProfileForm(instance=self.member),
            away_form=away or AbsenceForm(member=self.member),
            me=self.member,
            figures=figures.of(self.member, seen_by=self.member, now=timezone.now()),
            is_away=self.member.is_away_on(self.member.today(timezone.now())),
            has_app="totp" in by_type,
            passkeys=[one for one in factors if one.type == Authenticator.Type.WEBAUTHN],
            codes_left=len(by_type["recovery_codes"].get_unused_codes()) if "recovery_codes" in by_type else None,
            places=sessions.places(request=self.request, user=self.member.user),
        )


class Away(You):
    """The member's absence and deputy."""

    def post(self, request: Any) -> HttpResponseBase:
        form = AbsenceForm(request.POST, member=self.member)
        try:
            if form.is_valid():
                me = absence.set_absence(
                    workspace=self.workspace, member=self.member, by=self.actor, now=timezone.now(), **form.cleaned_data
                )
                _say_what_follows(request, me)
                return redirect("you", self.workspace.slug)
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.detail)
        return self.show(away=form, status=422)


def _say_what_follows(request: Any, me: Member) -> None:
    messages.success(request, "Saved." if me.absent_until else "Saved. You are here.")
    for other in absence.relying_on(me):
        messages.warning(
            request, f"{other.name} is away then too and named you: their asks go out in the workspace's name."
        )
