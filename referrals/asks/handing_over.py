"""Somebody left the team: nothing goes out in their name any more, and no promise is lost with them."""

from datetime import datetime

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
from referrals.asks.senders import sender_for


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


def _give(ask: Ask, former: Member, by: Actor, now: datetime) -> None:
    sender = sender_for(workspace=ask.workspace, contact=ask.contact, now=now)
    ask.sender, ask.sender_name, ask.sender_email = sender.member, sender.name, sender.email
    if ask.edited_by_person:
        detail = f"{former.name} wrote this and has left the team. Read it in your own name before it goes."
        ask.problems = [*ask.problems, {"code": "sender_left", "detail": detail, "token": ""}]
    else:
        response = ask.moment.response if ask.moment else None
        outcome = latest_outcome(workspace=ask.workspace, contact=ask.contact, now=now)
        write_draft(ask=ask, sender=sender, response=response, outcome=outcome, now=now)
    move_mail(ask, now)
    ask.save()
    record("ask.handed_over", ask=ask, by=by, now=now, sender=sender.name)
