"""Writing down what became of the mails, and telling whoever waits for it in the same transaction."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q

from accounts.mail.claimed import Claimed
from accounts.mail.models import Message
from accounts.mail.signals import Settled, messages_settled
from accounts.tenancy.ids import as_array
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope

logger = logging.getLogger(__name__)

_SENDING, _UNCONFIRMED, _SENT = Message.State.SENDING, Message.State.UNCONFIRMED, Message.State.SENT
# Whoever sends it again has decided that it did not arrive: that is another mail to the provider.
_NO_KEY = {"keyed_until": None, "key_attempt": None}

# The mail server's answer is proof even after the lease ran out, so it also settles `unconfirmed`; only a claim made
# since then, known by its number of attempts, is left alone. The keys are named twice, else the planner, without fresh
# statistics, would read the whole workspace.
_STORE_SENT = """
UPDATE accounts_message message
   SET state = 'sent', sent_at = outcome.at, lease_until = NULL, error = '', provider_id = outcome.provider_id,
       keyed_until = NULL, key_attempt = NULL
  FROM unnest(%(ids)s::uuid[], %(attempts)s::int[], %(ats)s::timestamptz[], %(provider_ids)s::text[])
       WITH ORDINALITY AS outcome (id, attempts, at, provider_id, place)
 WHERE message.workspace_id = %(workspace)s AND message.id = outcome.id AND message.id = ANY (%(ids)s::uuid[])
   AND message.attempts = outcome.attempts AND message.state IN ('sending', 'unconfirmed', 'queued')
RETURNING outcome.place
"""


class Outcome(NamedTuple):
    """What one hand-over came to. `due_at` is the next try of a mail that goes back to `queued`; with `key_life` it may
    have left, and the provider knows the repeat by its key for that long after the first try."""

    message: Claimed
    state: Message.State
    at: datetime
    error: str = ""
    due_at: datetime | None = None
    key_life: timedelta | None = None
    provider_id: str = ""


def record(workspace: Workspace, outcomes: Sequence[Outcome]) -> None:
    """Store a batch of outcomes and send `messages_settled`, in one transaction."""
    if not outcomes:
        return
    with workspace_scope(workspace.pk):
        stored = _store_sent(workspace, [outcome for outcome in outcomes if outcome.state == _SENT])
        stored |= {o.message.pk for o in outcomes if o.state != _SENT and _store(workspace, o)}
        late = [outcome for outcome in outcomes if outcome.message.pk not in stored]
        for outcome in late:
            logger.warning("The outcome %s of mail %s came too late to be stored.", outcome.state, outcome.message.pk)
        ended = [o for o in outcomes if o.message.pk in stored and o.state != Message.State.QUEUED]
        announce(workspace, [_settled(o.message, o.state, o.at, o.error) for o in ended])


def store_proven(workspace: Workspace, message: Message) -> None:
    """The mail server took it, as the worker noted before it died. Inside a transaction."""
    at = message.handed_at or message.due_at
    workspace.messages.filter(pk=message.pk).update(state=_SENT, sent_at=at, lease_until=None, error="", **_NO_KEY)
    announce(workspace, [_settled(message, _SENT, at, "")])


def settle(workspace: Workspace, messages: Sequence[Any], *, state: Message.State, error: str) -> None:
    """End mails whose hand-over nobody saw the end of. Inside a transaction; each message carries `instant`, the
    database's time."""
    if not messages:
        return
    pks = [message.pk for message in messages]
    workspace.messages.filter(pk__in=pks).update(state=state, error=error, lease_until=None, **_NO_KEY)
    tell(workspace, messages, state=state, error=error)


def tell(workspace: Workspace, messages: Sequence[Any], *, state: Message.State, error: str) -> None:
    """Announce mails that have come to the same end at their `instant`."""
    announce(workspace, [_settled(message, state, message.instant, error) for message in messages])


def prove_sent(workspace: Workspace, message: Message, *, at: datetime) -> bool:
    """The provider says that it took a mail whose outcome we did not know. Inside a transaction. False: we knew."""
    in_doubt = Q(state=_UNCONFIRMED) | Q(state=Message.State.QUEUED, keyed_until__isnull=False)
    ours = workspace.messages.filter(in_doubt, pk=message.pk)
    if not ours.update(state=_SENT, sent_at=at, error="", lease_until=None, **_NO_KEY):
        return False
    announce(workspace, [_settled(message, _SENT, at, "")])
    return True


def note_returned(workspace: Workspace, message: Message, *, words: str, now: datetime) -> None:
    """A mail that had left came back. Inside a transaction. Its cause hears of it here where it still waited for the
    outcome, else by `address_bounced`."""
    failed = Message.State.FAILED
    waited = workspace.messages.filter(
        Q(state=_UNCONFIRMED) | Q(state=Message.State.QUEUED, keyed_until__isnull=False), pk=message.pk
    ).update(state=failed, error=words, **_NO_KEY)
    if waited:
        announce(workspace, [_settled(message, failed, now, words)])
    else:
        workspace.messages.filter(pk=message.pk, state=_SENT).update(state=failed, error=words)


def announce(workspace: Workspace, settled: list[Settled]) -> None:
    """Tell the receivers. One that fails is logged and loses only its own work: its savepoint."""
    if not settled:
        return
    now = max(one.at for one in settled)
    answers = messages_settled.send_robust(sender=Message, workspace=workspace, settled=settled, now=now)
    for receiver, answer in answers:
        if isinstance(answer, Exception):
            logger.error("A receiver of messages_settled failed: %s", receiver, exc_info=answer)


def _store_sent(workspace: Workspace, outcomes: Sequence[Outcome]) -> set[UUID]:
    if not outcomes:
        return set()
    values: dict[str, Any] = {
        "workspace": workspace.pk,
        "ids": as_array(outcome.message.pk for outcome in outcomes),
        "attempts": [outcome.message.attempts for outcome in outcomes],
        "ats": [outcome.at for outcome in outcomes],
        "provider_ids": [outcome.provider_id[:200] for outcome in outcomes],
    }
    with connection.cursor() as cursor:
        cursor.execute(_STORE_SENT, values)
        return {outcomes[place - 1].message.pk for (place,) in cursor.fetchall()}


def _store(workspace: Workspace, outcome: Outcome) -> bool:
    """True where the row was still this claim's."""
    message = outcome.message
    states = Q(state=_SENDING) if outcome.due_at else Q(state__in=[_SENDING, _UNCONFIRMED])
    changes: dict[str, Any] = {"state": outcome.state, "error": outcome.error[:500], "lease_until": None}
    if outcome.due_at:
        changes |= {"due_at": outcome.due_at, "handed_at": None}
    else:
        changes |= _NO_KEY
    if outcome.key_life:
        changes |= kept_key(message, since=message.instant, life=outcome.key_life)
    return bool(workspace.messages.filter(states, pk=message.pk, attempts=message.attempts).update(**changes))


def kept_key(message: Message | Claimed, *, since: datetime, life: timedelta) -> dict[str, Any]:
    """The key under which a mail that may have left is tried again: that of its first try, for as long as it lives."""
    return {
        "keyed_until": message.keyed_until or since + life,
        "key_attempt": message.key_attempt or message.attempts,
    }


def _settled(message: Message | Claimed, state: Message.State, at: datetime, error: str) -> Settled:
    return Settled(message.pk, message.key, message.kind, str(state), at, error, message.rfc_message_id)
