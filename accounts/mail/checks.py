"""Refuse to go to production with mail that would never leave."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error


def production_has_a_mail_server(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Only the embedded mode has a built-in mailbox; elsewhere mail without a server waits for ever."""
    if settings.EMAIL_URL or settings.EMBEDDED:
        return []
    return [
        Error(
            "EMAIL_URL is not set: no mail would leave.",
            hint="For example EMAIL_URL=smtp+tls://user:password@smtp.example.com:587",
            id="accounts.E003",
        )
    ]
