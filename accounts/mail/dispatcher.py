"""The one place mail leaves from: claim, commit, hand over outside any transaction, record.

At most once to the mail server: what cannot be proven is `unconfirmed`, shown and never repeated by itself.
"""

import time
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from uuid import UUID

from django.db import connection

from accounts.mail import claims, connections, recording, transports
from accounts.mail.backoff import retry_at
from accounts.mail.claimed import Claimed
from accounts.mail.journal import Journal
from accounts.mail.mime import NotSendable, ascii_address, compose
from accounts.mail.models import Message
from accounts.mail.patience import patiently
from accounts.mail.recording import Outcome
from accounts.mail.transports import Letter, Reply, Transport, Unreachable, Verdict, Withdrawn
from accounts.tenancy.models import Workspace

# One claiming and one recording transaction for each batch: each costs as much as ten mails.
BATCH = 200
# A slow mail server gets no new mail of a batch after this; the rest goes back to the queue.
_PATIENCE_S = 2.0
# A claimed mail is looked at once more before it goes, unless that was done so shortly ago: somebody may have
# unsubscribed. With a server that takes its time that is before each mail.
_LOOK_AGAIN_S = 0.02
# At so many of the next: about what leaves until the look after that.
_LOOK_AT = 40
# A pipelining transport takes the next mail while the one before is on its way: if that took longer, one more look.
_OLD_LOOK_S = 0.5

_STATE = {
    Verdict.TAKEN: Message.State.SENT,
    Verdict.REFUSED: Message.State.FAILED,
    Verdict.UNKNOWN: Message.State.UNCONFIRMED,
}


