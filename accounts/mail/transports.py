"""Ways out of the house: the mail server, the built-in mailbox, or none at all.

Every transport refuses to work inside a transaction: what it does cannot be rolled back (reliability.md I-3).
"""

import mailbox
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import connection

from accounts.mail.models import Outgoing
from accounts.tenancy.models import Workspace


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


@dataclass(frozen=True, slots=True, eq=False)
class Letter:
    """One mail ready to go: its row, the same as bytes of RFC 5322, and the addresses of its envelope.

    The transport calls `leaves()` right before it hands over what can't be taken back.
    """

    mail: Outgoing
    content: bytes
    sender: str
    recipient: str
    leaves: Callable[[], None] = lambda: None


class Unreachable(Exception):
    """Nothing can be handed over here now. The letters that got no reply certainly stayed."""


class Transport(Protocol):
    """`hand_over` takes letters one after the other and gives a reply for each, in order. Raises Unreachable.

    It may take the next letter before it gives the reply of the last one. `is_open` is False for a while after nobody
    answered, so that one dead server does not hold up the mail of others.
    """

    name: str

    def is_open(self) -> bool: ...

    def hand_over(self, letters: Iterable[Letter]) -> Iterator[Reply]: ...


def choose(workspace: Workspace | None) -> Transport:
    """The way out: mail of a demo never leaves the house, nor does any mail without a mail server.

    `workspace` is None for mail about signing in. Where there is neither a server nor a mailbox mail waits instead of
    vanishing.
    """
    demo = workspace is not None and workspace.is_demo
    if settings.EMAIL_URL and not demo:
        return _kept_connection(settings.EMAIL_URL)
    if settings.MAILBOX_DIR:
        return Mailbox(Path(settings.MAILBOX_DIR))
    return Kept() if demo else Nowhere()


def refuse_inside_transaction() -> None:
    """Raise RuntimeError inside atomic(). The blocks a TestCase wraps around every test are not counted, the same
    exception Django makes for `durable=True`."""
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise RuntimeError("Mail may not leave inside a transaction: commit first, then hand over.")


class Mailbox:
    """Mails as files of a Maildir, read at /mailbox/."""

    name = Outgoing.Transport.MAILBOX.value

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def is_open(self) -> bool:
        return True

    def hand_over(self, letters: Iterable[Letter]) -> Iterator[Reply]:
        refuse_inside_transaction()
        for letter in letters:
            letter.leaves()
            try:
                self._directory.parent.mkdir(parents=True, exist_ok=True)
                mailbox.Maildir(self._directory).add(letter.content.replace(b"\r\n", b"\n"))
            except OSError as error:
                raise Unreachable(in_words(error)) from error
            yield Reply(Verdict.TAKEN)


class Kept:
    """The row is all there is: a demo workspace in production."""

    name = Outgoing.Transport.KEPT.value

    def is_open(self) -> bool:
        return True

    def hand_over(self, letters: Iterable[Letter]) -> Iterator[Reply]:
        refuse_inside_transaction()
        for letter in letters:
            letter.leaves()
            yield Reply(Verdict.TAKEN)


class Nowhere:
    """No way out is known."""

    name = ""

    def is_open(self) -> bool:
        return True

    def hand_over(self, letters: Iterable[Letter]) -> Iterator[Reply]:
        raise Unreachable("EMAIL_URL is not set.")


_connections = threading.local()


def _kept_connection(url: str) -> Transport:
    """This thread's connection to the server: two conversations cannot share one."""
    from accounts.mail.smtp import Smtp  # noqa: PLC0415 -- it speaks in the words of this module

    if getattr(_connections, "url", None) != url:
        if hasattr(_connections, "smtp"):
            _connections.smtp.close()
        _connections.smtp, _connections.url = Smtp(url), url
    smtp: Smtp = _connections.smtp
    return smtp


def in_words(error: Exception) -> str:
    """An error as it is stored beside the mail."""
    return f"{type(error).__name__}: {error}".replace("\0", "")[:400]
