"""What an advocate does on their page."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.tenancy.actor import Actor, ActorKind
from referrals.asks import answering, circumstances, rests
from referrals.asks.models import Ask
from referrals.links.models import Link
from referrals.pipeline import actions as pipeline
from referrals.pipeline.models import Referral
from referrals.pipeline.referee import Referee

_ANSWERABLE = [state.value for state in (*circumstances.OPEN_STATES, Ask.State.SENT, Ask.State.ANSWERED)]


@transaction.atomic
def introduce(*, link: Link, wanted: dict[str, Any], now: datetime) -> tuple[Referral, bool]:
    """Store an introduction; (referral, whether it is new). `wanted`: the cleaned data of an Introduction.

    Raises InvalidInput.
    """
    ask = open_ask(link)
    referral, is_new = pipeline.create(
        workspace=link.workspace,
        program=link.program,
        referrer=link.contact,
        link=link,
        ask=ask,
        source=Referral.Source.INTRODUCTION,
        referee=Referee(name=wanted["name"], email=wanted["email"], company_name=wanted["company"]),
        advocate_note=wanted["note"],
        by=_by(link),
        now=now,
    )
    answer(link=link, answer=Ask.Answer.INTRODUCED, now=now)
    return referral, is_new


@transaction.atomic
def answer(*, link: Link, answer: str, now: datetime) -> None:
    """Store what they say to their ask; without one it still gives them the rest they are due."""
    ask = open_ask(link)
    if ask is not None:
        answering.answer(ask=ask, answer=answer, by=_by(link), now=now)
        return
    contact = circumstances.lock_contact(workspace=link.workspace, contact_id=link.contact_id)
    rests.after_answer(contact=contact, answer=answer, now=now)


def open_ask(link: Link) -> Ask | None:
    """The latest ask that this page can still answer."""
    # Locked as all asks are: the contact first.
    circumstances.lock_contact(workspace=link.workspace, contact_id=link.contact_id)
    asks = link.workspace.asks.filter(link=link, state__in=_ANSWERABLE).select_related("workspace")
    return asks.order_by("-queued_at", "-pk").first()


def _by(link: Link) -> Actor:
    return Actor(ActorKind.CONTACT, link.contact_id)
