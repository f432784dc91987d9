"""Refuse to go to production with mail that would never leave."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error

from accounts.mail import providers

_SHORTEST_KEY = 32


def suppression_key_is_long(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Who knows the key can find out which addresses are among the hashes."""
    if len(settings.SUPPRESSION_KEY) >= _SHORTEST_KEY:
        return []
    return [
        Error(
            f"SUPPRESSION_KEY is shorter than {_SHORTEST_KEY} characters.",
            hint="openssl rand -hex 32. Change it only before the first opt-out: with another key they are forgotten.",
            id="accounts.E005",
        )
    ]


_SMTP = ("smtp", "smtp+tls", "smtp+ssl")


def _faults_of(url: str) -> list[CheckMessage]:
    try:
        if providers.is_provider(url):
            providers.read(url)
        elif url and urlsplit(url).scheme not in _SMTP:
            raise providers.UnknownProvider(f"EMAIL_URL begins with {', '.join(_SMTP)} or {providers.PREFIX}PROVIDER.")
    except providers.UnknownProvider as error:
        hint = "For example EMAIL_URL=anymail+postmark://?server_token=... (see .env.example)"
        return [Error(f"EMAIL_URL: {error}", hint=hint, id="accounts.E006")]
    return []


def production_has_a_mail_server(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Only the embedded mode has a built-in mailbox; elsewhere mail without a server waits for ever."""
    if settings.EMAIL_URL or settings.EMBEDDED:
        return _faults_of(settings.EMAIL_URL)
    return [
        Error(
            "EMAIL_URL is not set: no mail would leave.",
            hint="For example EMAIL_URL=smtp+tls://user:password@smtp.example.com:587",
            id="accounts.E003",
        )
    ]
