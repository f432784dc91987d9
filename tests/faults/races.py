"""People who change their mind while their mail is on its way: unsubscribing, answering, skipped on the desk."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from django.db import Error, connection

from accounts.mail import preferences
from accounts.mail.models import Message
from accounts.tenancy.actor import SYSTEM, Actor, ActorKind
from accounts.tenancy.scope import workspace_scope
from referrals.asks import actions as asks
from referrals.asks.errors import AskNotOpen, MailIsLeaving
from referrals.asks.models import Ask
from tests.faults.people import Posted

_PAUSE_S = 0.2
# Around the hour of the mail, most within a second of it: that is where the claim is.
_CLOSE_S, _EARLY_S, _LATE_S = 1.0, 5.0, 20.0


class Races(threading.Thread):
    """Does what they want at their hour, again if the database was away. `unsubscribed` has the instant after each
    commit, by Message-ID; `done` counts by role."""

    def __init__(self, posted: Sequence[Posted], *, beginning: float, chance: random.Random) -> None:
        super().__init__(name="races")
        acts = {"unsubscribing": self._unsubscribe, "answering": _answer, "skipping": _skip}
        plan = [(beginning + one.due_in + _delay(chance), one) for one in posted if one.role in acts]
        self._plan = sorted(plan, key=lambda entry: entry[0])
        self._acts: dict[str, Callable[[Posted], None]] = acts
        self._stopped = threading.Event()
        self.unsubscribed: dict[str, float] = {}
        self.done: dict[str, int] = dict.fromkeys(acts, 0)

    def stop(self) -> None:
        self._stopped.set()
        self.join()

    def run(self) -> None:
        for at, one in self._plan:
            while not self._stopped.wait(max(0.0, at - time.time())):
                try:
                    with workspace_scope(one.workspace.pk):
                        self._acts[one.role](one)
                except Error:  # the database is away
                    connection.close()
                    at = time.time() + _PAUSE_S
                    continue
                if one.role == "unsubscribing":
                    self.unsubscribed[one.message_id] = time.time()
                self.done[one.role] += 1
                break
        connection.close()

    def _unsubscribe(self, one: Posted) -> None:
        """As a mail program does: by the address in the mail's own header."""
        token = Message.objects.get(pk=one.message).unsubscribe_url.rpartition("/")[2].partition("?")[0]
        preferences.unsubscribe(
            workspace=one.workspace,
            recipient=preferences.find(one.workspace, token),
            purpose="all",
            now=datetime.now(UTC),
        )


def _answer(one: Posted) -> None:
    """They saw the page, and say what they have to say there."""
    ask = Ask.objects.select_related("workspace").get(pk=one.ask)
    by = Actor(ActorKind.CONTACT, ask.contact_id)
    try:
        asks.answer(ask=ask, answer="shared", by=by, now=datetime.now(UTC))
    except AskNotOpen:
        return


def _skip(one: Posted) -> None:
    ask = Ask.objects.select_related("workspace").get(pk=one.ask)
    try:
        asks.skip(ask=ask, reason="Not this week", by=SYSTEM, now=datetime.now(UTC))
    except (AskNotOpen, MailIsLeaving):
        return


def _delay(chance: random.Random) -> float:
    if chance.random() < 0.7:
        return chance.gauss(0.5, _CLOSE_S)
    return chance.uniform(-_EARLY_S, _LATE_S)
