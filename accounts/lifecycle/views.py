"""Settings, Suspend or close; and the page that a resting workspace shows its team."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from accounts.lifecycle import actions
from accounts.lifecycle.forms import TypedForm
from accounts.members.models import Role
from accounts.members.permissions import Permission
from accounts.members.views import WorkspaceView
from accounts.settings.views import SettingsView
from accounts.tenancy.errors import Refusal
from accounts.tenancy.models import Workspace


class Life(SettingsView):
    """What can be done now: rest, wake up, close, call back."""

    permission: ClassVar[Permission] = Permission.WORKSPACE_OWN

    def get(self, request: Any) -> HttpResponseBase:
        return self.show()

    def show(
        self, suspending: TypedForm | None = None, closing: TypedForm | None = None, status: int = 200
    ) -> HttpResponseBase:
        slug = self.workspace.slug
        return self.settings_page(
            "accounts/lifecycle/settings.html",
            status=status,
            suspending=suspending or TypedForm(slug=slug, auto_id="suspend_%s"),
            closing=closing or TypedForm(slug=slug, auto_id="close_%s"),
            days=actions.UNTIL_DELETED.days,
        )


class Typed(Life):
    """Something grave: the name is typed, and the sign-in is fresh."""

    fresh_sign_in: ClassVar[bool] = True
    action: ClassVar[Callable[..., Workspace]]
    # The form on the page that is shown again where it was refused.
    shown_as: ClassVar[str]

    def post(self, request: Any) -> HttpResponseBase:
        prefix = "suspend_%s" if self.shown_as == "suspending" else "close_%s"
        form = TypedForm(request.POST, slug=self.workspace.slug, auto_id=prefix)
        if form.is_valid():
            try:
                type(self).action(
                    workspace=self.workspace, typed=form.cleaned_data["typed"], by=self.actor, now=timezone.now()
                )
            except Refusal as refusal:
                form.add_error(refusal.field, refusal.detail)
            else:
                return redirect("settings-life", self.workspace.slug)
        return self.show(status=422, **{self.shown_as: form})


class Suspend(Typed):
    action = actions.suspend
    shown_as = "suspending"


class Close(Typed):
    action = actions.close
    shown_as = "closing"


class Pressed(Life):
    """The way back: one press."""

    action: ClassVar[Callable[..., Workspace]]
    said: ClassVar[str]

    def post(self, request: Any) -> HttpResponseBase:
        try:
            type(self).action(workspace=self.workspace, by=self.actor, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, self.said)
        return redirect("settings-life", self.workspace.slug)


class Resume(Pressed):
    action = actions.resume
    said = "Awake again. What was due meanwhile meets its hours and the gate anew before it leaves."


class CallBack(Pressed):
    action = actions.call_back
    said = "It stays. Everything is as it was."


class Resting(WorkspaceView):
    """What everybody of the team sees while the workspace is not active."""

    def get(self, request: Any) -> HttpResponseBase:
        if self.workspace.is_active:
            return redirect("today", self.workspace.slug)
        if self.can(Permission.WORKSPACE_OWN):
            return redirect("settings-life", self.workspace.slug)
        owners = self.workspace.members.filter(role=Role.OWNER, is_active=True).order_by("name")
        return self.page("accounts/lifecycle/resting.html", resting=self.workspace, owners=list(owners))
