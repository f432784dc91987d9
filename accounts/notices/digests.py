"""One mail in the member's morning with what could wait; none where there is nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from accounts.mail import actions as mail
from accounts.mail.models import Message
from accounts.members.models import Member
from accounts.notices import emails, quiet
from accounts.notices.models import Channel, Notice
from accounts.tenancy.models import Workspace

# A longer list is read on the page.
MOST_LINES = 40
# The mail of a morning is of no use the day after.
_LASTS = timedelta(hours=18)


def send_due(*, workspace: Workspace, now: datetime) -> int:
    """Write to everybody whose day has begun and who has something to read; gives how many mails were queued."""
    waiting = workspace.notices.filter(digested_at=None, channels__contains=[Channel.DIGEST])
    members = workspace.members.filter(pk__in=waiting.values("member"), is_active=True).order_by("pk")
    return sum(_send(workspace, member, now) for member in members)


@transaction.atomic
def _send(workspace: Workspace, member: Member, now: datetime) -> bool:
    member.workspace = workspace
    begun = quiet.morning(member, now)
    if begun is None:
        return False
    key = f"digest:{member.pk}:{begun.astimezone(quiet.zone_of(member)):%Y-%m-%d}"
    if workspace.messages.filter(key=key).exists():
        return False
    notices = _take(workspace, member, now)
    if not notices:
        return False
    mail.queue(
        workspace=workspace,
        kind=Message.Kind.NOTICE,
        key=key,
        envelope=emails.digest(workspace=workspace, member=member, notices=notices[:MOST_LINES]),
        due_at=now,
        expires_at=now + _LASTS,
    )
    return True


def _take(workspace: Workspace, member: Member, now: datetime) -> Sequence[Notice]:
    """What is told now, the newest first; what was read meanwhile is left out for good."""
    rows = workspace.notices.filter(member=member, digested_at=None, channels__contains=[Channel.DIGEST])
    # Two ticks at once wait for each other here; the second finds none.
    taken = list(rows.select_for_update().order_by("-created_at", "-pk"))
    workspace.notices.filter(pk__in=[one.pk for one in taken]).update(digested_at=now)
    return [one for one in taken if one.read_at is None]
