"""Which steps of a referral are thanked for, and the sweep that finds what was missed."""

from datetime import datetime, timedelta

from accounts.mail.models import Message
from accounts.mail.signals import Settled
from accounts.tenancy.actor import SYSTEM, Actor
from accounts.tenancy.models import Workspace
from feedback.responses.models import Response
from referrals.pipeline.models import Referral
from referrals.thanks import actions
from referrals.thanks.models import ThankYou

Occasion, Stage = ThankYou.Occasion, Referral.Stage

LOOK_BACK = timedelta(days=7)
MOST_AT_ONCE = 500

_OF_STAGE = {Stage.MET: Occasion.MET, Stage.WON: Occasion.WON, Stage.LOST: Occasion.LOST}


def owe_for(
    *, workspace: Workspace, referral: Referral, before: str | None, by: Actor, now: datetime
) -> list[ThankYou]:
    """Owe what this step of the referral deserves; a referral without a referrer owes nobody."""
    contact = referral.referrer
    if contact is None:
        return []
    return [
        actions.owe(
            workspace=workspace,
            contact=contact,
            referral=referral,
            occasion=occasion,
            source_key=f"referral:{referral.pk}:{occasion}",
            by=by,
            now=now,
        )
        for occasion in _occasions(before, referral.stage)
    ]


def owe_for_self_report(*, workspace: Workspace, response: Response, by: Actor, now: datetime) -> ThankYou | None:
    """“Yes, I referred someone in the last six months” deserves thanks, and the question to whom."""
    if not response.referred_recently or response.contact is None:
        return None
    return actions.owe(
        workspace=workspace,
        contact=response.contact,
        referral=None,
        occasion=Occasion.SELF_REPORTED,
        source_key=f"response:{response.pk}",
        by=by,
        now=now,
    )


def owe_for_self_reports(*, workspace: Workspace, now: datetime) -> int:
    """The sweep for answers of the last days whose thank-you was missed; how many."""
    answers = Response.objects.filter(
        workspace=workspace, referred_recently=True, contact__isnull=False, received_at__gte=now - LOOK_BACK
    )
    keys = {f"response:{response.pk}": response for response in answers.select_related("contact__company__owner")}
    known = set(workspace.thank_yous.filter(source_key__in=keys).values_list("source_key", flat=True))
    missed = [response for key, response in keys.items() if key not in known]
    for response in missed:
        owe_for_self_report(workspace=workspace, response=response, by=SYSTEM, now=now)
    return len(missed)


def settle_left(*, workspace: Workspace, now: datetime) -> int:
    """Take up thank-yous whose mail came to an end without their hearing of it; how many changed."""
    ended = [Message.State.SENT, Message.State.FAILED, Message.State.CANCELLED]
    left = workspace.thank_yous.filter(state__in=actions.UNDER_WAY, message__state__in=ended).select_related("message")
    settled = [
        Settled(
            message_id=row.message.pk,
            key=row.message.key,
            kind=row.message.kind,
            state=row.message.state,
            at=row.message.sent_at or now,
            error=row.message.error,
            rfc_message_id=row.message.rfc_message_id,
        )
        for row in left[:MOST_AT_ONCE]
        if row.message is not None
    ]
    return actions.settle(workspace=workspace, settled=settled, now=now)


def _occasions(before: str | None, stage: str) -> list[str]:
    found: list[str] = []
    # A mere name is no introduction yet; it becomes one when it moves on.
    if before in (None, Stage.NAMED) and stage not in (Stage.NAMED, Stage.LOST, Stage.REJECTED):
        found.append(Occasion.INTRODUCTION.value)
    if stage in _OF_STAGE:
        found.append(_OF_STAGE[Stage(stage)].value)
    return found
