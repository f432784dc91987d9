"""Who may hand over which mail. Every time here is the database's: workers' clocks may differ."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Now

from accounts.mail import recording
from accounts.mail.models import Message, Suppression
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope

# Longer than one mail can take, or a slow mail server would look like a dead worker.
LEASE = timedelta(minutes=5)

_ASK, _NOTICE = Message.Kind.ASK, Message.Kind.NOTICE
# A mail whose approval ran out waits until its cause was judged again; one that has expired is settled all the same.
_APPROVED = Q(approved_until=None) | Q(approved_until__gt=Now()) | Q(expires_at__lte=Now())


def claim(workspace: Workspace, *, limit: int) -> tuple[list[Message], bool]:
    """Take up to `limit` due mails, asks first, in a transaction of its own; gives them and whether more may be due.

    What expired or is suppressed is settled here. The caller may act once this returns: the commit is acknowledged.
    """
    with workspace_scope(workspace.pk):
        _settle_leases(workspace)
        due = list(
            _judged(workspace.messages.filter(_APPROVED, state=Message.State.QUEUED, due_at__lte=Now()))
            .order_by(Case(When(kind=_ASK, then=0), default=1), "due_at")
            .select_for_update(skip_locked=True, of=("self",))[:limit]
        )
        _cancel(workspace, [message for message in due if message.doom])
        claimed = [message for message in due if not message.doom]
        workspace.messages.filter(pk__in=[message.pk for message in claimed]).update(
            state=Message.State.SENDING, attempts=F("attempts") + 1, lease_until=Now() + LEASE, handed_at=None
        )
        for message in claimed:
            message.attempts += 1
    return claimed, len(due) == limit


def begin(workspace: Workspace, message: Message) -> datetime | None:
    """Note durably that this mail goes out now; gives the instant, or None if it must not go any more.

    The last look: a mail that was taken back, suppressed or expired since the claim stays here, and so does one whose
    lease another worker has taken over. A suppression committed after this, before the mail server's reply, is late.
    """
    with workspace_scope(workspace.pk):
        ours = _judged(_held(workspace, message).filter(_APPROVED, handed_at=None, lease_until__gt=Now()))
        current = ours.select_for_update(of=("self",)).first()
        if current is None:
            return None
        if current.doom:
            _cancel(workspace, [current])
            return None
        workspace.messages.filter(pk=message.pk).update(handed_at=current.instant, lease_until=Now() + LEASE)
        return current.instant


def release(workspace: Workspace, messages: list[Message]) -> None:
    """Give back claimed mails that were not begun, for the next batch."""
    with workspace_scope(workspace.pk):
        for message in messages:
            _held(workspace, message).filter(handed_at=None).update(state=Message.State.QUEUED, lease_until=None)


def _held(workspace: Workspace, message: Message) -> QuerySet[Message]:
    """The row while this claim holds it: the number of attempts tells our claim from a later one."""
    return workspace.messages.filter(pk=message.pk, state=Message.State.SENDING, attempts=message.attempts)


def _settle_leases(workspace: Workspace) -> None:
    """A worker died. What it had begun may have left, and nobody may guess; what it had not begun certainly stayed."""
    run_out = list(
        workspace.messages.filter(state=Message.State.SENDING, lease_until__lte=Now())
        .annotate(instant=Now())
        .select_for_update(skip_locked=True)
    )
    begun = [message for message in run_out if message.handed_at]
    recording.settle(workspace, begun, state=Message.State.UNCONFIRMED, error="The worker died before the answer came.")
    workspace.messages.filter(pk__in=[message.pk for message in run_out if not message.handed_at]).update(
        state=Message.State.QUEUED, lease_until=None
    )


def _cancel(workspace: Workspace, doomed: list[Any]) -> None:
    for reason in ("expired", "suppressed"):
        messages = [message for message in doomed if message.doom == reason]
        recording.settle(workspace, messages, state=Message.State.CANCELLED, error=reason)


def _judged(messages: QuerySet[Message]) -> Any:
    """With `doom`: "expired", "suppressed" or "", and `instant`, the database's time.

    Mail to the team is not suppressed: a colleague may be somebody's customer too.
    """
    purposes = Suppression.Purpose
    purpose = Case(
        When(kind=_ASK, then=Value(purposes.ASKS)),
        When(kind=Message.Kind.SURVEY, then=Value(purposes.SURVEYS)),
        When(kind=Message.Kind.CAMPAIGN, then=Value(purposes.CAMPAIGNS)),
        default=Value(purposes.ALL),
    )
    blocks = Suppression.objects.filter(
        Q(purpose=purposes.ALL) | Q(purpose=OuterRef("purpose")),
        workspace_id=OuterRef("workspace_id"),
        email_hash=OuterRef("email_hash"),
    )
    doom = Case(
        When(expires_at__lte=Now(), then=Value("expired")),
        When(~Q(kind=_NOTICE) & Exists(blocks), then=Value("suppressed")),
        default=Value(""),
    )
    return messages.annotate(purpose=purpose, instant=Now()).annotate(doom=doom)
