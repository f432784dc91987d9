"""What ends an ask from the other side: an answer, or a reason to leave the person alone."""

from datetime import datetime

from django.db import connection, transaction

from accounts.customers.models import Contact
from accounts.mail import actions as mail
from accounts.tenancy.actor import Actor, ActorKind
from accounts.tenancy.models import Workspace
from referrals.asks import circumstances, post, rests
from referrals.asks.errors import AskNotOpen
from referrals.asks.events import record
from referrals.asks.models import Ask

_ANSWERABLE = (Ask.State.QUEUED, Ask.State.SENDING, Ask.State.SENT, Ask.State.UNCONFIRMED)
# Whoever shared may still introduce somebody; a "no" after that changes nothing.
_WEIGHT = {Ask.Answer.INTRODUCED.value: 2, Ask.Answer.SHARED.value: 1}


@transaction.atomic
def answer(*, ask: Ask, answer: str, by: Actor, now: datetime) -> Ask:
    """Store what they said, take back the mail and the reminder, and let them rest.

    An ask answered before keeps its answer unless this one is warmer (introduced over shared over the rest). Raises
    AskNotOpen for an ask that was skipped, missed or failed.
    """
    ask = circumstances.lock(ask=ask)
    if ask.state == Ask.State.ANSWERED:
        return _answer_again(ask, answer, by, now)
    if ask.state not in _ANSWERABLE:
        raise AskNotOpen.of(ask)
    # No mail has left, so they can only have seen it on the page where they gave their score.
    if ask.state == Ask.State.QUEUED and by.kind == ActorKind.CONTACT:
        ask.channel = Ask.Channel.SAME_BREATH
    post.take_back(ask)
    _drop_reminder(ask)
    ask.state, ask.answer, ask.answered_at = Ask.State.ANSWERED, answer, now
    ask.save()
    ask.contact.asked_at = ask.queued_at
    rests.after_answer(contact=ask.contact, answer=answer, now=now)
    record("ask.answered", ask=ask, by=by, now=now)
    return ask


# Two statements in one round trip, because a low answer waits for them: most people have nothing to take back. The
# second sees what was committed while the first waited for the lock.
_ANYTHING_LEFT = """
SELECT FROM accounts_contact WHERE workspace_id = %(workspace)s AND id = %(contact)s FOR NO KEY UPDATE;
SELECT EXISTS (SELECT FROM referrals_ask ask
                WHERE ask.workspace_id = %(workspace)s AND ask.contact_id = %(contact)s
                  AND (ask.state IN ('queued', 'sending')
                       OR ask.state = 'sent' AND (ask.reminder_due_at IS NOT NULL OR ask.reminder_id IS NOT NULL)))
"""


@transaction.atomic(savepoint=False)
def cancel_for(*, workspace: Workspace, contact: Contact, reason: str, by: Actor, now: datetime) -> int:
    """Take back every ask and reminder to this contact that has not left yet; gives how many asks were cancelled."""
    with connection.cursor() as cursor:
        cursor.execute(_ANYTHING_LEFT, {"workspace": workspace.pk, "contact": contact.pk})
        if not cursor.fetchone()[0]:
            return 0
    contact = circumstances.lock_contact(workspace=workspace, contact_id=contact.pk)
    rows = (
        workspace.asks.filter(contact=contact).select_related("workspace").select_for_update(of=("self",), no_key=True)
    )
    for reminded in rows.filter(state=Ask.State.SENT, reminder_due_at__isnull=False):
        reminded.contact = contact
        _drop_reminder(reminded)
        reminded.save(update_fields=["reminder_due_at", "updated_at"])
    _take_back_reminders(workspace, contact)
    cancelled = 0
    for ask in rows.filter(state__in=[Ask.State.QUEUED, Ask.State.SENDING]):
        ask.contact = contact
        # A mail that is leaving at this moment can't be stopped; its outcome will be recorded as it is.
        if post.take_back(ask):
            ask.state, ask.send_at, ask.ended_reason = Ask.State.SKIPPED, None, reason[:240]
            ask.save()
            record("ask.skipped", ask=ask, by=by, now=now, reason=ask.ended_reason)
            cancelled += 1
    if cancelled:
        circumstances.forget_asked(contact=contact, now=now)
    return cancelled


def _answer_again(ask: Ask, answer: str, by: Actor, now: datetime) -> Ask:
    if _WEIGHT.get(answer, 0) <= _WEIGHT.get(ask.answer, 0):
        return ask
    ask.answer, ask.answered_at = answer, now
    ask.save(update_fields=["answer", "answered_at", "updated_at"])
    rests.after_answer(contact=ask.contact, answer=answer, now=now)
    record("ask.answered", ask=ask, by=by, now=now)
    return ask


def _drop_reminder(ask: Ask) -> None:
    ask.reminder_due_at = None
    mail.cancel(workspace=ask.workspace, message_id=ask.reminder_id)


def _take_back_reminders(workspace: Workspace, contact: Contact) -> None:
    sent = workspace.asks.filter(contact=contact, state=Ask.State.SENT, reminder__state="queued")
    for message_id in sent.values_list("reminder_id", flat=True):
        mail.cancel(workspace=workspace, message_id=message_id)
