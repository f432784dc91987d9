"""One ask for one moment: the draft is written, its time planned, its mail put into the outbox."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.db import transaction

from accounts.customers.models import Contact, Outcome
from accounts.events import actions as events
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace
from feedback.moments.models import Moment
from feedback.responses.models import Response
from referrals.asks import circumstances, clock, drafts, facts, post
from referrals.asks.circumstances import Circumstances
from referrals.asks.events import fact
from referrals.asks.models import Ask
from referrals.asks.senders import Sender, sender_for
from referrals.links import actions as links
from referrals.programs.models import Program

# A draft that somebody asked for has no promise to keep; after two weeks nobody remembers why.
UNCLOCKED_LIFE = timedelta(days=14)
_ALWAYS_BY_HAND = (Contact.Seniority.EXECUTIVE, Contact.Seniority.SPONSOR)


# No savepoint: the intake of an answer waits for every round trip, and its own transaction is around this.
@transaction.atomic(savepoint=False)
def queue(
    *,
    workspace: Workspace,
    contact: Contact,
    moment: Moment,
    program: Program,
    also_matched: Sequence[UUID],
    verdict: Mapping[str, Any],
    responded_at: datetime,
    now: datetime,
    by: Actor,
    locked: bool = False,
) -> Ask:
    """Queue the one ask of this moment and, if it may leave by itself, its mail.

    `also_matched`: keys of the other programs that fit; `verdict`: the gate's, as JSON; `locked`: the contact comes
    from `lock_contact`, in this transaction. Gives the contact's open ask
    where there is one already (then `ask.moment_id` differs from `moment.pk`, and the
    moment says why nobody was asked again).
    """
    if not locked:
        contact = circumstances.lock_contact(workspace=workspace, contact_id=contact.pk)
    known = circumstances.read(workspace=workspace, contact=contact, now=now)
    if known.open_ask_id is not None:
        return _already_open(workspace=workspace, ask_id=known.open_ask_id, moment=moment)
    plan, policy = plan_for(
        workspace=workspace, contact=contact, policy=program.policy, known=known, responded_at=responded_at, now=now
    )
    return _store(
        workspace=workspace,
        contact=contact,
        moment=moment,
        program=program,
        also_matched=also_matched,
        verdict=verdict,
        response=moment.response,
        # Most people have none: it is looked for only where there is one.
        look_for_outcome=known.has_outcome,
        responded_at=responded_at,
        plan=plan,
        policy=policy,
        now=now,
        by=by,
    )


@transaction.atomic(savepoint=False)
def queue_by_hand(
    *,
    workspace: Workspace,
    contact: Contact,
    moment: Moment,
    program: Program,
    also_matched: Sequence[UUID],
    verdict: Mapping[str, Any],
    response: Response | None,
    now: datetime,
    by: Actor,
) -> Ask:
    """A draft without a clock, for a locked contact without an open ask: it leaves only when a person sends it."""
    deadline = now + UNCLOCKED_LIFE
    plan = clock.Plan(deadline, None, late_by_choice=False, reason="by_hand")
    return _store(
        workspace=workspace,
        contact=contact,
        moment=moment,
        program=program,
        also_matched=also_matched,
        verdict=verdict,
        response=response,
        look_for_outcome=True,
        responded_at=now,
        plan=plan,
        policy=Ask.Policy.MANUAL,
        now=now,
        by=by,
    )


def _already_open(*, workspace: Workspace, ask_id: Any, moment: Moment) -> Ask:
    ask = workspace.asks.get(pk=ask_id)
    if ask.moment_id != moment.pk:
        detail = "An ask to this person is on its way already."
        moment.not_asked = [{"code": "open_ask", "detail": detail, "until": None}]
        moment.save(update_fields=["not_asked"])
    return ask


def plan_for(
    *,
    workspace: Workspace,
    contact: Contact,
    policy: str,
    known: Circumstances,
    responded_at: datetime,
    now: datetime,
) -> tuple[clock.Plan, str]:
    """The plan of an ask that is queued at `now` under a program's `policy`, and the policy that holds for it."""
    zone, calendar = circumstances.whereabouts(workspace=workspace, contact=contact)
    always_manual = contact.seniority in _ALWAYS_BY_HAND or known.top_tenth
    plan = clock.plan(
        responded_at=responded_at,
        received_at=now,
        zone=zone,
        calendar=calendar,
        weekends=cast("clock.Weekends", workspace.weekends),
        policy=cast("clock.Policy", policy),
        sender_hours=sender_for(workspace=workspace, contact=contact, now=now).hours,
        learned=known.learned,
        always_manual=always_manual,
    )
    return plan, Ask.Policy.MANUAL if always_manual else policy