def workspaces_with_due_messages(*, asks_only: bool = False) -> list[UUID]:
    """Where mail is due or a lease has run out, the longest waiting first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspaces_with_due_messages(%s)", [asks_only])
        return [row[0] for row in cursor.fetchall()]


def dispatch_all(*, most: int, until: float) -> bool:
    """Hand over one batch per workspace in turn, everybody's asks before anybody's other mail; True if more is due.

    Ends after about `most` mails, or when `time.monotonic()` passes `until`. Raises RuntimeError inside a transaction.
    """
    left = most
    while left > 0 and time.monotonic() < until:
        asks = workspaces_with_due_messages(asks_only=True)
        handed = sum(dispatch(workspace_id, asks_only=True) for workspace_id in asks)
        if not handed:
            # A turn of other mail, then the asks are looked for again.
            handed = sum(dispatch(workspace_id) for workspace_id in _some(workspaces_with_due_messages(), until))
        if not handed:
            return False
        left -= handed
    return True


def dispatch(workspace_id: UUID, *, limit: int = BATCH, asks_only: bool = False) -> int:
    """Hand over one batch of a workspace; gives how many mails came to an end or were tried.

    Raises RuntimeError inside a transaction.
    """
    transports.refuse_inside_transaction()
    workspace = Workspace.objects.filter(pk=workspace_id, state=Workspace.State.ACTIVE).first()
    if workspace is None:
        return 0
    transport = transports.choose(workspace)
    if not transport.is_open():
        return 0
    journal = Journal()
    way = {"transport": transport.name, "journal": journal.name}
    try:
        claimed = claims.claim(workspace, limit=limit, asks_only=asks_only, **way)
        if claimed:
            _Batch(workspace, transport, claimed, journal).run()
    except BaseException:
        journal.leave()
        raise
    journal.close()
    return len(claimed)


def _some(workspace_ids: list[UUID], until: float) -> Iterator[UUID]:
    """The workspaces in turn for as long as asks may wait."""
    since = time.monotonic()
    for workspace_id in workspace_ids:
        yield workspace_id
        if time.monotonic() > min(until, since + _PATIENCE_S):
            return


class _Batch:
    """Claimed mails of one workspace on their way out."""

    def __init__(
        self, workspace: Workspace, transport: Transport, claimed: Sequence[Claimed], journal: Journal
    ) -> None:
        self._workspace, self._transport, self._journal = workspace, transport, journal
        self._waiting: deque[Claimed] = deque(claimed)
        # How many of them, from the first, the last look has seen; at first that was the claim.
        self._seen = len(claimed)
        # Given to the transport, not answered yet. More than one where it is pipelining.
        self._out: deque[Claimed] = deque()
        self._outcomes: list[Outcome] = []
        self._started = self._looked = time.monotonic()

    def run(self) -> None:
        """Hand over, record, and give back what certainly stayed."""
        trouble = ""
        try:
            for reply in self._transport.hand_over(self._letters()):
                self._note(reply)
        except Unreachable as error:
            # Nobody answers: the others of this batch need not find out one by one.
            stayed = [*self._out, *self._waiting]
            self._outcomes += [_again(message, message.instant, str(error)) for message in stayed]
            self._waiting.clear()
            trouble = str(error)
        finally:
            # What a transport that failed was given may have left: its lease will show it to a person.
            patiently(partial(recording.record, self._workspace, self._outcomes))
            patiently(partial(claims.give_back, self._workspace, self._waiting))
            if self._workspace.own_mail and (trouble or any(o.state == Message.State.SENT for o in self._outcomes)):
                connections.note(self._workspace, trouble)

    def _letters(self) -> Iterator[Letter]:
        while self._may_go_on():
            message = self._waiting.popleft()
            self._seen -= 1
            try:
                letter = self._write(message)
            except NotSendable as error:
                self._outcomes.append(self._outcome(message, Reply(Verdict.REFUSED, str(error))))
                continue
            self._out.append(message)
            yield letter

    def _may_go_on(self) -> bool:
        while self._waiting and (not self._seen or time.monotonic() - self._looked > _LOOK_AGAIN_S):
            self._look_again()
        return bool(self._waiting) and time.monotonic() - self._started < _PATIENCE_S

    def _look_again(self) -> None:
        following = list(islice(self._waiting, _LOOK_AT))
        may_go = claims.look_again(self._workspace, following)
        self._looked = time.monotonic()
        for _message in following:
            self._waiting.popleft()
        going = [message for message in following if message.pk in may_go]
        self._waiting.extendleft(reversed(going))
        self._seen = len(going)
        claims.give_back(self._workspace, [message for message in following if message.pk not in may_go])

    def _write(self, message: Claimed) -> Letter:
        content = compose(
            message,
            at=message.instant,
            unsubscribe_url=message.unsubscribe_url,
            automatic=message.kind == Message.Kind.NOTICE,
            demo=self._workspace.is_demo,
        )
        sender, recipient = ascii_address(message.from_email), ascii_address(message.to_email)
        return Letter(message, content, sender, recipient, partial(self._leaves, message, self._looked))

    def _leaves(self, message: Claimed, looked: float) -> None:
        """Note that it may have left from now on. Raises Withdrawn where it must not, by a look that is not old."""
        if time.monotonic() - looked > _OLD_LOOK_S and not claims.look_again(self._workspace, [message]):
            raise Withdrawn("Taken back while the mail server took its time.")
        self._journal.leaves(message.pk)

    def _note(self, reply: Reply) -> None:
        message = self._out.popleft()
        if reply.verdict == Verdict.TAKEN:
            self._journal.taken(message.pk)
        self._outcomes.append(self._outcome(message, reply))

    def _outcome(self, message: Claimed, reply: Reply) -> Outcome:
        # The database's clock at the claim and how long it took: no worker's clock decides when something was sent.
        at = message.instant + timedelta(seconds=time.monotonic() - self._started)
        if reply.verdict == Verdict.LATER:
            return _again(message, at, reply.words)
        if reply.verdict == Verdict.UNKNOWN and self._transport.key_life:
            return _again_under_its_key(message, at, reply.words, self._transport.key_life)
        return Outcome(message, _STATE[reply.verdict], at, reply.words, provider_id=reply.reference)


def _again(message: Claimed, at: datetime, words: str) -> Outcome:
    due_at = retry_at(now=at, attempts=message.attempts, expires_at=message.expires_at)
    if due_at is None:
        end = Message.State.UNCONFIRMED if message.keyed_until else Message.State.FAILED
        return Outcome(message, end, at, error=f"Given up after {message.attempts} tries: {words}")
    return Outcome(message, Message.State.QUEUED, at, error=words, due_at=due_at)


def _again_under_its_key(message: Claimed, at: datetime, words: str, life: timedelta) -> Outcome:
    """It may have left, but a repeat is known by its key: so it is tried again for as long as the key lives."""
    until = message.keyed_until or message.instant + life
    due_at = retry_at(now=at, attempts=message.attempts, expires_at=message.expires_at)
    if due_at is None or due_at >= until:
        return Outcome(message, Message.State.UNCONFIRMED, at, error=words)
    return Outcome(message, Message.State.QUEUED, at, error=words, due_at=due_at, key_life=life)
