"""How a message looks in Slack. Upper rooms say in `ready()` how their records do; else a card is words and a link."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.members.models import Member
from accounts.tenancy.models import Workspace

# Slack refuses longer ones.
MOST_LETTERS = 2_900

Blocks = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Card:
    """`text` is what a notification says. `open`: something may still be done about the record."""

    text: str
    blocks: Blocks
    open: bool = False

    @property
    def content(self) -> dict[str, Any]:
        # Links in it are ours: a preview would only take room.
        return {"text": self.text, "blocks": self.blocks, "unfurl_links": False}


# (workspace, member who reads it, keys of records, now) -> their cards, in a fixed number of statements.
Maker = Callable[[Workspace, Member, Sequence[UUID], datetime], dict[UUID, Card]]

_makers: dict[str, Maker] = {}


def register(kind: str, make: Maker) -> None:
    """Cards of records whose subject begins with "<kind>:". Called from AppConfig.ready()."""
    _makers[kind] = make


def made(*, workspace: Workspace, member: Member, kind: str, keys: Sequence[UUID], now: datetime) -> dict[UUID, Card]:
    """The cards of these records as they are now; {} where their room has none."""
    return _makers[kind](workspace, member, keys, now) if kind in _makers else {}


def plain(*, title: str, text: str, url: str) -> Card:
    """Words and a way to the record."""
    said = section(f"*{escaped(title)}*" + (f"\n{escaped(text)}" if text else ""))
    return Card(text=title, blocks=[said, actions(link(url))])


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:MOST_LETTERS]}}


def aside(text: str) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text[:MOST_LETTERS]}]}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def button(words: str, *, action: str, value: str, main: bool = False) -> dict[str, Any]:
    made = {"type": "button", "text": _plain(words), "action_id": action, "value": value}
    return made | ({"style": "primary"} if main else {})


def link(url: str) -> dict[str, Any]:
    # Slack calls us for links too; the id says that nothing is to be done.
    return {"type": "button", "text": _plain("Open in Goodword"), "url": url, "action_id": "open"}


def choice(words: str, *, action: str, options: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """A menu; `options` are (value, words)."""
    rows = [{"text": _plain(label[:75]), "value": value} for value, label in options]
    return {"type": "static_select", "placeholder": _plain(words), "action_id": action, "options": rows}


def escaped(text: str) -> str:
    """Text as Slack shows it letter by letter: no mention, no link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}
