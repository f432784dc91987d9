"""Whoever queued a mail vouches for it for a while: nothing that was judged before an outage leaves unseen after it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Greatest, Least, Now

from accounts.mail.models import Message
from accounts.tenancy.models import Workspace

# Judged so long before it is due, a mail may leave when it is due. Many ticks long.
LOOK_AHEAD = timedelta(hours=1)
# A mail that is late by more than this is judged again.
LEEWAY = timedelta(minutes=5)


def approved_until(*, due_at: datetime, judged_at: datetime) -> datetime:
    """Until when a mail that was judged at `judged_at` may leave: five minutes after it is due, and never longer than
    that after the hour that follows the judgement."""
    return min(max(due_at, judged_at), judged_at + LOOK_AHEAD) + LEEWAY


def approve(*, workspace: Workspace, message_ids: Collection[UUID]) -> int:
    """These waiting mails were judged just now; gives how many may leave. By the database's clock, like every claim."""
    waiting = workspace.messages.filter(pk__in=message_ids, state=Message.State.QUEUED)
    return waiting.update(approved_until=Least(Greatest(F("due_at"), Now()), Now() + LOOK_AHEAD) + LEEWAY)
