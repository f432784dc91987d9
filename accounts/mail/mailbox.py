"""Reading the built-in mailbox."""

import email
import email.policy
import mailbox
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

_STORED_AT = re.compile(r"(\d+)\.M(\d+)")


@dataclass(frozen=True, slots=True)
class Mail:
    """One kept mail. `source` is what would have gone over the wire."""

    key: str
    stored_at: datetime
    headers: list[tuple[str, str]]
    text: str
    html: str
    source: str

    @property
    def to(self) -> str:
        return self._header("To")

    @property
    def sender(self) -> str:
        return self._header("From")

    @property
    def subject(self) -> str:
        return self._header("Subject")

    def _header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")


def keys(directory: Path) -> list[str]:
    """The keys of all mails, newest first."""
    if not directory.is_dir():
        return []
    return sorted(mailbox.Maildir(directory, create=False).keys(), key=_order, reverse=True)


def read(directory: Path, key: str) -> Mail | None:
    """One mail; None if there is none of this key. The key is looked up, never used as a path."""
    if key not in keys(directory):
        return None
    content = mailbox.Maildir(directory, create=False).get_bytes(key)
    message = email.message_from_bytes(content, policy=email.policy.default)
    seconds, micros = _order(key)
    return Mail(
        key=key,
        stored_at=datetime.fromtimestamp(seconds + micros / 1e6, UTC),
        headers=[(name, str(value)) for name, value in message.items()],
        text=_part(message, "plain"),
        html=_part(message, "html"),
        source=content.decode("utf-8", "replace"),
    )


def newest(directory: Path, count: int) -> Iterator[Mail]:
    """The newest mails."""
    for key in keys(directory)[:count]:
        mail = read(directory, key)
        if mail is not None:
            yield mail


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return part.get_content() if part else ""


def _order(key: str) -> tuple[int, int]:
    stored = _STORED_AT.match(key)
    return (int(stored[1]), int(stored[2])) if stored else (0, 0)
