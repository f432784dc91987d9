"""What a mail belongs to. Upper rooms say so for their kinds of mail; this room knows rows only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from accounts.mail.models import Message
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace


@dataclass(frozen=True, slots=True)
class Belonging:
    """The record a mail belongs to, and what can be done there.

    `mend_url`: where the address is corrected; `undo_url` takes back what was sent again; `repeatable`: the mail is
    still the one that counts for its record. With ids, what a person decides shows on the timeline.
    """

    label: str
    url: str
    mend_url: str = ""
    undo_url: str = ""
    repeatable: bool = True
    contact_id: UUID | None = None
    company_id: UUID | None = None


# (workspace, messages, now) -> what they belong to, by the message's id; in a fixed number of statements.
Finder = Callable[[Workspace, Sequence[Message], datetime], dict[UUID, Belonging]]


class Repeater(Protocol):
    """Sends a mail of its kind again: by the gate, under the locks of its record. Raises a Refusal."""

    def __call__(self, *, workspace: Workspace, message: Message, by: Actor, now: datetime) -> None: ...


_owners: dict[str, tuple[Finder, Repeater]] = {}


def register(kind: str, find: Finder, send_again: Repeater) -> None:
    """Say what mails of one kind belong to, and how one is sent again. Called in `ready()`."""
    _owners[kind] = find, send_again


def belongings(*, workspace: Workspace, messages: Sequence[Message], now: datetime) -> dict[UUID, Belonging]:
    """What these mails belong to, by their ids; without those of kinds that nobody registered."""
    found: dict[UUID, Belonging] = {}
    for kind, (find, _send_again) in _owners.items():
        ours = [message for message in messages if message.kind == kind]
        if ours:
            found |= find(workspace, ours, now)
    return found


def repeater_of(kind: str) -> Repeater | None:
    """Who sends this kind of mail again."""
    return _owners[kind][1] if kind in _owners else None
