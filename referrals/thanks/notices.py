"""A thank-you that nobody said within its working day is told once to whoever owes it."""

from datetime import datetime, timedelta

from django.urls import reverse

from accounts.members.models import Member
from accounts.notices import actions as notices
from accounts.notices import recipients
from accounts.notices.actions import News
from accounts.notices.models import Kind, Notice
from accounts.tenancy.models import Workspace
from referrals.thanks.models import ThankYou

# Longer ago, somebody has been told, or was on an outage too long for it to be news.
_LOOK_BACK = timedelta(days=7)
_MOST_AT_ONCE = 500
_TO_BE_SAID = (ThankYou.State.OWED, ThankYou.State.FAILED)


def tell_of_late_ones(*, workspace: Workspace, now: datetime) -> int:
    """Tell of thank-yous owed past their day, once each; of how many somebody was told now."""
    late = workspace.thank_yous.filter(state__in=_TO_BE_SAID, due_at__lte=now, due_at__gt=now - _LOOK_BACK)
    rows = {
        _key(row): row for row in late.select_related("contact", "sender__deputy").order_by("due_at")[:_MOST_AT_ONCE]
    }
    if not rows:
        return 0
    known = set(Notice.objects.filter(workspace=workspace, key__in=rows).values_list("key", flat=True))
    others = recipients.leaders(workspace)
    told = [
        (reader, _news(workspace, row))
        for key, row in rows.items()
        if key not in known
        for reader in _readers(workspace, row, others, now)
    ]
    return len({notice.key for notice in notices.tell_all(workspace=workspace, told=told, now=now)})


def put_away(*, thank_you: ThankYou, now: datetime) -> None:
    """It was said, or will not be."""
    notices.put_away(workspace=thank_you.workspace, subjects=[_subject(thank_you)], now=now)


def _readers(workspace: Workspace, row: ThankYou, others: list[Member], now: datetime) -> list[Member]:
    reader = recipients.instead_of(row.sender, workspace=workspace, now=now)
    return [reader] if reader else others


def _key(row: ThankYou) -> str:
    return f"thank:{row.pk}:late"


def _subject(row: ThankYou) -> str:
    return f"thank:{row.pk}"


def _news(workspace: Workspace, row: ThankYou) -> News:
    return News(
        kind=Kind.THANKS_LATE,
        key=_key(row),
        subject=_subject(row),
        title=f"{row.contact.name} still waits for a thank-you",
        text=f"{row.get_occasion_display()}. A draft is ready, or say it in person.",
        path=reverse("today-thank-you", args=[workspace.slug, row.public_id]),
    )
