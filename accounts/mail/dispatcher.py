"""The one place mail leaves from: claim, commit, hand over outside any transaction, record.

At most once to the mail server: what cannot be proven is `unconfirmed`, shown and never repeated by itself.
"""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from accounts.mail import claims, recording, transports
from accounts.mail.backoff import retry_at
from accounts.mail.mime import NotSendable, ascii_address, compose
from accounts.mail.models import Message
from accounts.mail.recording import Outcome
from accounts.mail.transports import Reply, Transport, Unreachable, Verdict
from accounts.tenancy.models import Workspace

# One recording transaction for each batch.
BATCH = 25
# A slow mail server gets no new mail after this; the rest goes back to the queue.
_PATIENCE_S = 60

_STATE = {
    Verdict.TAKEN: Message.State.SENT,
    Verdict.REFUSED: Message.State.FAILED,
    Verdict.UNKNOWN: Message.State.UNCONFIRMED,
}


def workspaces_with_due_messages() -> list[UUID]:
    """Where mail is due or a lease has run out, the longest waiting first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspaces_with_due_messages()")
        return [row[0] for row in cursor.fetchall()]


def dispatch(workspace_id: UUID, *, limit: int = BATCH) -> bool:
    """Hand over one batch of a workspace; True if more may be due. Raises RuntimeError inside a transaction."""
    transports.refuse_inside_transaction()
    workspace = Workspace.objects.filter(pk=workspace_id, state=Workspace.State.ACTIVE).first()
    if workspace is None:
        return False
    claimed, more = claims.claim(workspace, limit=limit)
    outcomes: list[Outcome] = []
    try:
        for outcome in _hand_over_all(workspace, claimed):
            outcomes.append(outcome)  # noqa: PERF402 -- what was handed over before a failure must be recorded
    finally:
        recording.record(workspace, outcomes)
        seen = {outcome.message.pk for outcome in outcomes}
        claims.release(workspace, [message for message in claimed if message.pk not in seen])
    return more


def _hand_over_all(workspace: Workspace, messages: list[Message]) -> Iterator[Outcome]:
    started = time.monotonic()
    for message in messages:
        if time.monotonic() - started > _PATIENCE_S:
            return
        at = claims.begin(workspace, message)
        if at is None:
            continue
        try:
            yield _hand_over(workspace, message, at)
        except Unreachable as error:
            # Nobody answers: the others of this batch need not find out one by one, thirty seconds each.
            yield _again(message, at, str(error))
            for other in messages[messages.index(message) + 1 :]:
                yield _again(other, at, str(error))
            return


def _hand_over(workspace: Workspace, message: Message, at: datetime) -> Outcome:
    """One mail, outside any transaction. Raises Unreachable."""
    demo = workspace.is_demo
    transport = transports.choose(demo=demo)
    started = time.monotonic()
    try:
        reply = _send(transport, message, at=at, demo=demo)
    except NotSendable as error:
        reply = Reply(Verdict.REFUSED, str(error))
    if reply.verdict == Verdict.LATER:
        return _again(message, at, reply.words)
    # The database's clock at the start and how long it took: no worker's clock decides when something was sent.
    taken_at = at + timedelta(seconds=time.monotonic() - started)
    return Outcome(message, _STATE[reply.verdict], taken_at, transport.name, reply.words)


def _send(transport: Transport, message: Message, *, at: datetime, demo: bool) -> Reply:
    content = compose(
        message,
        at=at,
        unsubscribe_url=message.unsubscribe_url,
        automatic=message.kind == Message.Kind.NOTICE,
        demo=demo,
    )
    return transport.hand_over(
        content, sender=ascii_address(message.from_email), recipient=ascii_address(message.to_email)
    )


def _again(message: Message, at: datetime, words: str) -> Outcome:
    due_at = retry_at(now=at, attempts=message.attempts, expires_at=message.expires_at)
    if due_at is None:
        return Outcome(message, Message.State.FAILED, at, error=f"Given up after {message.attempts} tries: {words}")
    return Outcome(message, Message.State.QUEUED, at, error=words, due_at=due_at)
