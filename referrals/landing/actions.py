"""A referred person asks for a call."""

from datetime import datetime
from typing import Any

from accounts.tenancy.actor import SYSTEM
from referrals.links.models import Link
from referrals.links.visits import Opened
from referrals.pipeline import actions as pipeline
from referrals.pipeline.models import Referral
from referrals.pipeline.referee import Referee


def request_call(*, link: Link, opened: Opened, wanted: dict[str, Any], now: datetime) -> tuple[Referral, bool]:
    """Store the request as a referral by this link; (referral, whether it is new).

    `wanted`: the cleaned data of a CallRequest. The same person twice, or somebody introduced before they came, is the
    same referral; what they add to it is kept. Raises InvalidInput.
    """
    referee = Referee(
        name=wanted["name"],
        email=wanted["email"],
        phone=wanted["phone"],
        company_name=wanted["company"],
        timezone=wanted["timezone"],
    )
    referral, is_new = pipeline.create(
        workspace=link.workspace,
        program=link.program,
        referrer=link.contact,
        link=link,
        source=Referral.Source.LINK,
        referee=referee,
        wishes=wanted["wishes"],
        visitor_id=opened.visitor_id,
        # Nobody is signed in, and a referred person is no contact yet.
        by=SYSTEM,
        now=now,
    )
    if not is_new:
        referral = pipeline.complete(referral=referral, referee=referee, wishes=wanted["wishes"], by=SYSTEM, now=now)
    return referral, is_new
