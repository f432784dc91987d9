"""Handing a written mail over: to the mail server, into the built-in mailbox, or nowhere at all.

Every transport refuses to work inside a transaction: what it does cannot be rolled back (reliability.md I-3).
"""

import mailbox
import re
import smtplib
import ssl
import threading
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import environ
from django.conf import settings
from django.db import connection

from accounts.mail.models import Outgoing

_OUR_NAME = urlsplit(settings.BASE_URL).hostname or "localhost"


class Verdict(StrEnum):
    TAKEN = "taken"  # it is the mail server's now
    REFUSED = "refused"  # trying again is pointless
    LATER = "later"  # it certainly did not leave; try again
    UNKNOWN = "unknown"  # it may have left


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one hand-over, with the server's words where it used any."""

    verdict: Verdict
    words: str = ""


class Unreachable(Exception):
    """Nothing can be handed over here now; no mail was touched."""


class Transport(Protocol):
    """`hand_over` takes one written mail. Raises Unreachable."""

    name: str

    def hand_over(self, content: bytes, *, sender: str, recipient: str) -> Reply: ...


def choose(*, demo: bool) -> Transport:
    """The way out: mail of a demo never leaves the house, nor does any mail without a mail server.

    Raises Unreachable where there is neither a server nor a mailbox: mail then waits instead of vanishing.
    """
    if settings.EMAIL_URL and not demo:
        return _kept_connection(settings.EMAIL_URL)
    if settings.MAILBOX_DIR:
        return Mailbox(Path(settings.MAILBOX_DIR))
    if demo:
        return Kept()
    raise Unreachable("EMAIL_URL is not set.")


def refuse_inside_transaction() -> None:
    """Raise RuntimeError inside atomic(). The blocks a TestCase wraps around every test are not counted, the same
    exception Django makes for `durable=True`."""
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise RuntimeError("Mail may not leave inside a transaction: commit first, then hand over.")


class Smtp:
    """One mail server over one connection that is kept between mails."""

    name = Outgoing.Transport.SMTP.value

    def __init__(self, url: str) -> None:
        config = environ.Env.email_url_config(url)
        self._address = (config["EMAIL_HOST"], config["EMAIL_PORT"])
        self._login = (config["EMAIL_HOST_USER"], config["EMAIL_HOST_PASSWORD"])
        self._starttls, self._ssl = config.get("EMAIL_USE_TLS", False), config.get("EMAIL_USE_SSL", False)
        self._connection: smtplib.SMTP | None = None

    def hand_over(self, content: bytes, *, sender: str, recipient: str) -> Reply:
        refuse_inside_transaction()
        if self._connection is not None:
            try:
                return self._converse(self._connection, content, sender, recipient)
            except (OSError, smtplib.SMTPException):
                # The server hung up between two mails, which it may: nothing was handed over yet.
                self.close()
        try:
            smtp = self._open()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Unreachable(_words(error)) from error
        try:
            return self._converse(smtp, content, sender, recipient)
        except (OSError, smtplib.SMTPException) as error:
            # This mail alone waits: a mail that makes the server hang up must not hold up the others.
            self.close()
            return Reply(Verdict.LATER, _words(error))

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> smtplib.SMTP:
        host, port = self._address
        # Without a name smtplib asks the resolver for ours, which can take seconds.
        options: dict[str, Any] = {"timeout": settings.EMAIL_TIMEOUT, "local_hostname": _OUR_NAME}
        if self._ssl:
            self._connection = smtplib.SMTP_SSL(host, port or 465, context=ssl.create_default_context(), **options)
        else:
            self._connection = smtplib.SMTP(host, port or (587 if self._starttls else 25), **options)
        if self._starttls:
            self._connection.starttls(context=ssl.create_default_context())
        user, password = self._login
        if user:
            self._connection.login(user, password or "")
        self._connection.ehlo_or_helo_if_needed()
        return self._connection

    def _converse(self, smtp: smtplib.SMTP, content: bytes, sender: str, recipient: str) -> Reply:
        """One mail. Raises only as long as the server certainly has no mail of ours."""
        steps = [
            (partial(smtp.mail, sender), 250),
            (partial(smtp.rcpt, recipient), 250),
            (partial(smtp.docmd, "DATA"), 354),
        ]
        for step, wanted in steps:
            code, words = step()
            if code not in (wanted, 251):
                return self._turned_away(smtp, code, words)
        try:
            smtp.send(_dotted(content))
            code, words = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Reply(Verdict.UNKNOWN, _words(error))
        if code == 250:
            return Reply(Verdict.TAKEN)
        if 400 <= code < 600:
            return self._turned_away(smtp, code, words)
        self.close()
        return Reply(Verdict.UNKNOWN, _said(code, words))

    def _turned_away(self, smtp: smtplib.SMTP, code: int, words: bytes) -> Reply:
        try:
            if code == 421:
                self.close()
            else:
                smtp.rset()
        except (OSError, smtplib.SMTPException):
            self.close()  # the answer stands, only the connection is gone
        return Reply(Verdict.REFUSED if 500 <= code < 600 else Verdict.LATER, _said(code, words))


class Mailbox:
    """Mails as files of a Maildir, read at /mailbox/."""

    name = Outgoing.Transport.MAILBOX.value

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def hand_over(self, content: bytes, *, sender: str, recipient: str) -> Reply:
        refuse_inside_transaction()
        try:
            self._directory.parent.mkdir(parents=True, exist_ok=True)
            mailbox.Maildir(self._directory).add(content.replace(b"\r\n", b"\n"))
        except OSError as error:
            raise Unreachable(_words(error)) from error
        return Reply(Verdict.TAKEN)


class Kept:
    """The row is all there is: a demo workspace in production."""

    name = Outgoing.Transport.KEPT.value

    def hand_over(self, content: bytes, *, sender: str, recipient: str) -> Reply:
        refuse_inside_transaction()
        return Reply(Verdict.TAKEN)


_connections = threading.local()


def _kept_connection(url: str) -> Smtp:
    """This thread's connection to the server: two conversations cannot share one."""
    if getattr(_connections, "url", None) != url:
        if hasattr(_connections, "smtp"):
            _connections.smtp.close()
        _connections.smtp, _connections.url = Smtp(url), url
    return _connections.smtp


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".replace("\0", "")[:400]


def _said(code: int, words: bytes) -> str:
    return " ".join(f"{code} {words.decode('utf-8', 'replace')}".replace("\0", "").split())


def _dotted(content: bytes) -> bytes:
    """The mail as it goes over the wire: lines that begin with a dot doubled, a lone dot at the end."""
    content = content if content.endswith(b"\r\n") else content + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", content) + b".\r\n"
