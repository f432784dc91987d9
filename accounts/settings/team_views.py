"""Settings -> Team: who works here, in which role, who is away, who is invited."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from accounts.members import absence, figures
from accounts.members import actions as members
from accounts.members.forms import AbsenceForm, ProfileForm
from accounts.members.models import Member, Role
from accounts.members.permissions import ROLE_SENTENCES, Permission, may_give
from accounts.settings import actions
from accounts.settings.forms import InviteForm, RoleForm
from accounts.settings.views import SettingsView
from accounts.signin.queries import with_second_factor
from accounts.tenancy.errors import Refusal
from accounts.tenancy.lookup import find_or_404


class TeamView(SettingsView):
    """A page or a button of Settings -> Team."""

    permission: ClassVar[Permission] = Permission.TEAM_MANAGE

    def back(self) -> HttpResponseBase:
        return redirect("settings-team", self.workspace.slug)


class Team(TeamView):
    """The members, and an invitation by address and role."""

    def get(self, request: Any) -> HttpResponseBase:
        return self._show(InviteForm(by=self.member))

    def post(self, request: Any) -> HttpResponseBase:
        form = InviteForm(request.POST, by=self.member)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            invitation = actions.invite(
                workspace=self.workspace, invited_by=self.member, now=timezone.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.detail)
            return self._show(form, status=422)
        messages.success(request, f"A mail to {invitation.email} is on its way.")
        return self.back()

    def _show(self, form: InviteForm, status: int = 200) -> HttpResponseBase:
        now = timezone.now()
        team = list(self.workspace.members.select_related("deputy").order_by("-is_active", "name", "pk"))
        protected = with_second_factor([one.user_id for one in team])
        for one in team:
            one.workspace = self.workspace
        rows = [_row(one, one.user_id in protected, now) for one in team]
        invitations = self.workspace.member_invitations.filter(accepted_at=None, revoked_at=None)
        return self.settings_page(
            "accounts/settings/team.html",
            status=status,
            form=form,
            rows=rows,
            invitations=invitations.order_by("email"),
            roles=[(label, ROLE_SENTENCES[role]) for role, label in Role.choices],
            now=now,
            me=self.member.pk,
        )


def _row(member: Member, has_second_factor: bool, now: Any) -> dict[str, Any]:
    is_away = member.is_away_on(member.today(now))
    is_to_come = not is_away and member.absent_until is not None and member.absent_until >= member.today(now)
    return {"member": member, "protected": has_second_factor, "is_away": is_away, "will_be_away": is_to_come}


class OneMemberView(TeamView):
    """The page of one member, and what is changed on it."""

    def one(self, member_id: str) -> Member:
        member = find_or_404(self.workspace.members, member_id)
        member.workspace = self.workspace
        return member

    def show(
        self,
        member: Member,
        profile: ProfileForm | None = None,
        away: AbsenceForm | None = None,
        role: RoleForm | None = None,
        status: int = 200,
    ) -> HttpResponseBase:
        return self.settings_page(
            "accounts/settings/member.html",
            status=status,
            one=member,
            figures=figures.of(member, seen_by=self.member, now=timezone.now()),
            form=profile or ProfileForm(instance=member),
            away_form=away or AbsenceForm(member=member),
            role_form=role or RoleForm(by=self.member, initial={"role": member.role}),
            may_change_role=may_give(self.member, member.role),
            is_me=member.pk == self.member.pk,
        )


class EditMember(OneMemberView):
    def get(self, request: Any, member_id: str) -> HttpResponseBase:
        return self.show(self.one(member_id))

    def post(self, request: Any, member_id: str) -> HttpResponseBase:
        member = self.one(member_id)
        form = ProfileForm(request.POST, instance=Member.objects.get(pk=member.pk))
        if not form.is_valid():
            return self.show(member, profile=form, status=422)
        members.change_profile(
            workspace=self.workspace, member=member, fields=form.cleaned_data, by=self.actor, now=timezone.now()
        )
        messages.success(request, "Saved.")
        return self.back()


class SetAway(OneMemberView):
    def post(self, request: Any, member_id: str) -> HttpResponseBase:
        member = self.one(member_id)
        form = AbsenceForm(request.POST, member=member)
        try:
            if form.is_valid():
                absence.set_absence(
                    workspace=self.workspace, member=member, by=self.actor, now=timezone.now(), **form.cleaned_data
                )
                messages.success(request, "Saved.")
                return self.back()
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.detail)
        return self.show(member, away=form, status=422)


class ChangeRole(OneMemberView):
    def post(self, request: Any, member_id: str) -> HttpResponseBase:
        member = self.one(member_id)
        form = RoleForm(request.POST, by=self.member)
        try:
            if form.is_valid():
                actions.change_role(
                    workspace=self.workspace, member=member, by_member=self.member, now=timezone.now(),
                    **form.cleaned_data,
                )  # fmt: skip
                messages.success(request, f"{member.name} has another role from now on.")
                return self.back()
        except Refusal as refusal:
            form.add_error("role", refusal.detail)
        return self.show(member, role=form, status=422)


class DeactivateMember(OneMemberView):
    def post(self, request: Any, member_id: str) -> HttpResponseBase:
        member = self.one(member_id)
        try:
            actions.deactivate(workspace=self.workspace, member=member, by_member=self.member, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, f"{member.name} can't open {self.workspace.name} any more.")
            self._tell_of_keys(member)
        return self.back()

    def _tell_of_keys(self, member: Member) -> None:
        keys = self.workspace.api_keys.filter(created_by_id=member.pk, revoked_at=None).count()
        if keys:
            words = "One API key they made goes" if keys == 1 else f"{keys} API keys they made go"
            messages.warning(self.request, f"{words} on working: keys are the workspace's. End them under API keys.")


class ReactivateMember(OneMemberView):
    def post(self, request: Any, member_id: str) -> HttpResponseBase:
        member = self.one(member_id)
        try:
            actions.reactivate(workspace=self.workspace, member=member, by_member=self.member, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, f"{member.name} is back on the team.")
        return self.back()


class RevokeInvitation(TeamView):
    def post(self, request: Any, invitation_id: str) -> HttpResponseBase:
        invitation = find_or_404(self.workspace.member_invitations, invitation_id)
        try:
            actions.revoke_invitation(
                workspace=self.workspace, invitation=invitation, by=self.actor, now=timezone.now()
            )
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, f"The invitation of {invitation.email} is taken back.")
        return self.back()


class ResendInvitation(TeamView):
    def post(self, request: Any, invitation_id: str) -> HttpResponseBase:
        invitation = find_or_404(self.workspace.member_invitations, invitation_id)
        try:
            actions.resend_invitation(
                workspace=self.workspace, invitation=invitation, invited_by=self.member, now=timezone.now()
            )
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, f"A new link to {invitation.email} is on its way; the old one is closed.")
        return self.back()
