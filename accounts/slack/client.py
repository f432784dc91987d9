"""Slack's Web API: plain data in, plain data out. Never inside a transaction."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import requests
from django.conf import settings
from urllib3.exceptions import NewConnectionError

from accounts.tenancy import outgoing

# The bot itself is not wanted any more, or may not do what we ask: nothing goes out until somebody connects it anew.
_BROKEN = {
    "account_inactive": "The app was taken out of your Slack.",
    "invalid_auth": "Slack does not know this token.",
    "missing_scope": "The app lacks a permission. Give it all scopes of the manifest and install it again.",
    "no_permission": "The app may not do this. Install it again with all scopes of the manifest.",
    "not_authed": "Slack does not know this token.",
    "token_expired": "The token has run out.",
    "token_revoked": "The token was taken back.",
}
_LATER = {"ratelimited", "rate_limited", "service_unavailable", "request_timeout", "team_added_to_org"}
# Slack may have done it before it failed (its documentation of these errors says so).
_UNSURE = {"internal_error", "fatal_error"}
_WAIT_S = 30
# Takes no JSON.
_AS_FORM = {"users.lookupByEmail"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What Slack said. `error` is its code, `words` says it for people.

    `later`: nothing happened, try again after `wait_s` seconds (None: as one likes). `unsure`: it may have happened.
    `broken`: the bot is not welcome any more.
    """

    ok: bool
    data: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    words: str = ""
    later: bool = False
    unsure: bool = False
    broken: bool = False
    wait_s: int | None = None


def call(*, token: str, method: str, arguments: dict[str, Any]) -> Answer:
    """Call one method. Raises RuntimeError inside a transaction; everything else is an Answer."""
    body: dict[str, Any] = {"data": arguments} if method in _AS_FORM else {"json": arguments}
    address = urljoin(settings.SLACK_API_URL, method)
    try:
        with outgoing.session() as session:
            response = session.post(address, headers={"Authorization": f"Bearer {token}"}, **body)
    except requests.RequestException as error:
        never_left = isinstance(error, (requests.ConnectTimeout, outgoing.Forbidden)) or _refused(error)
        return Answer(ok=False, error="unreachable", words=outgoing.reason(error)[:300] or "Slack did not answer.",
                      later=never_left, unsure=not never_left)  # fmt: skip
    return _read(response)


def _refused(error: requests.RequestException) -> bool:
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError)


def _read(response: requests.Response) -> Answer:
    if response.status_code == 429:
        return Answer(ok=False, error="ratelimited", words="Slack asks us to be slower.", later=True,
                      wait_s=_seconds(response.headers.get("Retry-After", "")))  # fmt: skip
    try:
        data = response.json()
    except ValueError:
        data = None
    if response.status_code >= 500 or not isinstance(data, dict):
        words = f"Slack answered {response.status_code} without a word."
        return Answer(ok=False, error="no_answer", words=words, unsure=True)
    if data.get("ok") is True:
        return Answer(ok=True, data=data)
    error = str(data.get("error") or "unknown_error")
    return Answer(
        ok=False,
        data=data,
        error=error,
        words=_BROKEN.get(error, f"Slack refuses: {error.replace('_', ' ')}."),
        later=error in _LATER,
        unsure=error in _UNSURE,
        broken=error in _BROKEN,
    )


def _seconds(text: str) -> int:
    return min(int(text), 3600) if text.isascii() and text.isdigit() and len(text) < 9 else _WAIT_S
