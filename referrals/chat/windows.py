"""The window in which a letter is edited in Slack (docs.slack.dev, "Modals")."""

from typing import Any

from accounts.slack.models import SlackPost
from accounts.tenancy.errors import Refusal
from referrals.asks.models import Ask
from referrals.chat import cards

# What Slack takes in a field.
MOST_LETTERS = 3_000
_FIELDS = ("subject", "body")


def fits(ask: Ask) -> bool:
    return len(ask.body) <= MOST_LETTERS


def edit(ask: Ask, post: SlackPost) -> dict[str, Any]:
    """The window, with the place of the message it came from and the words it started from."""
    return {
        "type": "modal",
        "callback_id": "ask:edit",
        "private_metadata": f"{post.channel}|{post.ts}|{cards.value_of(ask)}",
        "title": _plain("Edit your ask"),
        "submit": _plain("Save"),
        "close": _plain("Leave it"),
        "blocks": [
            _field("subject", "Subject", ask.subject, most=300),
            _field("body", "Letter", ask.body, most=MOST_LETTERS, lines=True),
        ],
    }


def refused(refusal: Refusal) -> dict[str, Any]:
    """The words beside the field they are about; the window stays open, and what was typed in it."""
    field = refusal.field if refusal.field in _FIELDS else "body"
    return {"response_action": "errors", "errors": {field: refusal.detail}}


def _field(name: str, label: str, value: str, *, most: int, lines: bool = False) -> dict[str, Any]:
    typed: dict[str, Any] = {"type": "plain_text_input", "action_id": "value", "max_length": most, "multiline": lines}
    # Slack refuses an empty start.
    typed |= {"initial_value": value} if value else {}
    return {"type": "input", "block_id": name, "label": _plain(label), "element": typed}


def _plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}
