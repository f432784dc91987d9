"""Settings: what their pages share, and the keys of the API."""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from accounts.api import actions as keys
from accounts.members import navigation
from accounts.members.permissions import Permission
from accounts.members.views import WorkspaceView
from accounts.settings.forms import KeyForm
from accounts.tenancy.lookup import find_or_404


class SettingsView(WorkspaceView):
    """A page among the settings, with the others beside it."""

    def settings_page(self, template: str, status: int = 200, **context: Any) -> HttpResponseBase:
        tabs = navigation.settings_of(self.member, self.workspace.slug, self.request.path)
        return self.page(template, status=status, tabs=tabs, **context)


class SettingsHome(SettingsView):
    """All settings this member may open, group by group."""

    def get(self, request: Any) -> HttpResponseBase:
        if not navigation.settings_of(self.member, self.workspace.slug, request.path):
            raise PermissionDenied("There is nothing to set for you here. An owner or admin looks after it.")
        return self.settings_page("accounts/settings/home.html")


class ApiKeys(SettingsView):
    """Keys of the API. A new one is shown on the very page that made it, and never again."""

    permission: ClassVar[Permission] = Permission.SETTINGS_MANAGE
    fresh_sign_in: ClassVar[bool] = True

    def get(self, request: Any) -> HttpResponseBase:
        return self._show(KeyForm())

    def post(self, request: Any) -> HttpResponseBase:
        form = KeyForm(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        key, secret = keys.create_key(
            workspace=self.workspace, by=self.actor, now=timezone.now(), **form.fields_given()
        )
        response = self._show(KeyForm(), made=key, secret=secret)
        response["Cache-Control"] = "no-store"
        return response

    def _show(self, form: KeyForm, status: int = 200, **context: Any) -> HttpResponseBase:
        rows = self.workspace.api_keys.order_by("-revoked_at", "-created_at", "-pk")
        return self.settings_page(
            "accounts/settings/keys.html", status=status, form=form, keys=rows, now=timezone.now(), **context
        )


class RevokeKey(SettingsView):
    permission: ClassVar[Permission] = Permission.SETTINGS_MANAGE

    def post(self, request: Any, key_id: str) -> HttpResponseBase:
        key = find_or_404(self.workspace.api_keys, key_id)
        keys.revoke_key(workspace=self.workspace, key=key, by=self.actor, now=timezone.now())
        messages.success(request, f"“{key.name}” is refused from now on.")
        return redirect("settings-keys", self.workspace.slug)
