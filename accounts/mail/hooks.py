"""What providers report about mail they took, in our words."""

import hashlib
import hmac
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from anymail.exceptions import AnymailError, AnymailInsecureWebhookWarning, AnymailWebhookValidationFailure
from anymail.signals import AnymailInboundEvent, AnymailTrackingEvent, EventType, RejectReason
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.utils.module_loading import import_string

from accounts.mail import connections, providers
from accounts.mail.capture import Copy
from accounts.mail.models import DeliveryReport
from accounts.mail.provider_api import METADATA
from accounts.mail.providers import Account
from accounts.tenancy.models import Workspace

# The secret is in our address, which is as good as a password in a header.
warnings.filterwarnings("ignore", category=AnymailInsecureWebhookWarning)

_KINDS = DeliveryReport.Kind
_TOOK_IT = (EventType.SENT, EventType.DELIVERED)
_NEVER_AGAIN = (RejectReason.INVALID, RejectReason.BOUNCED, RejectReason.SPAM)
# anymail calls a full mailbox and an unknown person both "bounced"; providers tell them apart, each in its own field.
_FIELDS = ("Type", "type", "event", "severity", "status", "bounceType", "bounce_type")
_INSIDE = ("bounce", "data", "event-data", "event_data", "msys", "message_event")
# SparkPost's classes of an address that will never work.
_HARD_CLASSES = ("10", "30")
_PASSING = ("soft", "transient", "temporary", "blocked")


class NoSuchHook(Exception):
    """Nobody gave out this address."""


class Forged(Exception):
    """The request is not the provider's."""


class Unreadable(Exception):
    """The request is not in the provider's form."""


@dataclass(frozen=True, slots=True)
class Source:
    """Whose reports come in at an address. `workspace` is None for the installation's own provider."""

    account: Account
    workspace: Workspace | None


@dataclass(frozen=True, slots=True)
class Report:
    """One thing a provider says of one mail. `kind` is one of DeliveryReport's, or "" for "we took it"."""

    kind: str
    key: str
    provider_id: str
    message_id: UUID | None
    words: str
    at: datetime | None


def source_of(token: str) -> Source:
    """Whose address this is. Raises NoSuchHook."""
    secret = settings.MAIL_HOOK_SECRET
    if secret and hmac.compare_digest(token.encode(), secret.encode()):
        if not providers.is_provider(settings.EMAIL_URL):
            raise NoSuchHook
        return Source(providers.read(settings.EMAIL_URL), None)
    found = connections.of_hook(token)
    if found is None:
        raise NoSuchHook
    workspace, url = found
    return Source(providers.read(url), workspace)


def reports(source: Source, request: HttpRequest) -> list[Report]:
    """What this request reports, proven to be the provider's where it signs. Raises NoSuchHook, Forged, Unreadable."""
    provider = source.account.provider
    return list(_read(provider.slug, _proven(source, provider.hook, request)))


def copies(source: Source, request: HttpRequest) -> list[Copy]:
    """The mails this request brings in, proven as above. Raises NoSuchHook, Forged, Unreadable."""
    events = _proven(source, source.account.provider.inbound, request)
    return [_copy(event) for event in events if isinstance(event, AnymailInboundEvent)]


def _proven(source: Source, view_name: str, request: HttpRequest) -> list[Any]:
    if not view_name:
        raise NoSuchHook
    try:
        view = import_string(view_name)(**source.account.hook_options())
        view.run_validators(request)
        return list(view.parse_events(request))
    except AnymailWebhookValidationFailure as error:
        raise Forged from error
    except ImproperlyConfigured as error:
        # Also where the key it signs with was never entered: what cannot be proven is not taken in.
        raise Unreadable(str(error)) from error
    except (AnymailError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise Unreadable from error


def _read(slug: str, events: list[Any]) -> Iterator[Report]:
    for event in events:
        kind = _kind(event) if isinstance(event, AnymailTrackingEvent) else None
        if kind is not None:
            yield Report(
                kind=kind,
                key=_key(slug, event),
                provider_id=str(event.message_id or "")[:200],
                message_id=_ours(event.metadata),
                words=_words(event),
                at=event.timestamp,
            )


def _kind(event: Any) -> str | None:
    """None for what changes nothing: opened, delayed, and what we do not know."""
    if event.event_type in _TOOK_IT:
        return ""
    if event.event_type == EventType.COMPLAINED:
        return _KINDS.COMPLAINED
    if event.event_type == EventType.UNSUBSCRIBED:
        return _KINDS.UNSUBSCRIBED
    if event.event_type == EventType.BOUNCED:
        return _KINDS.RETURNED if _will_pass(event.esp_event) else _KINDS.BOUNCED
    if event.event_type == EventType.REJECTED:
        return _KINDS.BOUNCED if event.reject_reason in _NEVER_AGAIN else _KINDS.RETURNED
    return _KINDS.RETURNED if event.event_type == EventType.FAILED else None


def _will_pass(raw: Any) -> bool:
    """Whether the provider calls it a passing trouble."""
    if not hasattr(raw, "get"):
        return False
    if str(raw.get("hard_bounce", "")).lower() in ("false", "0"):
        return True
    if str(raw.get("bounce_class", _HARD_CLASSES[0])) not in _HARD_CLASSES:
        return True
    given = " ".join(value.lower() for name in _FIELDS if isinstance(value := raw.get(name), str))
    return any(word in given for word in _PASSING) or any(_will_pass(raw.get(name)) for name in _INSIDE)


def _key(slug: str, event: Any) -> str:
    own = event.event_id or (event.event_type, event.message_id, event.recipient, str(event.timestamp))
    return hashlib.sha256(repr((slug, event.event_type, own)).encode()).hexdigest()


def _words(event: Any) -> str:
    """The receiving server's words, without the address: this row outlives an erasure."""
    words = str(event.mta_response or event.description or event.reject_reason or "no reason given")
    if event.recipient:
        words = words.replace(event.recipient, "the address")
    return " ".join(words.replace("\0", "").split())[:280]


def _ours(metadata: Any) -> UUID | None:
    try:
        return UUID(str((metadata or {}).get(METADATA)))
    except (AttributeError, ValueError):
        return None


def _copy(event: Any) -> Copy:
    mail = event.message
    named = [address.addr_spec for line in (mail.to, mail.cc, mail.bcc) for address in line or []]
    envelope = [mail.envelope_recipient] if mail.envelope_recipient else []
    return Copy(
        message_id=str(mail.get("Message-ID") or event.event_id or repr((mail.get("From"), mail.get("Date")))),
        sender=(mail.from_email.addr_spec if mail.from_email else "").lower(),
        recipients=tuple(dict.fromkeys(address.lower() for address in (*envelope, *named))),
        subject=str(mail.subject or ""),
        text=f"{mail.text or ''}\n{mail.html or ''}",
        sent_at=_aware(mail.date),
    )


def _aware(at: datetime | None) -> datetime | None:
    """A Date without a zone is in nobody's."""
    return at if at is not None and at.tzinfo is not None else None
