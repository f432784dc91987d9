"""The workspace's mail as a list: what waits, what nobody heard the end of, what came back, what left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts.mail import owners
from accounts.mail.confirming import REPEATABLE
from accounts.mail.models import Message
from accounts.mail.owners import Belonging
from accounts.tenancy import ids
from accounts.tenancy.models import Workspace

PER_PAGE = 50

_STATES = Message.State
# The tabs by the word in the address bar, with the states they hold.
TABS: dict[str, tuple[str, tuple[str, ...]]] = {
    "unconfirmed": ("Unconfirmed", (_STATES.UNCONFIRMED,)),
    "failed": ("Failed", (_STATES.FAILED,)),
    "waiting": ("Waiting", (_STATES.QUEUED, _STATES.SENDING)),
    "sent": ("Sent", (_STATES.SENT,)),
    "stopped": ("Not sent", (_STATES.CANCELLED,)),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One mail. `why` has the words of the mail server, or ours where it never got there."""

    message: Message
    belonging: Belonging | None
    why: str

    @property
    def may_confirm(self) -> bool:
        return self.message.state == _STATES.UNCONFIRMED

    @property
    def may_repeat(self) -> bool:
        known = self.belonging.repeatable if self.belonging else self.message.kind == Message.Kind.NOTICE
        return self.message.state in REPEATABLE and known


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of the list; `older` begins the next one, "" where this is the last."""

    rows: Sequence[Row]
    older: str = ""


def trouble(workspace: Workspace) -> dict[str, int]:
    """{"unconfirmed": mails nobody heard the end of, "failed": mails that came back}. One statement."""
    rows = workspace.messages.filter(state__in=[_STATES.UNCONFIRMED, _STATES.FAILED])
    return rows.aggregate(
        unconfirmed=Count("pk", filter=Q(state=_STATES.UNCONFIRMED)), failed=Count("pk", filter=Q(state=_STATES.FAILED))
    )


def leaf(*, workspace: Workspace, tab: str, search: str, before: str, now: datetime, per_page: int = PER_PAGE) -> Leaf:
    """The mails of one tab, the newest first, from the one after `before` (a public id) on.

    `search` looks for each of its words in address, name and subject. A `before` that can't be read begins anew.
    """
    rows = _matching(workspace.messages.filter(state__in=TABS[tab][1]), search)
    start = _key_of(before)
    if start is not None:
        rows = rows.filter(pk__lt=start)
    found = list(rows.defer("body_text", "body_html").order_by("-pk")[: per_page + 1])
    shown = found[:per_page]
    known = owners.belongings(workspace=workspace, messages=shown, now=now)
    older = shown[-1].public_id if len(found) > per_page else ""
    return Leaf([Row(one, known.get(one.pk), _why(one)) for one in shown], older)


def _matching(rows: "QuerySet[Message]", search: str) -> "QuerySet[Message]":
    for word in search.split():
        rows = rows.filter(Q(to_email__icontains=word) | Q(to_name__icontains=word) | Q(subject__icontains=word))
    return rows


def _key_of(public_id: str) -> UUID | None:
    try:
        return ids.decode(Message.prefix, public_id)
    except ids.BadId:
        return None


def _why(message: Message) -> str:
    if message.state == _STATES.CANCELLED:
        return {
            "expired": "It could not leave in time.",
            "suppressed": "They asked not to hear from us.",
        }.get(message.error, message.error or "Taken back before it left.")
    return message.error
