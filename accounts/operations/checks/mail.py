"""The way out for mail: does the server greet, and does it let us in? No mail is sent."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import environ
from django.conf import settings

from accounts.operations.findings import Finding, ok, unknown, warning, wrong

_TIMEOUT_S = 10


def check() -> Iterator[Finding]:
    scheme = urlsplit(settings.EMAIL_URL).scheme
    if not settings.EMAIL_URL and settings.EMBEDDED:
        yield ok("Without EMAIL_URL no mail leaves this machine; it can be read at /mailbox/.")
    elif not settings.EMAIL_URL:
        yield wrong(
            "EMAIL_URL is not set: every mail waits.",
            "Set it, for example EMAIL_URL=smtp+tls://user:password@smtp.example.com:587",
        )
    elif not scheme.startswith(("smtp", "submission")):
        yield unknown(f"Mail leaves by {scheme}, which can only be tried by sending one.")
    else:
        yield from _server(environ.Env.email_url_config(settings.EMAIL_URL))


def _server(config: dict[str, Any]) -> Iterator[Finding]:
    host, user = config["EMAIL_HOST"], config["EMAIL_HOST_USER"]
    secure = config.get("EMAIL_USE_TLS") or config.get("EMAIL_USE_SSL")
    if user and not secure and not _is_loopback(host):
        yield warning(
            f"The password for {host} crosses the network readably.", "Use smtp+tls:// or smtp+ssl:// in EMAIL_URL."
        )
    try:
        _enter(config)
    except (OSError, smtplib.SMTPException) as error:
        yield _trouble(error, config)
    else:
        yield ok(f"The mail server {host} answers" + (f" and lets {user} in." if user else "."))


def _enter(config: dict[str, Any]) -> None:
    """As far as the dispatcher would go before its first mail. Raises OSError, SMTPException."""
    host, port = config["EMAIL_HOST"], config["EMAIL_PORT"]
    options: dict[str, Any] = {"timeout": _TIMEOUT_S, "local_hostname": urlsplit(settings.BASE_URL).hostname}
    starttls = config.get("EMAIL_USE_TLS", False)
    context = ssl.create_default_context()
    with (
        smtplib.SMTP_SSL(host, port or 465, context=context, **options)
        if config.get("EMAIL_USE_SSL")
        else smtplib.SMTP(host, port or (587 if starttls else 25), **options)
    ) as server:
        if starttls:
            server.starttls(context=context)
        if config["EMAIL_HOST_USER"]:
            server.login(config["EMAIL_HOST_USER"], config["EMAIL_HOST_PASSWORD"] or "")
        server.ehlo_or_helo_if_needed()


def _trouble(error: Exception, config: dict[str, Any]) -> Finding:
    host, port = config["EMAIL_HOST"], config["EMAIL_PORT"]
    where = f"{host}:{port}" if port else host
    match error:
        case smtplib.SMTPAuthenticationError():
            words = error.smtp_error.decode(errors="replace") if isinstance(error.smtp_error, bytes) else ""
            return wrong(
                f"The mail server {host} refuses the login: {error.smtp_code} {words}".strip(),
                "Correct user and password in EMAIL_URL; characters such as @ or / are written as %40 or %2F there.",
            )
        case ssl.SSLCertVerificationError():
            return wrong(
                f"The certificate of {where} is not good: {error.verify_message}.",
                "Use the name that the certificate was made for, or have it renewed.",
            )
        case ssl.SSLError():
            return wrong(
                f"{where} does not speak TLS the way EMAIL_URL says.",
                "smtp+tls:// is for port 587, smtp+ssl:// for port 465.",
            )
        case smtplib.SMTPNotSupportedError():
            return wrong(f"{where} does not offer what EMAIL_URL asks for: {error}", "Correct EMAIL_URL.")
        case socket.gaierror():
            return wrong(f"Nobody knows a mail server named {host}.", "Correct EMAIL_URL, or the name server.")
        case TimeoutError():
            return wrong(
                f"{where} does not answer within {_TIMEOUT_S} seconds.",
                "Many hosts close port 25; try 587. Look at the firewall between here and there.",
            )
        case ConnectionRefusedError():
            return wrong(f"Nobody listens at {where}.", "Correct host and port in EMAIL_URL, or start the mail server.")
        case _:
            return wrong(f"{where} does not let us in: {error}", "Ask whoever runs the mail server.")


def _is_loopback(host: str) -> bool:
    return host in {"localhost", "127.0.0.1", "::1"}
