"""Settings, Mail: where mail leaves from, whether it arrives, and what the world can look up about the senders."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from accounts.mail import connecting, connections, pace, providers, sender_records
from accounts.mail.models import MailConnection
from accounts.members.permissions import Permission
from accounts.settings import mail_forms, senders
from accounts.settings.views import SettingsView
from accounts.tenancy import secrets


class MailSettings(SettingsView):
    """The page, and the choice of the way: `?way=` shows another one's form."""

    permission: ClassVar[Permission] = Permission.SETTINGS_MANAGE

    def get(self, request: Any) -> HttpResponseBase:
        connection = _connection(self.workspace)
        way = request.GET.get("way") or _way_of(connection)
        if way not in dict(mail_forms.ways()):
            raise Http404
        return self._show(connection, way, _form(connection, way))

    def post(self, request: Any) -> HttpResponseBase:
        way, now = request.POST.get("way", ""), timezone.now()
        connection = _connection(self.workspace)
        if way not in dict(mail_forms.ways()):
            raise Http404
        form = _form(connection, way, request.POST)
        if form is None:
            connecting.use_ours(workspace=self.workspace, by=self.actor, now=now)
        elif not form.is_valid():
            return self._show(connection, way, form, status=422)
        else:
            connecting.connect(
                workspace=self.workspace,
                kind=form.kind,
                url=form.url(),
                shown=form.shown(),
                from_domains=form.cleaned_data["from_domains"],
                by=self.actor,
                now=now,
            )
        messages.success(request, "Saved. Send yourself a test to see whether it works.")
        return redirect("settings-mail", self.workspace.slug)

    def _show(
        self, connection: MailConnection, way: str, form: mail_forms.ConnectionForm | None, status: int = 200
    ) -> HttpResponseBase:
        per_workspace, per_domain = pace.rates(self.workspace)
        is_provider = connection.kind == MailConnection.Kind.PROVIDER
        response = self.settings_page(
            "accounts/settings/mail.html",
            status=status,
            connection=connection,
            test=connection.test_message,
            form=form,
            way=way,
            ways=mail_forms.ways(),
            is_current=way == _way_of(connection),
            hook_url=connections.hook_url(connection) if is_provider else "",
            senders=(people := senders.of(self.workspace, connection)),
            domains=senders.domains(people, connection),
            per_workspace=per_workspace,
            per_domain=per_domain,
        )
        response["Cache-Control"] = "no-store"
        return response


class MailTest(SettingsView):
    """A mail to oneself, and what became of it."""

    permission: ClassVar[Permission] = Permission.SETTINGS_MANAGE

    def get(self, request: Any) -> HttpResponseBase:
        connection = _connection(self.workspace)
        return self.page("accounts/settings/_mail_test.html", connection=connection, test=connection.test_message)

    def post(self, request: Any) -> HttpResponseBase:
        connecting.test(
            workspace=self.workspace, to_email=self.member.email, to_name=self.member.name, now=timezone.now()
        )
        return redirect("settings-mail", self.workspace.slug)


class MailRecords(SettingsView):
    """What name servers say about the domains that send; asked when somebody looks."""

    permission: ClassVar[Permission] = Permission.SETTINGS_MANAGE

    def get(self, request: Any) -> HttpResponseBase:
        connection = _connection(self.workspace)
        provider = _way_of(connection) if connection.kind == MailConnection.Kind.PROVIDER else ""
        found = [
            (domain, sender_records.look_up(domain, provider))
            for domain in senders.domains(senders.of(self.workspace, connection), connection)
        ]
        template = "_mail_records.html" if request.htmx else "mail_records.html"
        return self.settings_page(f"accounts/settings/{template}", found=found)


def _connection(workspace: Any) -> MailConnection:
    """The workspace's connection; where it never chose one, ours."""
    row = workspace.mail_connections.select_related("test_message").first()
    return row or MailConnection(workspace=workspace)


def _url(connection: MailConnection) -> str:
    if connection.kind == MailConnection.Kind.OURS:
        return ""
    try:
        return secrets.decrypt(connection.sealed_url)
    except secrets.Unreadable:
        return ""  # the page asks for everything once more


def _way_of(connection: MailConnection) -> str:
    url = _url(connection)
    return providers.read(url).provider.slug if providers.is_provider(url) else str(connection.kind)


def _form(connection: MailConnection, way: str, data: Any = None) -> mail_forms.ConnectionForm | None:
    return mail_forms.form_for(way, data, url=_url(connection), domains=connection.from_domains)
