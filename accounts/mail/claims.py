"""Who may hand over which mail. Every time here is the database's: workers' clocks may differ."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from accounts.mail import journal as journals
from accounts.mail import pace, providers, recording
from accounts.mail.claimed import COLUMNS, Claimed
from accounts.mail.models import Message, Suppression
from accounts.tenancy.ids import as_array
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope

# Longer than a batch and its slowest mail can take, or a slow mail server would look like a dead worker.
LEASE = timedelta(minutes=5)

_KINDS = Message.Kind

# Mail to the team is not suppressed: a colleague may be somebody's customer too.
_DOOM = f"""
CASE WHEN message.keyed_until <= statement_timestamp() OR message.keyed_until IS NOT NULL
              AND message.transport <> coalesce(%(transport)s, message.transport) THEN 'in doubt'
     WHEN message.expires_at <= statement_timestamp() THEN 'expired'
     WHEN message.kind <> '{_KINDS.NOTICE}' AND EXISTS (
              SELECT FROM accounts_suppression suppression
               WHERE suppression.workspace_id = %(workspace)s AND suppression.email_hash = message.email_hash
                 AND suppression.purpose = ANY (CASE message.kind
                         WHEN '{_KINDS.ASK}' THEN %(asks)s
                         WHEN '{_KINDS.SURVEY}' THEN %(surveys)s
                         WHEN '{_KINDS.CAMPAIGN}' THEN %(campaigns)s
                         ELSE %(rest)s END)) THEN 'suppressed'
     ELSE '' END
"""
# A mail whose approval ran out waits until its cause was judged again; one that has expired is settled all the same.
_APPROVED = "(message.approved_until IS NULL OR message.approved_until > statement_timestamp())"
_ANYTHING = Suppression.Purpose.ALL.value
_PURPOSES = {
    "asks": [Suppression.Purpose.ASKS.value, _ANYTHING],
    "surveys": [Suppression.Purpose.SURVEYS.value, _ANYTHING],
    "campaigns": [Suppression.Purpose.CAMPAIGNS.value, _ANYTHING],
    "rest": [_ANYTHING],
}
# One statement: what may go is ours from the commit on, what must not go any more is cancelled. A mail that may have
# left before and cannot be tried again under the same key has no proof any more.
_CLAIM = f"""
WITH due AS MATERIALIZED (
    SELECT message.id, {_DOOM} AS doom
      FROM accounts_message message
     WHERE message.workspace_id = %(workspace)s AND message.state = 'queued'
       AND message.kind {{kinds}} AND message.due_at <= statement_timestamp() {{open_domains}}
       AND (message.expires_at <= statement_timestamp() OR {_APPROVED})
     ORDER BY message.due_at
     LIMIT %(limit)s
       FOR UPDATE OF message SKIP LOCKED
)
UPDATE accounts_message message
   SET state = CASE WHEN due.doom = '' THEN 'sending' WHEN message.keyed_until IS NULL THEN 'cancelled'
                    ELSE 'unconfirmed' END,
       error = CASE WHEN due.doom = '' OR message.keyed_until IS NOT NULL THEN message.error ELSE due.doom END,
       keyed_until = CASE due.doom WHEN '' THEN message.keyed_until END,
       key_attempt = CASE due.doom WHEN '' THEN message.key_attempt END,
       attempts = message.attempts + (due.doom = '')::int,
       transport = CASE due.doom WHEN '' THEN %(transport)s ELSE message.transport END,
       journal = %(journal)s,
       handed_at = CASE due.doom WHEN '' THEN statement_timestamp() END,
       lease_until = CASE due.doom WHEN '' THEN statement_timestamp() + %(lease)s END
  FROM due
 WHERE message.workspace_id = %(workspace)s AND message.id = due.id
RETURNING {", ".join(f"message.{column}" for column in COLUMNS)}, due.doom, statement_timestamp()
"""  # noqa: S608 -- names of our own columns
_ASKS = f"= '{_KINDS.ASK}'"
_THE_REST = f"<> '{_KINDS.ASK}'"
_LOOK_AGAIN = f"""
SELECT ours.place
  FROM accounts_message message
  JOIN unnest(%(ids)s::uuid[], %(attempts)s::int[]) WITH ORDINALITY AS ours (id, attempts, place) USING (id)
 WHERE message.workspace_id = %(workspace)s AND message.id = ANY (%(ids)s::uuid[])
   AND message.state = 'sending' AND message.attempts = ours.attempts
   AND message.lease_until > statement_timestamp() AND {_DOOM} = '' AND {_APPROVED}
   AND EXISTS (SELECT FROM accounts_workspace place WHERE place.id = %(workspace)s AND place.state = 'active')
"""  # noqa: S608 -- as above


_LEASE_HAS_RUN_OUT = """
SELECT EXISTS (SELECT FROM accounts_message
                WHERE workspace_id = %s AND state = 'sending' AND lease_until <= statement_timestamp())
