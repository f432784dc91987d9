"""Today of several workspaces, for people who work in more than one: each read in its own scope, a few rows each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.members import queries as members
from accounts.members.permissions import Permission, can
from accounts.tenancy.models import Workspace
from referrals.today import queries, slips
from referrals.today.headline import Headline, Waiting, headline
from referrals.today.slips import Slip

# More is a list of names: nobody reads twenty desks on one page.
MOST_WORKSPACES = 12
MOST_ROWS = 5


@dataclass(frozen=True, slots=True)
class House:
    """One workspace's day: the sentence on top, asks with their clocks, what else is due, and how much is left out."""

    name: str
    url: str
    top: Headline
    asks: list[Slip]
    also: list[Slip]
    more: int


def house_of(*, user: Any, workspace: Workspace, now: datetime) -> House | None:
    """What waits in the workspace for somebody; None where the user is no member (any more). About seven statements."""
    with transaction.atomic():
        member = members.enter(user, workspace.slug)
        if member is None:
            return None
        zone = queries.zone_of(member, workspace)
        with timezone.override(zone):
            reader = slips.Reader(workspace.slug, zone, now, can(member, Permission.SCORES_READ))
            return _house(workspace, queries.pile(workspace=workspace, now=now), reader)


def _house(workspace: Workspace, pile: queries.Pile, reader: slips.Reader) -> House:
    asks = [slips.ask_slip(ask, reader) for ask in pile.asks]
    also = [
        *(slips.needing_slip(ask, reader) for ask in pile.needing),
        *(slips.referral_slip(row, reader) for row in pile.referrals),
        *(slips.thank_you_slip(row, reader) for row in pile.thank_yous),
    ]
    waiting = [
        Waiting(ask.responded_at, ask.deadline_at, is_praise=slips.response_of(ask) is not None) for ask in pile.asks
    ]
    return House(
        name=workspace.name,
        url=reverse("today", args=[workspace.slug]),
        top=headline(waiting, missed=pile.missed, zone=reader.zone, now=reader.now),
        asks=asks[:MOST_ROWS],
        also=also[:MOST_ROWS],
        more=max(len(asks) - MOST_ROWS, 0) + max(len(also) - MOST_ROWS, 0),
    )
