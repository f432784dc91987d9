"""What a person does with an ask on the desk: edit, send, take back, skip, call."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.customers.gate import judge
from accounts.tenancy.actor import Actor
from accounts.tenancy.errors import InvalidInput
from referrals.asks import circumstances, clock, drafts, post, rests
from referrals.asks.errors import AskNotOpen, DraftStopped, LeaveAlone, MailIsLeaving, TooLate
from referrals.asks.events import record
from referrals.asks.facts import latest_outcome
from referrals.asks.gatekeeping import standing_reasons
from referrals.asks.models import Ask
from referrals.asks.queueing import known_facts, leaves_by_itself
from referrals.asks.senders import Sender, sender_for

LATE_GRACE = timedelta(hours=48)
_ON_THE_DESK = (Ask.State.QUEUED, Ask.State.EXPIRED)


@transaction.atomic
def edit(
    *,
    ask: Ask,
    by: Actor,
    now: datetime,
    subject: str | None = None,
    body: str | None = None,
    send_at: datetime | None = None,
) -> Ask:
    """Change the words or the time of a queued ask, and of its mail.

    Placeholders in the new words are filled in; what stays open stops the ask. Raises AskNotOpen, MailIsLeaving,
    InvalidInput (send_at in the past or after the deadline).
    """
    ask = circumstances.lock(ask=ask, states=_ON_THE_DESK)
    if send_at is not None:
        _judge_time(ask, send_at, now)
        ask.planned_send_at, ask.late_by_choice = send_at, send_at >= ask.deadline_at
    if subject is not None or body is not None:
        _rewrite(ask, subject, body, now)
        ask.edited_by_person = True
    if ask.state == Ask.State.QUEUED:
        move_mail(ask, now)
    ask.save()
    record("ask.edited", ask=ask, by=by, now=now)
    return ask


@transaction.atomic
def send(*, ask: Ask, by: Actor, now: datetime) -> Ask:
    """A person decided: the mail is handed over in 60 seconds; the call, where it is one, has been made.

    Polite hours do not hold it, the gate does. Raises AskNotOpen, DraftStopped, LeaveAlone, TooLate, MailIsLeaving.
    """
    ask = circumstances.lock(ask=ask, states=_ON_THE_DESK)
    if ask.channel == Ask.Channel.CALL:
        return mark_called(ask=ask, by=by, now=now)
    return _leave_in_a_minute(ask, by, now)


@transaction.atomic
def send_again(*, ask: Ask, by: Actor, now: datetime) -> Ask:
    """The mail came back, or nobody heard what became of it: a person lets it go once more, to the present address.

    Like `send`, with the gate, the minute to undo and the grace. Raises what `send` raises, InvalidInput without an
    address.
    """
    ask = circumstances.lock(ask=ask, states=(Ask.State.UNCONFIRMED, Ask.State.FAILED))
    if not ask.contact.email:
        raise InvalidInput(f"There is no address of {ask.contact.name} to write to.", field="email")
    return _leave_in_a_minute(ask, by, now)


def _leave_in_a_minute(ask: Ask, by: Actor, now: datetime) -> Ask:
    if ask.problems:
        raise DraftStopped.of(ask.problems)
    _may_go(ask, now)
    due_at, latest = clock.hand_over_at(now, ask.deadline_at), ask.deadline_at + LATE_GRACE
    if not post.renew(ask=ask, contact=ask.contact, due_at=due_at, expires_at=latest, judged_at=now):
        raise MailIsLeaving("This mail is leaving at this moment.")
    ask.state, ask.send_at, ask.sent_by_person, ask.ended_reason = Ask.State.SENDING, due_at, True, ""
    ask.save()
    ask.workspace.contacts.filter(pk=ask.contact_id).update(asked_at=ask.queued_at)
    record("ask.approved", ask=ask, by=by, now=now)
    return ask


@transaction.atomic
def undo(*, ask: Ask, by: Actor, now: datetime) -> Ask:
    """Take a mail back within the minute after "send"; the earlier plan holds again.

    Raises AskNotOpen, MailIsLeaving once it is too late.
    """
    ask = circumstances.lock(ask=ask, states=(Ask.State.SENDING,))
    if not post.take_back(ask):
        raise MailIsLeaving("Too late to undo: this mail has left.")
    ask.sent_by_person = False
    missed = ask.deadline_at <= now and not ask.late_by_choice
    ask.state, ask.send_at = (Ask.State.EXPIRED, None) if missed else (Ask.State.QUEUED, None)
    if not missed:
        move_mail(ask, now)
    ask.save()
    record("ask.taken_back", ask=ask, by=by, now=now)
    return ask


@transaction.atomic
def skip(*, ask: Ask, reason: str, by: Actor, now: datetime) -> Ask:
    """Leave this person alone this time, with a reason. Raises AskNotOpen, MailIsLeaving."""
    ask = circumstances.lock(ask=ask, states=(*_ON_THE_DESK, Ask.State.SENDING))
    if not post.take_back(ask):
        raise MailIsLeaving("Too late to skip: this mail is leaving at this moment.")
    ask.state, ask.send_at, ask.ended_reason = Ask.State.SKIPPED, None, reason[:240]
    ask.save()
    circumstances.forget_asked(contact=ask.contact, now=now)
    record("ask.skipped", ask=ask, by=by, now=now, reason=ask.ended_reason)
    return ask


@transaction.atomic
def mark_called(*, ask: Ask, by: Actor, now: datetime) -> Ask:
    """The call was made: the ask counts as sent now, and the mail that stood in for it stays home.

    Raises AskNotOpen, LeaveAlone, MailIsLeaving.
    """
    ask = circumstances.lock(ask=ask, states=_ON_THE_DESK)
    _may_go(ask, now)
    if not post.take_back(ask):
        raise MailIsLeaving("The mail that stood in for this call is leaving at this moment.")
    ask.state, ask.channel, ask.sent_at, ask.send_at = Ask.State.SENT, Ask.Channel.CALL, now, None
    ask.sent_by_person, ask.ended_reason = True, ""
    ask.save()
    ask.workspace.contacts.filter(pk=ask.contact_id).update(asked_at=ask.queued_at)
    rests.after_sending(contact=ask.contact, sent_at=now)
    record("ask.sent", ask=ask, by=by, now=now)
    return ask


def _judge_time(ask: Ask, send_at: datetime, now: datetime) -> None:
    if send_at <= now:
        raise InvalidInput("This time is over. Choose a later one, or send it now.", field="send_at")
    if send_at > ask.deadline_at + LATE_GRACE:
        raise InvalidInput("This is more than two days after the deadline.", field="send_at")


def _rewrite(ask: Ask, subject: str | None, body: str | None, now: datetime) -> None:
    sender = _sender_of(ask, now)
    response = ask.moment.response if ask.moment else None
    outcome = latest_outcome(workspace=ask.workspace, contact=ask.contact, now=now)
    draft = drafts.write(
        subject=ask.subject if subject is None else subject,
        body=ask.body if body is None else body,
        facts=known_facts(ask=ask, sender=sender, response=response, outcome=outcome, now=now),
    )
    ask.subject, ask.body = draft.subject[:300], draft.body
    found = [*draft.problems, *post.problems_of(subject=ask.subject, body=ask.body, sender_email=ask.sender_email)]
    ask.problems = post.as_rows(list(dict.fromkeys(found)))
    ask.facts += [{"token": fact.token, "value": fact.value, "source": fact.source} for fact in draft.used]


def _sender_of(ask: Ask, now: datetime) -> Sender:
    """The sender the ask was queued with; the workspace may have named one since."""
    sender = sender_for(workspace=ask.workspace, contact=ask.contact, now=now)
    if not ask.sender_email:
        ask.sender, ask.sender_name, ask.sender_email = sender.member, sender.name, sender.email
    return Sender(ask.sender, ask.sender_name, ask.sender_email, sender.hours)


def move_mail(ask: Ask, now: datetime) -> None:
    """Let the outbox follow the ask: a sound draft leaves at its planned time, a stopped one does not."""
    if ask.message_id is None:
        leaves_by_itself(ask=ask, contact=ask.contact, now=now)
        return
    planned = ask.planned_send_at
    if planned and planned > now and ask.contact.email and not ask.problems:
        until = post.untouched_until(workspace=ask.workspace, contact=ask.contact, ask=ask, due_at=planned)
        # Nobody asked the gate now: its last word is as old as the ask, and renewed before the mail leaves.
        moved = post.renew(ask=ask, contact=ask.contact, due_at=planned, expires_at=until, judged_at=ask.queued_at)
        ask.send_at = planned
    else:
        moved, ask.send_at = post.take_back(ask), None
    if not moved:
        raise MailIsLeaving("This mail is leaving at this moment.")


def _may_go(ask: Ask, now: datetime) -> None:
    """Raise TooLate, AskNotOpen (another ask is under way) or LeaveAlone."""
    if now >= ask.deadline_at + LATE_GRACE:
        raise TooLate("The answer is too long ago. Ask again by hand, with words that say when they said it.")
    if ask.workspace.asks.filter(contact=ask.contact, state__in=circumstances.OPEN_STATES).exclude(pk=ask.pk).exists():
        raise AskNotOpen("Another ask to this person is under way.")
    verdict = judge(workspace=ask.workspace, contact=ask.contact, purpose="asks", now=now)
    reasons = standing_reasons([ask], {ask.contact_id: verdict}, now)[ask.pk]
    if reasons:
        raise LeaveAlone.because(reasons)
