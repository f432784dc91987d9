"""What asks do when something happens in a lower room. Each in a savepoint: a failure here must not lose the fact."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.dispatch import receiver

from accounts.customers.models import Contact
from accounts.mail.capture import Copy
from accounts.mail.signals import Settled, address_bounced, mail_copied, messages_settled
from accounts.members.models import Member
from accounts.members.signals import member_away, member_deactivated
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace
from feedback.responses.models import Response
from feedback.responses.signals import low_answer_recorded
from referrals.asks import actions, low_answers


@receiver(messages_settled, dispatch_uid="asks.settle")
@transaction.atomic
def settle_asks(sender: Any, workspace: Workspace, settled: list[Settled], now: datetime, **_more: Any) -> None:
    actions.settle(workspace=workspace, settled=settled, now=now)


@receiver(address_bounced, dispatch_uid="asks.bounce")
@transaction.atomic
def fail_bounced_ask(
    sender: Any, workspace: Workspace, message_id: UUID, words: str, now: datetime, **_more: Any
) -> None:
    actions.note_bounce(workspace=workspace, message_id=message_id, words=words, now=now)


@receiver(mail_copied, dispatch_uid="asks.copied")
def settle_copied_ask(
    sender: Any, workspace: Workspace, copy: Copy, member: Member, now: datetime, **_more: Any
) -> str | None:
    """A member sent an ask from their own mailbox: it has left."""
    return actions.settle_copy(workspace=workspace, copy=copy, member=member, now=now)


@receiver(low_answer_recorded, dispatch_uid="asks.low_answer")
@transaction.atomic
def leave_alone_after_low_answer(
    sender: Any, workspace: Workspace, contact: Contact, response: Response, now: datetime, by: Actor, **_more: Any
) -> None:
    """The latest answer is a low one: nothing that was queued before may reach this person."""
    low_answers.leave_alone(workspace=workspace, contact=contact, response=response, by=by, now=now)


@receiver(member_away, dispatch_uid="asks.member_away")
@receiver(member_deactivated, dispatch_uid="asks.member_deactivated")
@transaction.atomic
def hand_over_asks(sender: Any, workspace: Workspace, member: Member, now: datetime, by: Actor, **_more: Any) -> None:
    """Queued asks move to the deputy in the same transaction."""
    actions.hand_over(workspace=workspace, member=member, by=by, now=now)
