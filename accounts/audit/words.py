"""Events in words, for people who look something up."""

from collections.abc import Mapping
from typing import Any

# Where the type does not read as a sentence by itself.
_SAID = {
    "workspace.changed": "Settings changed",
    "workspace.suspended": "Workspace suspended",
    "workspace.resumed": "Workspace resumed",
    "workspace.closing": "Closing begun",
    "workspace.called_back": "Closing called back",
    "ask.queued": "Ask drafted",
    "ask.taken_back": "Ask taken back",
    "ask.overruled": "Ask sent against the gate",
    "member.joined": "Joined the team",
    "member.deactivated": "Taken off the team",
    "member.reactivated": "Back on the team",
    "member.absence_set": "Absence set",
    "api_key.created": "API key made",
    "api_key.revoked": "API key ended",
    "contact.held": "Left alone",
    "company.held": "Left alone",
    "archive.started": "Export of everything asked for",
    "archive.downloaded": "Export of everything downloaded",
    "retention.applied": "Old data forgotten",
}
# What the fields of a workspace are called on its pages, where the model's own name is not what one reads there.
_FIELDS = {
    "eu_mode": "EU mode",
    "approval_limit_minor": "approval limit",
    "brand_color": "colour",
    "locale": "language",
    "own_days": "days off",
    "weekends": "other days and holidays",
    "warm_start_per_day": "old praise a day",
}
_PLAIN = ("name", "email", "role", "list", "reason", "kind", "stage", "domain", "from_role", "to_role")
_MOST = 160


def said(event_type: str) -> str:
    """The type in words: "Settings changed", "Ask sent"."""
    if event_type in _SAID:
        return _SAID[event_type]
    noun, _, verb = event_type.partition(".")
    return f"{noun} {verb}".replace("_", " ").capitalize()


def details(data: Mapping[str, Any]) -> str:
    """What changed, one thing after the other: "name: Acme → Acme Inc; colour: nothing → #2747b8"."""
    if "changes" in data:
        return "; ".join(
            f"{_field(name)}: {_value(old)} → {_value(new)}" for name, (old, new) in data["changes"].items()
        )
    if "counts" in data:
        return ", ".join(f"{name}: {count:,}" for name, count in data["counts"].items())
    if "fields" in data:
        return ", ".join(_field(name) for name in data["fields"])
    return ", ".join(
        f"{name.replace('_', ' ')}: {_value(data[name]).replace('_', ' ')}" for name in _PLAIN if data.get(name)
    )


def _field(name: str) -> str:
    return _FIELDS.get(name, name.replace("_", " "))


def _value(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "nothing"
    if isinstance(value, bool):
        return "on" if value else "off"
    text = ", ".join(str(one) for one in value) if isinstance(value, (list, dict)) else str(value)
    return text if len(text) <= _MOST else f"{text[:_MOST]}…"
