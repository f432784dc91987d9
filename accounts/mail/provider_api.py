"""Handing mail to a provider's HTTP API, and what its answers mean."""

import time
from collections.abc import Iterable, Iterator
from email.headerregistry import Address
from typing import Any
from uuid import UUID, uuid5

import requests
from anymail.exceptions import AnymailAPIError, AnymailError
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.module_loading import import_string
from urllib3.exceptions import NewConnectionError

from accounts.mail.claimed import Claimed
from accounts.mail.mime import ascii_address, one_line
from accounts.mail.models import Message, Outgoing
from accounts.mail.providers import Account, Provider
from accounts.mail.transports import Letter, Reply, Unreachable, Verdict, in_words, refuse_inside_transaction

# Under this name our id travels in the provider's metadata and comes back in its webhooks.
METADATA = "goodword_message"
_CONNECT_S = 5
# A connection that lay idle may be hung up just as we speak, and the mail would be in doubt: a new one is cheaper.
_IDLE_S = 5.0
_REST_S = 10.0
_LONGEST_REST_S = 300.0
_TOO_MANY, _UNAVAILABLE = 429, 503
# The account's fault, not this mail's: everything waits until somebody mends it.
_ACCOUNT = frozenset({401, 402, 404, 405, 407})
# Often about one sender only (its domain is not verified yet): this mail waits, the others go on.
_NOT_ALLOWED = 403
_CONFLICT = 409


class ProviderApi:
    """One account at one provider over one kept HTTP session."""

    def __init__(self, account: Account) -> None:
        self.name, self.key_life = account.name, account.provider.key_life
        self._account = account
        self._backend: Any = None
        self._rests_until = self._used_at = 0.0

    def is_open(self) -> bool:
        return time.monotonic() >= self._rests_until

    def hand_over(self, letters: Iterable[Letter]) -> Iterator[Reply]:
        refuse_inside_transaction()
        for letter in letters:
            yield self._deliver(letter)

    def close(self) -> None:
        """End the session; the next letter opens another."""
        if self._backend is not None:
            self._backend.close()
            self._backend = None

    def _deliver(self, letter: Letter) -> Reply:
        backend = self._open()
        mail = _written(letter.mail, self._account.provider)
        try:
            payload = backend.build_message_payload(mail, {})
            self._sign_with_key(payload, letter.mail)
        except AnymailError as error:
            return Reply(Verdict.REFUSED, in_words(error))
        letter.leaves()
        try:
            answer = backend.post_to_esp(payload, mail)
            status = backend.parse_recipient_status(answer, payload, mail)
        except AnymailError as error:
            return self._judge(error, is_repeat=_is_repeat(letter.mail))
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            # anymail stumbled over an answer of another form than the provider's.
            return Reply(Verdict.UNKNOWN, in_words(error))
        return self._taken(status)

    def _taken(self, status: Any) -> Reply:
        one = next(iter(status.values()), None)
        if one is not None and one.status in ("invalid", "rejected"):
            return Reply(Verdict.REFUSED, "The provider does not send to this address: earlier mail bounced.")
        return Reply(Verdict.TAKEN, reference=str(one.message_id or "") if one is not None else "")

    def _open(self) -> Any:
        if time.monotonic() - self._used_at > _IDLE_S:
            self.close()
        self._used_at = time.monotonic()
        if self._backend is None:
            backend = import_string(self._account.provider.backend)(
                ignore_unsupported_features=True, **_sending_options(self._account)
            )
            backend.open()
            if isinstance(session := getattr(backend, "session", None), requests.Session):
                session.max_redirects = 0  # a redirected POST would become a GET and look like success
            self._backend = backend
        return self._backend

    def _sign_with_key(self, payload: Any, mail: Outgoing | Claimed) -> None:
        provider = self._account.provider
        if provider.key_header:
            headers = payload.data["headers"] if provider.key_in_mail else payload.headers
            headers[provider.key_header] = str(idempotency_key(mail))

    def _judge(self, error: AnymailError, *, is_repeat: bool) -> Reply:
        """What an error means for this mail. Raises Unreachable where it certainly stayed and others would, too."""
        status, words = _status(error), _words(error)
        if status is None:
            if _never_connected(error):
                raise self._rest(_REST_S, words) from error
            self.close()
            return Reply(Verdict.UNKNOWN, words)
        if status in (_TOO_MANY, _UNAVAILABLE):
            raise self._rest(_retry_after(error), words) from error
        if status in _ACCOUNT:
            raise self._rest(_REST_S, words) from error
        if status == _NOT_ALLOWED and not is_repeat:
            return Reply(Verdict.LATER, words)
        # Of a repeat only success says anything: the first one may have been taken before the account was refused.
        is_refusal = 400 <= status < 500 and status != _CONFLICT and not is_repeat
        return Reply(Verdict.REFUSED if is_refusal else Verdict.UNKNOWN, words)

    def _rest(self, seconds: float, words: str) -> Unreachable:
        self._rests_until = time.monotonic() + seconds
        return Unreachable(words)


