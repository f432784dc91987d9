"""Ways out of the house: the mail server, the built-in mailbox, or none at all.

Every transport refuses to work inside a transaction: what it does cannot be rolled back (reliability.md I-3).
"""

import mailbox
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import connection

from accounts.mail import connections, providers
from accounts.mail.claimed import Claimed
from accounts.mail.models import Outgoing
from accounts.tenancy import secrets
from accounts.tenancy.models import Workspace

# Connections a thread keeps; the one unused for longest is hung up.
_MOST_KEPT = 8


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
    # What the provider calls the mail it took.
    reference: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Letter:
    """One mail ready to go: its row, the same as bytes of RFC 5322, and the addresses of its envelope.

    The transport calls `leaves()` right before it hands over what can't be taken back. Raises Withdrawn.
    """

    mail: Outgoing | Claimed
    content: bytes
    sender: str
    recipient: str
    leaves: Callable[[], None] = lambda: None


class Unreachable(Exception):
    """Nothing can be handed over here now. The letters that got no reply certainly stayed."""


class Withdrawn(Unreachable):
    """This letter must not go any more: unsubscribed, expired, or its lease ran out while it waited for its turn."""


class Transport(Protocol):
    """`hand_over` takes letters one after the other and gives a reply for each, in order. Raises Unreachable.

    It may take the next letter before it gives the reply of the last one. `is_open` is False for a while after nobody
    answered, so that one dead server does not hold up the mail of others. With `key_life` a mail handed over again
    within that time, its `key_attempt` unchanged, is not sent twice.
    """

    name: str
    key_life: timedelta | None

    def is_open(self) -> bool: ...

    def hand_over(self, letters: Iterable[Letter]) -> Iterator[Reply]: ...


def choose(workspace: Workspace | None) -> Transport:
    """The way out: the workspace's own connection, else ours. Mail of a demo never leaves the house.

    `workspace` is None for mail about signing in. Where there is neither a server nor a mailbox mail waits instead of
    vanishing.
    """
    demo = workspace is not None and workspace.is_demo
    if workspace is not None and workspace.own_mail and not demo:
        return _own(workspace)
    if settings.EMAIL_URL and not demo:
        return _kept_connection(settings.EMAIL_URL)
    if settings.MAILBOX_DIR:
        return Mailbox(Path(settings.MAILBOX_DIR))
    return Kept() if demo else Nowhere()


def _own(workspace: Workspace) -> Transport:
    try:
        return _kept_connection(connections.url_of(workspace), guarded=True)
    except secrets.Unreadable:
        return Nowhere("The secrets of this connection cannot be read any more. Enter them again in Settings, Mail.")


def refuse_inside_transaction() -> None:
    """Raise RuntimeError inside atomic(). The blocks a TestCase wraps around every test are not counted, the same
    exception Django makes for `durable=True`."""
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise RuntimeError("Mail may not leave inside a transaction: commit first, then hand over.")


class Mailbox:
    """Mails as files of a Maildir, read at /mailbox/."""

    name = Outgoing.Transport.MAILBOX.value
    key_life: timedelta | None = None

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
    key_life: timedelta | None = None

    def is_open(self) -> bool:
        return True

    def hand_over(self, letters: Iterable[Letter]) -> Iterator[Reply]:
        refuse_inside_transaction()
        for letter in letters:
            letter.leaves()
            yield Reply(Verdict.TAKEN)


class Nowhere:
    """No way out is known."""

    def __init__(self, words: str = "EMAIL_URL is not set.") -> None:
        self._words = words

    name = ""
    key_life: timedelta | None = None

    def is_open(self) -> bool:
        return True

    def hand_over(self, letters: Iterable[Letter]) -> Iterator[Reply]:
        raise Unreachable(self._words)


class _Kept(threading.local):
    """The connections this thread keeps, the latest used last: two conversations cannot share one."""

    def __init__(self) -> None:
        self.by_address: OrderedDict[tuple[str, bool], Any] = OrderedDict()


_kept = _Kept()


def _kept_connection(url: str, *, guarded: bool = False) -> Transport:
    """The connection to this address. `guarded`: somebody outside typed it, so it must not lead into our own walls."""
    connection = _kept.by_address.pop((url, guarded), None) or _connect(url, guarded=guarded)
    _kept.by_address[url, guarded] = connection
    while len(_kept.by_address) > _MOST_KEPT:
        _kept.by_address.popitem(last=False)[1].close()
    return connection


def _connect(url: str, *, guarded: bool) -> Any:
    from accounts.mail.provider_api import ProviderApi  # noqa: PLC0415 -- it speaks in the words of this module
    from accounts.mail.smtp import Smtp  # noqa: PLC0415 -- the same

    return ProviderApi(providers.read(url)) if providers.is_provider(url) else Smtp(url, guarded=guarded)


def in_words(error: Exception) -> str:
    """An error as it is stored beside the mail."""
    return f"{type(error).__name__}: {error}".replace("\0", "")[:400]
