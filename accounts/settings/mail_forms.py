"""Where a workspace's mail leaves from, as it is typed in."""

import re
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from accounts.mail import providers
from accounts.mail.models import MailConnection

OURS, SMTP = MailConnection.Kind.OURS.value, MailConnection.Kind.SMTP.value
_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{1,63}", re.IGNORECASE)
_SCHEMES = {"starttls": "smtp+tls", "tls": "smtp+ssl", "none": "smtp"}
_LABELS = {
    "api_key": "API key",
    "api_token": "API token",
    "aws_access_key_id": "Access key ID",
    "aws_secret_access_key": "Secret access key",
    "region_name": "Region",
    "secret_key": "Secret key",
    "sender_domain": "Sending domain",
    "server_token": "Server API token",
    "signing_secret": "Signing secret of its webhooks",
    "webhook_key": "Key of its webhooks",
    "webhook_signing_key": "Signing key of its webhooks",
}
_PLAIN = frozenset({"region_name", "region", "sender_domain", "configuration_set_name", "project_id", "subaccount"})
# Addresses of an API are the operator's to open: whoever types one could have us call anything.
_OPERATORS = frozenset({"api_url", "webhook_secret"})


def ways() -> list[tuple[str, str]]:
    """What may be chosen, as (key, words)."""
    offered = [(one.slug, one.title) for one in providers.PROVIDERS.values() if not _OPERATORS & set(one.needs)]
    return [(OURS, "Goodword's server"), (SMTP, "Your own mail server"), *sorted(offered, key=lambda row: row[1])]


def form_for(way: str, data: Any = None, *, url: str = "", domains: list[str] | None = None) -> "ConnectionForm | None":
    """The form of one way, filled from the present address where that is the same way. None for ours."""
    known = dict(ways())
    if way not in known or way == OURS:
        return None
    if way == SMTP:
        return SmtpForm(data, url="" if providers.is_provider(url) else url, domains=domains or [])
    same = providers.is_provider(url) and providers.read(url).provider.slug == way
    return ProviderForm(data, provider=providers.PROVIDERS[way], url=url if same else "", domains=domains or [])


class ConnectionForm(forms.Form):
    """What both kinds have in common. A secret left empty stays what it was."""

    kind = ""

    from_domains = forms.CharField(
        required=False,
        max_length=1000,
        label="It sends for these domains",
        help_text="By comma, such as acme.com. We warn where somebody sends from another one.",
    )

    def __init__(self, *args: Any, url: str, domains: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = url
        self.fields["from_domains"].initial = ", ".join(domains)

    def clean_from_domains(self) -> list[str]:
        given = [part.strip().lower().rstrip(".") for part in self.cleaned_data["from_domains"].split(",")]
        domains = [part.rpartition("@")[2] for part in given if part]
        for domain in domains:
            if not _HOST.fullmatch(domain):
                raise ValidationError(f"“{domain}” is not a domain. Write it like acme.com.")
        return domains

    def url(self) -> str:
        raise NotImplementedError

    def shown(self) -> str:
        raise NotImplementedError


class SmtpForm(ConnectionForm):
    """A mail server of the workspace's own."""

    kind = SMTP

    host = forms.CharField(max_length=253, label="Server", help_text="Such as smtp.acme.com.")
    port = forms.IntegerField(min_value=1, max_value=65_535, initial=587, label="Port")
    security = forms.ChoiceField(
        label="Encryption", choices=[("starttls", "STARTTLS (port 587)"), ("tls", "TLS (port 465)")]
    )
    username = forms.CharField(max_length=200, required=False, label="User name")
    password = forms.CharField(
        max_length=500,
        required=False,
        strip=False,
        label="Password",
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "off"}),
    )

    field_order = ("host", "port", "security", "username", "password", "from_domains")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        security: Any = self.fields["security"]
        if settings.PRIVATE_NETWORKS_ALLOWED:
            security.choices = [*security.choices, ("none", "None (inside the house only)")]
        if self.before:
            self._fill(urlsplit(self.before))

    def _fill(self, parts: Any) -> None:
        scheme = next(key for key, value in _SCHEMES.items() if value == parts.scheme)
        now = {
            "host": parts.hostname,
            "port": parts.port,
            "security": scheme,
            "username": unquote(parts.username or ""),
        }
        for name, value in now.items():
            self.fields[name].initial = value
        self.fields["password"].help_text = "Kept. Type it only to change it."

    def clean_host(self) -> str:
        host = self.cleaned_data["host"].strip().lower()
        if not _HOST.fullmatch(host):
            raise ValidationError("Write the server's name like smtp.acme.com.")
        return host

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("username") and not data.get("password"):
            before = urlsplit(self.before)
            # Somewhere else the old password would be given to a stranger.
            same = (before.hostname, unquote(before.username or "")) == (data.get("host"), data["username"])
            if self.before and same:
                data["password"] = unquote(before.password or "")
            else:
                self.add_error("password", "Type the password for this server.")
        return data

    def url(self) -> str:
        data = self.cleaned_data
        login = f"{quote(data['username'], safe='')}:{quote(data['password'], safe='')}@" if data["username"] else ""
        return f"{_SCHEMES[data['security']]}://{login}{data['host']}:{data['port']}"

    def shown(self) -> str:
        data = self.cleaned_data
        return f"{data['host']}:{data['port']}" + (f" as {data['username']}" if data["username"] else "")


class ProviderForm(ConnectionForm):
    """An account at a mail provider."""

    kind = MailConnection.Kind.PROVIDER.value

    def __init__(self, *args: Any, provider: providers.Provider, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.provider = provider
        self._before = providers.read(self.before).options if self.before else {}
        for name in (*provider.needs, *(name for name in provider.takes if name not in _OPERATORS)):
            self.fields[name] = self._field(name)
        self.order_fields([*(name for name in self.fields if name != "from_domains"), "from_domains"])

    def _field(self, name: str) -> forms.CharField:
        is_secret, kept = name not in _PLAIN, name in self._before
        widget = (
            forms.PasswordInput(render_value=True, attrs={"autocomplete": "off"}) if is_secret else forms.TextInput()
        )
        return forms.CharField(
            max_length=500,
            required=name in self.provider.needs and not kept,
            label=_LABELS.get(name, name.replace("_", " ").capitalize()),
            widget=widget,
            initial=None if is_secret else self._before.get(name),
            help_text="Kept. Type it only to change it." if is_secret and kept else "",
        )

    def url(self) -> str:
        names = [name for name in self.fields if name != "from_domains"]
        given = {name: self.cleaned_data[name] or self._before.get(name, "") for name in names}
        return providers.address(self.provider.slug, {name: value for name, value in given.items() if value})

    def shown(self) -> str:
        return self.provider.title