def _store(
    *,
    workspace: Workspace,
    contact: Contact,
    moment: Moment,
    program: Program,
    also_matched: Sequence[UUID],
    verdict: Mapping[str, Any],
    response: Response | None,
    look_for_outcome: bool,
    responded_at: datetime,
    plan: clock.Plan,
    policy: str,
    now: datetime,
    by: Actor,
) -> Ask:
    link, made = links.open_or_make(workspace=workspace, contact=contact, program=program)
    sender = sender_for(workspace=workspace, contact=contact, now=now)
    ask = Ask(
        workspace=workspace,
        contact=contact,
        moment=moment,
        program=program,
        also_matched=list(also_matched),
        link=link,
        policy=policy,
        channel=Ask.Channel.CALL if plan.call_task or not contact.email else Ask.Channel.MAIL,
        sender=sender.member,
        sender_name=sender.name,
        sender_email=sender.email,
        verdict=dict(verdict),
        late_by_choice=plan.late_by_choice,
        responded_at=responded_at,
        queued_at=now,
        deadline_at=plan.deadline_at,
        planned_send_at=plan.send_at,
    )
    outcome = facts.latest_outcome(workspace=workspace, contact=contact, now=now) if look_for_outcome else None
    write_draft(ask=ask, sender=sender, response=response, outcome=outcome, now=now)
    leaves_by_itself(ask=ask, contact=contact, now=now)
    ask.save(force_insert=True)
    workspace.contacts.filter(pk=contact.pk).update(asked_at=now)
    queued = fact("ask.queued", ask=ask, sequence=1)
    events.record_all(workspace_id=workspace.pk, facts=[*made, queued], by=by, now=now)
    return ask


def write_draft(*, ask: Ask, sender: Sender, response: Response | None, outcome: Outcome | None, now: datetime) -> None:
    """Fill the program's text into the ask, with the facts it rests on and what stops it. The ask is not saved."""
    draft = drafts.write(
        subject=ask.program.ask_subject,
        body=ask.program.ask_body,
        facts=known_facts(ask=ask, sender=sender, response=response, outcome=outcome, now=now),
    )
    ask.subject, ask.body = draft.subject[:300], draft.body
    ask.facts = [{"token": used.token, "value": used.value, "source": used.source} for used in draft.used]
    found = [*draft.problems, *post.problems_of(subject=ask.subject, body=ask.body, sender_email=ask.sender_email)]
    ask.problems = post.as_rows(list(dict.fromkeys(found)))


def known_facts(
    *, ask: Ask, sender: Sender, response: Response | None, outcome: Outcome | None, now: datetime
) -> dict[str, drafts.Fact]:
    """What this ask may mention at `now`, by token."""
    workspace, contact = ask.workspace, ask.contact
    zone, _calendar = circumstances.whereabouts(workspace=workspace, contact=contact)
    return facts.collect(
        workspace=workspace,
        contact=contact,
        program=ask.program,
        link=ask.link,
        sender=sender,
        response=response,
        outcome=outcome,
        zone=zone,
        now=now,
    )


def leaves_by_itself(*, ask: Ask, contact: Contact, now: datetime) -> None:
    """Put the mail of a sound draft into the outbox for its planned time; what can't go by itself waits on the desk.

    Sets `send_at` and `message`; the ask is not saved.
    """
    planned = ask.planned_send_at
    ask.send_at = planned if planned and planned >= now and contact.email and not ask.problems else None
    if ask.send_at is not None:
        until = post.untouched_until(workspace=ask.workspace, contact=contact, ask=ask, due_at=ask.send_at)
        post.put(workspace=ask.workspace, ask=ask, contact=contact, due_at=ask.send_at, expires_at=until, judged_at=now)
