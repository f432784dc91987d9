"""Secrets and switches."""

from collections.abc import Iterator

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage

from accounts.operations.findings import Finding, ok, warning, wrong

_SHORTEST_KEY, _SHORTEST_TOKEN = 50, 20


def check() -> Iterator[Finding]:
    yield from _secrets() or [ok("The secrets are long enough.")]
    if settings.EMBEDDED:
        yield ok("The embedded mode is for one machine: production wants DATABASE_URL and REDIS_URL of its own.")
        return
    found = checks.run_checks(include_deployment_checks=True)
    yield from (_finding(message) for message in found)
    if not found:
        yield ok("Django's checks for production find nothing.")


def _secrets() -> list[Finding]:
    found = []
    if len(settings.SECRET_KEY) < _SHORTEST_KEY:
        found.append(
            wrong(
                f"SECRET_KEY has fewer than {_SHORTEST_KEY} characters: sessions and links could be forged.",
                "Make one with `openssl rand -hex 32`, and put this one into SECRET_KEY_FALLBACKS for a while.",
            )
        )
    if settings.SECRET_KEY in settings.SECRET_KEY_FALLBACKS:
        found.append(warning("SECRET_KEY is among SECRET_KEY_FALLBACKS.", "Take it out; only former ones belong."))
    if 0 < len(settings.METRICS_TOKEN) < _SHORTEST_TOKEN:
        found.append(
            wrong(
                f"METRICS_TOKEN has fewer than {_SHORTEST_TOKEN} characters and could be guessed.",
                "Make one with `openssl rand -hex 32`.",
            )
        )
    return found


def _finding(message: CheckMessage) -> Finding:
    level = wrong if message.level >= checks.ERROR else warning
    return level(f"{message.msg} ({message.id})", message.hint or "See the Django documentation of this check.")
