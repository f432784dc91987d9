"""What makes a thank-you owed, and what became of its mail."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.dispatch import receiver

from accounts.mail.signals import Settled, address_bounced, messages_settled
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace
from feedback.responses.models import Response
from feedback.responses.signals import recent_referral_reported
from referrals.pipeline.models import Referral
from referrals.pipeline.signals import referral_created, referral_moved
from referrals.thanks import actions, occasions


@receiver(referral_created)
@transaction.atomic
def thank_for_introduction(
    sender: Any, workspace: Workspace, referral: Referral, by: Actor, now: datetime, **kwargs: Any
) -> None:
    occasions.owe_for(workspace=workspace, referral=referral, before=None, by=by, now=now)


@receiver(referral_moved)
@transaction.atomic
def thank_for_the_next_step(
    sender: Any, workspace: Workspace, referral: Referral, before: str, by: Actor, now: datetime, **kwargs: Any
) -> None:
    occasions.owe_for(workspace=workspace, referral=referral, before=before, by=by, now=now)


@receiver(recent_referral_reported)
@transaction.atomic
def thank_for_what_they_told_us(
    sender: Any, workspace: Workspace, response: Response, by: Actor, now: datetime, **kwargs: Any
) -> None:
    occasions.owe_for_self_report(workspace=workspace, response=response, by=by, now=now)


@receiver(messages_settled)
@transaction.atomic
def note_what_became_of_it(
    sender: Any, workspace: Workspace, settled: Sequence[Settled], now: datetime, **kwargs: Any
) -> None:
    actions.settle(workspace=workspace, settled=settled, now=now)


@receiver(address_bounced)
@transaction.atomic
def owe_it_again(sender: Any, workspace: Workspace, message_id: UUID, now: datetime, **kwargs: Any) -> None:
    actions.note_bounce(workspace=workspace, message_id=message_id, now=now)
