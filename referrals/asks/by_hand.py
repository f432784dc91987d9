"""Asks that a person decides on: from the warm start or a record page, and those made elsewhere."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.customers import actions as customers
from accounts.customers.gate import judge
from accounts.customers.models import Contact
from accounts.tenancy.actor import Actor
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.models import Workspace
from feedback.moments import actions as moments
from feedback.moments.models import Moment
from referrals.asks import circumstances, clock, rests
from referrals.asks.answering import cancel_for
from referrals.asks.errors import AskNotOpen, EnoughForToday, LeaveAlone, NoProgram
from referrals.asks.events import record
from referrals.asks.models import Ask, without_clock
from referrals.asks.queueing import queue_by_hand
from referrals.asks.senders import sender_for
from referrals.links import actions as links
from referrals.programs.models import Program
from referrals.programs.queries import matching


@transaction.atomic
def ask_by_hand(
    *, workspace: Workspace, contact: Contact, by: Actor, now: datetime, override: Collection[str] = ()
) -> Ask:
    """Put a draft for this person on the desk; it has no 24-hour clock, and its text says when they said it.

    `override`: codes of reasons that a person has overruled. Raises LeaveAlone, NoProgram, AskNotOpen (one is under
    way already), EnoughForToday.
    """
    contact = circumstances.lock_contact(workspace=workspace, contact_id=contact.pk)
    if circumstances.read(workspace=workspace, contact=contact, now=now).open_ask_id:
        raise AskNotOpen(f"An ask to {contact.first_name or 'this person'} is under way already.")
    if "enough_for_today" not in override:
        _judge_daily_number(workspace, now)
    verdict = judge(workspace=workspace, contact=contact, purpose="asks", now=now, override=frozenset(override))
    if not verdict.ok:
        raise LeaveAlone.because(verdict.reasons)
    program, *others = programs_for(workspace=workspace, contact=contact)
    moment, _created = moments.note(
        workspace=workspace, contact=contact, kind=Moment.Kind.MANUAL, occurred_at=now, by=by, now=now
    )
    high = workspace.responses.filter(contact=contact, is_high=True).order_by("-responded_at").first()
    return queue_by_hand(
        workspace=workspace,
        contact=contact,
        moment=moment,
        program=program,
        also_matched=[other.pk for other in others],
        verdict={**verdict.as_json(), "overridden": sorted(override)},
        response=high,
        now=now,
        by=by,
    )


@transaction.atomic
def log_elsewhere(
    *, workspace: Workspace, contact: Contact, made_at: datetime, channel: str, by: Actor, now: datetime
) -> Ask:
    """Note an ask that somebody made in another place; it counts for the rest, and an ask in the queue is taken back.

    `channel` is one of Ask.Channel. Raises InvalidInput (made_at in the future), NoProgram, AskNotOpen (a mail of ours
    is leaving or its fate is not known).
    """
    if made_at > now + clock.FUTURE_ALLOWED:
        raise InvalidInput("This ask lies in the future.", field="made_at")
    cancel_for(workspace=workspace, contact=contact, reason="Asked elsewhere", by=by, now=now)
    contact = circumstances.lock_contact(workspace=workspace, contact_id=contact.pk)
    if circumstances.read(workspace=workspace, contact=contact, now=now).open_ask_id:
        raise AskNotOpen("A mail to this person is leaving at this moment.")
    program, *others = programs_for(workspace=workspace, contact=contact)
    sender = sender_for(workspace=workspace, contact=contact, now=now)
    ask = Ask.objects.create(
        workspace=workspace,
        contact=contact,
        program=program,
        also_matched=[other.pk for other in others],
        link=links.ensure(workspace=workspace, contact=contact, program=program, by=by, now=now),
        state=Ask.State.SENT,
        channel=channel,
        policy=Ask.Policy.MANUAL,
        sender=sender.member,
        sender_name=sender.name,
        sender_email=sender.email,
        responded_at=made_at,
        queued_at=made_at,
        deadline_at=made_at + clock.PROMISE,
        sent_at=made_at,
        sent_by_person=True,
    )
    contact.asked_at = max(made_at, contact.asked_at or made_at)
    contact.save(update_fields=["asked_at", "updated_at"])
    rest = customers.rest_of(contact)
    if rest is None or rest.until < made_at + rests.AFTER_SILENCE:
        rests.after_sending(contact=contact, sent_at=made_at)
    record("ask.sent", ask=ask, by=by, now=now, elsewhere=True)
    return ask


def programs_for(*, workspace: Workspace, contact: Contact) -> list[Program]:
    """The live programs that fit, best first. Raises NoProgram."""
    programs = matching(workspace=workspace, contact=contact)
    if not programs:
        raise NoProgram("No live program fits this person. Start one, or widen whom it is for.")
    return programs


def asked_today(*, workspace: Workspace, now: datetime) -> int:
    """How many people were asked by hand on this day of the workspace's."""
    zone = ZoneInfo(workspace.timezone)
    today = datetime.combine(now.astimezone(zone).date(), time(0), zone)
    return without_clock(workspace.asks.filter(queued_at__gte=today, queued_at__lt=today + timedelta(days=1))).count()


def _judge_daily_number(workspace: Workspace, now: datetime) -> None:
    if asked_today(workspace=workspace, now=now) >= workspace.warm_start_per_day:
        most = workspace.warm_start_per_day
        raise EnoughForToday(f"{most} people were asked by hand today. Tomorrow is another day.")
