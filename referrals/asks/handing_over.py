"""Somebody left the team or is away: nothing goes out in their name, and no promise is lost with them."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.members.models import Member
from accounts.tenancy.actor import SYSTEM, Actor
from accounts.tenancy.models import Workspace
from referrals.asks import circumstances
from referrals.asks.events import record
from referrals.asks.facts import latest_outcome
from referrals.asks.models import Ask
from referrals.asks.moves import move_mail
from referrals.asks.queueing import write_draft
from referrals.asks.senders import is_there, sender_for


@transaction.atomic
def hand_over(*, workspace: Workspace, member: Member, by: Actor, now: datetime) -> int:
    """Give the member's queued asks to their deputy, else to the workspace's sender; gives how many.

    Untouched drafts are written anew in the new name. Words that a person wrote stay, and wait for one more look.
    """
    waiting = workspace.asks.filter(sender=member, state=Ask.State.QUEUED).order_by("contact_id")
    for ask in waiting:
        _give(circumstances.lock(ask=ask, states=(Ask.State.QUEUED,)), member, by, now)
    return len(waiting)


def hand_over_left(*, workspace: Workspace, now: datetime) -> int:
    """Asks still in the name of somebody who has left, whatever kept them there; gives how many moved."""
    left = workspace.members.filter(is_active=False, asks__state=Ask.State.QUEUED).distinct()
    return sum(hand_over(workspace=workspace, member=member, by=SYSTEM, now=now) for member in left)


def hand_over_away(*, workspace: Workspace, now: datetime) -> int:
    """Asks in the name of somebody whose absence has begun meanwhile; gives how many moved."""
    # Every zone's today lies within a day of ours; each member's own calendar decides.
    around = now.date() - timedelta(days=1)
    waiting = workspace.members.filter(is_active=True, absent_until__gte=around, asks__state=Ask.State.QUEUED)
    away = [member for member in waiting.distinct() if not is_there(member, workspace, now)]
    return sum(hand_over(workspace=workspace, member=member, by=SYSTEM, now=now) for member in away)


def _give(ask: Ask, former: Member, by: Actor, now: datetime) -> None:
    sender = sender_for(workspace=ask.workspace, contact=ask.contact, now=now)
    ask.sender, ask.sender_name, ask.sender_email = sender.member, sender.name, sender.email
    if ask.edited_by_person:
        ask.problems = [*ask.problems, _one_more_look(former)]
    else:
        response = ask.moment.response if ask.moment else None
        outcome = latest_outcome(workspace=ask.workspace, contact=ask.contact, now=now)
        write_draft(ask=ask, sender=sender, response=response, outcome=outcome, now=now)
    move_mail(ask, now)
    ask.save()
    record("ask.handed_over", ask=ask, by=by, now=now, sender=sender.name)


def _one_more_look(former: Member) -> dict[str, Any]:
    code, why = ("sender_away", "is away now") if former.is_active else ("sender_left", "has left the team")
    detail = f"{former.name} wrote this and {why}. Read it in your own name before it goes."
    return {"code": code, "detail": detail, "token": ""}
