"""Settings, Slack: the workspace's own bot, and whether it reaches people."""

import json
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from accounts.members.permissions import Permission
from accounts.members.views import OutsideView
from accounts.settings.views import SettingsView
from accounts.slack import actions, client
from accounts.slack.models import SlackConnection, SlackPost

_SECRET = {"autocomplete": "off"}
# The permissions the bot needs, each for one thing: to write, to open a direct message, to find people by address.
SCOPES = ["chat:write", "im:write", "users:read", "users:read.email"]


class SlackForm(forms.Form):
    """The two secrets of a Slack app. They are kept sealed and never shown again."""

    token = forms.CharField(
        max_length=300,
        label="Bot token",
        help_text="Begins with xoxb-. In Slack: your app, OAuth & Permissions.",
        widget=forms.PasswordInput(attrs=_SECRET, render_value=True),
    )
    signing_secret = forms.CharField(
        max_length=100,
        label="Signing secret",
        help_text="In Slack: your app, Basic Information.",
        widget=forms.PasswordInput(attrs=_SECRET, render_value=True),
    )

    def clean_token(self) -> str:
        token: str = self.cleaned_data["token"].strip()
        if not token.startswith("xoxb-"):
            raise forms.ValidationError("A bot token begins with xoxb-. The others belong to people or to whole apps.")
        return token


class SlackSettings(SettingsView, OutsideView):
    """The page; Slack itself is asked whether a new token is good before it is kept."""

    permission: ClassVar[Permission] = Permission.SETTINGS_MANAGE
    fresh_sign_in: ClassVar[bool] = True

    def ask_outside(self, request: Any, **kwargs: Any) -> Any:
        form = SlackForm(request.POST)
        if not form.is_valid():
            return None
        return client.call(token=form.cleaned_data["token"], method="auth.test", arguments={})

    def get(self, request: Any) -> HttpResponseBase:
        return self._show(SlackForm())

    def post(self, request: Any) -> HttpResponseBase:
        form = SlackForm(request.POST)
        if self.answer is not None and not self.answer.ok:
            form.add_error("token", self.answer.words)
        if not form.is_valid():
            return self._show(form, status=422)
        actions.connect(
            workspace=self.workspace,
            token=form.cleaned_data["token"],
            signing_secret=form.cleaned_data["signing_secret"].strip(),
            team=self.answer.data,
            by=self.actor,
            now=timezone.now(),
        )
        messages.success(request, "Connected. Now give Slack the address below, and send yourself a test.")
        return redirect("settings-slack", self.workspace.slug)

    def _show(self, form: SlackForm, status: int = 200) -> HttpResponseBase:
        connection = self.workspace.slack_connections.first()
        hook = actions.hook_url(connection) if connection else ""
        response = self.settings_page(
            "accounts/settings/slack.html",
            status=status,
            form=form,
            connection=connection,
            hook_url=hook,
            manifest=_manifest(self.workspace.name, hook),
            test=_last_test(self.workspace, self.member),
        )
        response["Cache-Control"] = "no-store"
        return response


class SlackTest(SettingsView):
    """A message to oneself, and what became of it."""

    permission: ClassVar[Permission] = Permission.SETTINGS_MANAGE

    def get(self, request: Any) -> HttpResponseBase:
        return self.page("accounts/settings/_slack_test.html", test=_last_test(self.workspace, self.member))

    def post(self, request: Any) -> HttpResponseBase:
        if self.workspace.slack_connections.filter(state=SlackConnection.State.WORKING).exists():
            actions.say_test(workspace=self.workspace, member=self.member, now=timezone.now())
        else:
            messages.error(request, "Connect Slack first.")
        return redirect("settings-slack", self.workspace.slug)


class RemoveSlack(SettingsView):
    permission: ClassVar[Permission] = Permission.SETTINGS_MANAGE
    fresh_sign_in: ClassVar[bool] = True

    def post(self, request: Any) -> HttpResponseBase:
        if actions.disconnect(workspace=self.workspace, by=self.actor, now=timezone.now()):
            messages.success(request, "Slack is disconnected. Its secrets are forgotten.")
        return redirect("settings-slack", self.workspace.slug)


def _last_test(workspace: Any, member: Any) -> SlackPost | None:
    tests = workspace.slack_posts.filter(member=member, key__startswith="test:")
    return tests.order_by("-created_at", "-pk").first()


def _manifest(name: str, hook_url: str) -> str:
    """What Slack makes the app from (docs.slack.dev, "App manifests")."""
    settings: dict[str, Any] = {"org_deploy_enabled": False, "socket_mode_enabled": False}
    if hook_url:
        settings["interactivity"] = {"is_enabled": True, "request_url": hook_url}
    manifest = {
        "display_information": {"name": "Goodword", "description": f"Tells the team of {name} whom to ask."[:140]},
        "features": {
            "bot_user": {"display_name": "Goodword", "always_online": True},
            "app_home": {"messages_tab_enabled": True, "messages_tab_read_only_enabled": True},
        },
        "oauth_config": {"scopes": {"bot": SCOPES}},
        "settings": settings,
    }
    return json.dumps(manifest, indent=2)