def idempotency_key(mail: Outgoing | Claimed) -> UUID:
    """The key of one hand-over: the same for every repeat of an unknown outcome, another after a certain one."""
    attempt = getattr(mail, "key_attempt", None) or mail.attempts
    return uuid5(mail.pk, str(attempt))


def _is_repeat(mail: Outgoing | Claimed) -> bool:
    return getattr(mail, "keyed_until", None) is not None


def _written(mail: Outgoing | Claimed, provider: Provider) -> Any:
    """The mail in the words of Django and anymail, with the headers that mime.py writes."""
    sender, automatic = _person(mail.from_name, mail.from_email), True
    headers = {"Message-ID": mail.rfc_message_id}
    if mail.in_reply_to:
        headers |= {"In-Reply-To": mail.in_reply_to, "References": mail.in_reply_to}
    if isinstance(mail, Message | Claimed):
        automatic = mail.kind == Message.Kind.NOTICE
        if mail.unsubscribe_url:
            headers["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if automatic:
        headers["Auto-Submitted"] = "auto-generated"
    headers |= dict(provider.headers)
    for name in provider.refuses:
        headers.pop(name, None)
    written: Any = EmailMultiAlternatives(
        subject=one_line(mail.subject),
        body=mail.body_text,
        from_email=sender,
        to=[_person(mail.to_name, mail.to_email)],
        reply_to=[_person(mail.from_name, mail.reply_to)] if mail.reply_to else None,
        headers=headers,
    )
    if mail.body_html:
        written.attach_alternative(mail.body_html, "text/html")
    written.metadata = {METADATA: str(mail.pk)}
    # No pixel, no rewritten links: a person wrote this.
    written.track_opens = written.track_clicks = False
    return written


def _person(name: str, email: str) -> str:
    return str(Address(display_name=one_line(name), addr_spec=ascii_address(email)))


def _sending_options(account: Account) -> dict[str, Any]:
    options: dict[str, Any] = account.sending_options()
    if account.provider.slug != "amazon-ses":
        return options | {"timeout": (_CONNECT_S, settings.EMAIL_TIMEOUT)}
    # Its library repeats by itself after a lost answer, which would send twice.
    patience = {"connect_timeout": _CONNECT_S, "read_timeout": settings.EMAIL_TIMEOUT}
    client = {"config": patience | {"retries": {"total_max_attempts": 1}}}
    if api_url := options.pop("api_url", ""):
        client["endpoint_url"] = api_url
    configuration = options.pop("configuration_set_name", None)
    return {"session_params": options, "client_params": client, "configuration_set_name": configuration}


def _status(error: AnymailError) -> int | None:
    """The HTTP status of the answer; None where there was none."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        return response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    status = getattr(response, "status_code", None)
    # An answer of success that cannot be read: it may have been taken.
    return None if status is not None and status < 400 else status


def _never_connected(error: AnymailError) -> bool:
    """Whether nothing of the request can have arrived."""
    cause = error.__cause__
    if isinstance(cause, requests.ConnectTimeout | requests.exceptions.SSLError):
        return True
    if isinstance(cause, requests.ConnectionError):
        return isinstance(getattr(cause.args[0] if cause.args else None, "reason", None), NewConnectionError)
    return type(cause).__name__ in ("EndpointConnectionError", "ConnectTimeoutError", "NoCredentialsError")


def _retry_after(error: AnymailError) -> float:
    given = getattr(getattr(error, "response", None), "headers", {}).get("Retry-After", "")
    return min(float(given), _LONGEST_REST_S) if given.isdigit() else _REST_S


def _words(error: AnymailError) -> str:
    """The provider's own words, as short as they come."""
    if not isinstance(error, AnymailAPIError) or _status(error) is None:
        return in_words(error.__cause__ if isinstance(error.__cause__, Exception) else error)
    response: Any = error.response
    if isinstance(response, dict):
        return f"{_status(error)} {response.get('Error', {}).get('Message', '')}"[:400]
    try:
        said = response.json()
    except ValueError:
        said = response.text
    if isinstance(said, dict):
        said = next((said[name] for name in ("message", "Message", "ErrorMessage", "error") if said.get(name)), said)
    return f"{response.status_code} {said}".replace("\0", "")[:400]
