"""Mail about signing in, by the same transports: at least once, because a second copy does no harm."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts.mail import transports
from accounts.mail.backoff import retry_at
from accounts.mail.claims import LEASE
from accounts.mail.mime import NotSendable, ascii_address, compose
from accounts.mail.models import AccountMessage
from accounts.mail.transports import Letter, Reply, Unreachable, Verdict

logger = logging.getLogger(__name__)

_STATES = AccountMessage.State


def dispatch(*, limit: int = 25) -> bool:
    """Hand over one batch; True if more may be due. Raises RuntimeError inside a transaction."""
    transports.refuse_inside_transaction()
    claimed = _claim(limit)
    for position, message in enumerate(claimed):
        try:
            reply, transport = _hand_over(message)
        except Unreachable as error:
            for waiting in claimed[position:]:
                _record(waiting, Reply(Verdict.LATER, str(error)), "")
            return False
        _record(message, reply, transport)
    return len(claimed) == limit


def _claim(limit: int) -> Sequence[AccountMessage]:
    """Due mails, and those whose worker died: for these a repeat is the right answer."""
    with transaction.atomic():
        AccountMessage.objects.filter(state=_STATES.SENDING, lease_until__lte=Now()).update(state=_STATES.QUEUED)
        due = AccountMessage.objects.filter(state=_STATES.QUEUED, due_at__lte=Now()).annotate(instant=Now())
        claimed = list(due.order_by("due_at").select_for_update(skip_locked=True)[:limit])
        AccountMessage.objects.filter(pk__in=[message.pk for message in claimed]).update(
            state=_STATES.SENDING, attempts=F("attempts") + 1, lease_until=Now() + LEASE
        )
    for message in claimed:
        message.attempts += 1
    return claimed


def _hand_over(message: AccountMessage) -> tuple[Reply, str]:
    transport = transports.choose(None)
    try:
        content = compose(message, at=_instant(message), automatic=True)
        letter = Letter(message, content, ascii_address(message.from_email), ascii_address(message.to_email))
    except NotSendable as error:
        return Reply(Verdict.REFUSED, str(error)), transport.name
    return next(transport.hand_over([letter])), transport.name


def _record(message: AccountMessage, reply: Reply, transport: str) -> None:
    now, error = _instant(message), reply.words[:500]
    again = None
    if reply.verdict in (Verdict.LATER, Verdict.UNKNOWN):
        again = retry_at(now=now, attempts=message.attempts, expires_at=None)
    if reply.verdict == Verdict.TAKEN:
        changes = {"state": _STATES.SENT, "sent_at": Now(), "transport": transport, "error": ""}
    elif again is not None:
        changes = {"state": _STATES.QUEUED, "due_at": again, "error": error}
    else:
        changes = {"state": _STATES.FAILED, "error": error}
        logger.error("Account mail %s could not be sent: %s", message.public_id, error)
    AccountMessage.objects.filter(pk=message.pk, attempts=message.attempts).update(lease_until=None, **changes)


def _instant(message: AccountMessage) -> datetime:
    return message.instant  # type: ignore[attr-defined]  # annotated by the claim
