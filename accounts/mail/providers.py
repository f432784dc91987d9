"""Mail providers with an HTTP API, by django-anymail: which there are, what each needs, and what each can promise.

A provider is written as an address, in EMAIL_URL or by a workspace: `anymail+postmark://?server_token=...`.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

PREFIX = "anymail+"
# Options that belong to the webhook's side, not to handing mail over.
_HOOK_OPTIONS = frozenset({"webhook_secret", "signing_secret", "webhook_signing_key", "webhook_key"})


class UnknownProvider(ValueError):
    """An address of mail that nobody here understands; the message says what is missing."""


@dataclass(frozen=True)
class Provider:
    """One provider. `needs` and `takes` are options of its address.

    With `key_life` the provider knows a repeat by our idempotency key for that long: within it nothing is sent twice.
    `key_header` is where that key goes: a header of the HTTP request, or with `key_in_mail` one of the mail.
    """

    slug: str
    title: str
    backend: str
    hook: str = ""
    # What reads the mail that comes in there.
    inbound: str = ""
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    key_header: str = ""
    key_in_mail: bool = False
    key_life: timedelta | None = None
    # Headers it writes itself and refuses from us, and those that ask it for something.
    refuses: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


# The others hand in mail without its text, or ask for a secret apart.
_INBOUND = {
    "mailgun": "MailgunInboundWebhookView",
    "mailjet": "MailjetInboundWebhookView",
    "mandrill": "MandrillCombinedWebhookView",
    "postal": "PostalInboundWebhookView",
    "postmark": "PostmarkInboundWebhookView",
    "sendgrid": "SendGridInboundWebhookView",
    "sparkpost": "SparkPostInboundWebhookView",
}


def _provider(
    slug: str, title: str, hook: str, needs: tuple[str, ...], takes: tuple[str, ...] = (), **more: Any
) -> Provider:
    module = slug.replace("-", "_")
    backend = f"anymail.backends.{module}.EmailBackend"
    inbound = f"anymail.webhooks.{module}.{_INBOUND[slug]}" if slug in _INBOUND else ""
    hook = f"anymail.webhooks.{module}.{hook}" if hook else ""
    return Provider(slug, title, backend, hook, inbound, needs, (*takes, "webhook_secret"), **more)


_LIST: list[Provider] = [
    _provider(
        "amazon-ses",
        "Amazon SES",
        "AmazonSESTrackingWebhookView",
        ("region_name", "aws_access_key_id", "aws_secret_access_key"),
        ("configuration_set_name", "api_url"),
    ),
    # A key lives 15 minutes by Brevo's changelog, 30 by its guide. A minute is ours.
    _provider(
        "brevo",
        "Brevo",
        "BrevoTrackingWebhookView",
        ("api_key",),
        ("api_url",),
        key_header="idempotencyKey",
        key_in_mail=True,
        key_life=timedelta(minutes=14),
    ),
    _provider(
        "mailersend", "MailerSend", "MailerSendTrackingWebhookView", ("api_token",), ("api_url", "signing_secret")
    ),
    _provider(
        "mailgun",
        "Mailgun",
        "MailgunTrackingWebhookView",
        ("api_key", "sender_domain"),
        ("api_url", "webhook_signing_key"),
    ),
    _provider(
        "mailjet",
        "Mailjet",
        "MailjetTrackingWebhookView",
        ("api_key", "secret_key"),
        ("api_url",),
        refuses=("Message-ID",),
    ),
    _provider("mailtrap", "Mailtrap", "MailtrapTrackingWebhookView", ("api_token",), ("api_url",)),
    _provider("mandrill", "Mandrill", "MandrillCombinedWebhookView", ("api_key",), ("api_url", "webhook_key")),
    _provider("postal", "Postal", "PostalTrackingWebhookView", ("api_key", "api_url"), ("webhook_key",)),
    # Else it replaces our Message-ID, and an answer would find no thread.
    _provider(
        "postmark",
        "Postmark",
        "PostmarkTrackingWebhookView",
        ("server_token",),
        ("api_url",),
        headers=(("X-PM-KeepID", "true"),),
    ),
    # A key lives 24 hours; an hour is ours.
    _provider(
        "resend",
        "Resend",
        "ResendTrackingWebhookView",
        ("api_key",),
        ("api_url", "signing_secret"),
        key_header="Idempotency-Key",
        key_life=timedelta(hours=23),
    ),
    _provider("scaleway", "Scaleway", "", ("secret_key", "project_id"), ("region", "api_url")),
    _provider("sendgrid", "SendGrid", "SendGridTrackingWebhookView", ("api_key",), ("api_url",)),
    _provider("sparkpost", "SparkPost", "SparkPostTrackingWebhookView", ("api_key",), ("api_url", "subaccount")),
    _provider("unisender-go", "Unisender Go", "UnisenderGoTrackingWebhookView", ("api_key", "api_url")),
]
PROVIDERS: dict[str, Provider] = {provider.slug: provider for provider in _LIST}


@dataclass(frozen=True)
class Account:
    """An account at a provider, read from its address."""

    provider: Provider
    options: dict[str, str] = field(repr=False)
    name: str = ""

    def sending_options(self) -> dict[str, str]:
        """What the sending side takes."""
        return {name: value for name, value in self.options.items() if name not in _HOOK_OPTIONS}

    def hook_options(self) -> dict[str, str]:
        """What the webhook's side takes. Some check with the key they send with."""
        wanted = _HOOK_OPTIONS | ({"api_key"} if self.provider.slug in ("mailgun", "unisender-go") else set())
        return {name: value for name, value in self.options.items() if name in wanted}


def is_provider(url: str) -> bool:
    """Whether this address of mail is a provider's, not a mail server's."""
    return url.startswith(PREFIX)


def read(url: str) -> Account:
    """The account of an address such as `anymail+resend://?api_key=re_123`. Raises UnknownProvider.

    Its `name` stands with every mail it took: the provider and a hash of the account, never the key.
    """
    parts = urlsplit(url)
    provider = PROVIDERS.get(parts.scheme.removeprefix(PREFIX))
    if provider is None or not is_provider(url):
        raise UnknownProvider(f"There is no mail provider “{parts.scheme}”. We know {', '.join(PROVIDERS)}.")
    options = dict(parse_qsl(parts.query))
    missing = [name for name in provider.needs if not options.get(name)]
    foreign = sorted(set(options) - {*provider.needs, *provider.takes})
    if missing or foreign:
        wrong = f"needs {', '.join(missing)}" if missing else f"does not take {', '.join(foreign)}"
        raise UnknownProvider(f"{provider.title} {wrong}.")
    account = hashlib.sha256(urlencode(sorted(options.items())).encode()).hexdigest()[:8]
    return Account(provider, options, f"{provider.slug}:{account}")


def address(slug: str, options: dict[str, str]) -> str:
    """The address of an account, the reverse of `read`."""
    return f"{PREFIX}{slug}://?{urlencode(options)}"


def key_life(transport: str) -> timedelta | None:
    """How long the transport of this name knows a repeat by our key; None where it never does."""
    provider = PROVIDERS.get(transport.partition(":")[0])
    return provider.key_life if provider else None