"""


def claim(
    workspace: Workspace, *, limit: int, transport: str, journal: str = "", asks_only: bool = False
) -> list[Claimed]:
    """Take up to `limit` due mails, asks first, in a transaction of its own.

    `transport` and `journal` name the way they will go and where the worker notes what left.

    What expired or is suppressed is settled here. The caller may hand over once this returns: the commit is
    acknowledged, and from now on each of these mails may have left.
    """
    with workspace_scope(workspace.pk):
        _settle_leases(workspace)
        closed = pace.closed_domains(workspace)
        if pace.WHOLE_WORKSPACE in closed:
            return []
        way = {"transport": transport, "journal": journal}
        claimed = _take(workspace, _ASKS, limit, way, closed)
        if len(claimed) < limit and not asks_only:
            claimed += _take(workspace, _THE_REST, limit - len(claimed), way, closed)
        pace.spend(workspace, [message.to_email for message in claimed])
    return claimed


def look_again(workspace: Workspace, messages: Sequence[Claimed]) -> set[UUID]:
    """Those among claimed mails that may still go: a suppression may be new, a lease may have run out, the
    workspace may have been suspended meanwhile."""
    values: dict[str, Any] = {
        "workspace": workspace.pk,
        "ids": as_array(message.pk for message in messages),
        "attempts": [message.attempts for message in messages],
        "transport": None,
        **_PURPOSES,
    }
    with workspace_scope(workspace.pk), connection.cursor() as cursor:
        cursor.execute(_LOOK_AGAIN, values)
        return {messages[place - 1].pk for (place,) in cursor.fetchall()}


def give_back(workspace: Workspace, messages: Collection[Claimed]) -> None:
    """Claimed mails that certainly stayed here go back to the queue; the next claim judges them anew."""
    if not messages:
        return
    attempts = {message.pk: message.attempts for message in messages}
    with workspace_scope(workspace.pk):
        rows = workspace.messages.filter(pk__in=attempts).select_for_update().values_list("pk", "attempts")
        # Another claim since then has counted one more.
        _give_back(workspace, [pk for pk, counted in rows if counted == attempts[pk]])


def _settle_leases(workspace: Workspace) -> None:
    """A worker died. Its journal says which of its mails were taken and which certainly stayed; of the others nobody
    may guess whether they left."""
    with connection.cursor() as cursor:
        cursor.execute(_LEASE_HAS_RUN_OUT, [workspace.pk])
        if not cursor.fetchone()[0]:
            return
    run_out = list(
        workspace.messages.filter(state=Message.State.SENDING, lease_until__lte=Now())
        .annotate(instant=Now())
        .select_for_update(skip_locked=True)
    )
    proofs = {name: journals.read(name) for name in {message.journal for message in run_out}}
    unproven, stayed = [], []
    for message in run_out:
        proof = proofs[message.journal]
        if proof is None or message.pk in proof.left - proof.taken:
            unproven.append(message)
        elif message.pk in proof.taken:
            recording.store_proven(workspace, message)
        else:
            stayed.append(message.pk)
    _give_back(workspace, stayed)
    words = "The worker died before the answer came."
    again = {message.pk for message in unproven if _repeat_under_its_key(workspace, message, words)}
    unproven = [message for message in unproven if message.pk not in again]
    recording.settle(workspace, unproven, state=Message.State.UNCONFIRMED, error=words)


def _repeat_under_its_key(workspace: Workspace, message: Any, words: str) -> bool:
    """Queue once more a mail that may have left, where the provider would know the repeat. False where it would not."""
    life = providers.key_life(message.transport)
    if life is None or message.handed_at is None:
        return False
    changes = recording.kept_key(message, since=message.handed_at, life=life)
    if changes["keyed_until"] <= message.instant:
        return False
    state = Message.State.QUEUED
    workspace.messages.filter(pk=message.pk).update(
        state=state, error=words, lease_until=None, due_at=message.instant, **changes
    )
    return True


def _give_back(workspace: Workspace, pks: Collection[UUID]) -> None:
    workspace.messages.filter(pk__in=pks, state=Message.State.SENDING).update(
        state=Message.State.QUEUED, attempts=F("attempts") - 1, lease_until=None, handed_at=None
    )


def _take(workspace: Workspace, kinds: str, limit: int, way: dict[str, str], closed: Sequence[str]) -> list[Claimed]:
    values: dict[str, Any] = {
        "workspace": workspace.pk,
        "limit": limit,
        "lease": LEASE,
        "closed": list(closed),
        **way,
        **_PURPOSES,
    }
    # Only where a domain is closed: the function keeps the planner from the index alone.
    open_domains = "AND lower(split_part(message.to_email, '@', 2)) <> ALL (%(closed)s)" if closed else ""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM.format(kinds=kinds, open_domains=open_domains), values)
        claimed = [Claimed._make(row) for row in cursor.fetchall()]
    taken = [message for message in claimed if not message.doom]
    doomed = [message for message in claimed if message.doom]
    for state, reason in {(message.state, message.error) for message in doomed}:
        settled = [message for message in doomed if (message.state, message.error) == (state, reason)]
        recording.tell(workspace, settled, state=Message.State(state), error=reason)
    return sorted(taken, key=lambda message: message.due_at)
