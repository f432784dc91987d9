"""One way in: an answer or a moment arrives, the gate is asked, and one ask is queued or the moment says why not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import transaction

from accounts.customers import gate
from accounts.customers.experts import EXPERT_FROM
from accounts.customers.models import Company, Contact
from accounts.tenancy.actor import Actor
from accounts.tenancy.models import Workspace
from feedback.moments import actions as moments
from feedback.moments.models import Moment
from feedback.responses import actions as responses
from feedback.responses.actions import Answer
from feedback.responses.models import Response
from feedback.surveys.models import Metric
from referrals.asks import actions as asks
from referrals.asks import circumstances
from referrals.asks.clock import PROMISE
from referrals.asks.models import Ask
from referrals.links import actions as links
from referrals.programs import queries as programs
from referrals.programs.models import Program

# A high answer about one transaction is praise for that transaction, until the customer has proven the value.
TRANSACTIONAL = {Metric.CSAT, Metric.CES}
PROVEN_TENURE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of one arrival. `not_asked` holds `[{"code", "detail", "until"}]` where there is a reason."""

    response: Response | None
    created: bool
    moment: Moment | None
    ask: Ask | None
    not_asked: list[dict[str, Any]] | None


@transaction.atomic(savepoint=False)
def take_in(
    *,
    workspace: Workspace,
    contact: Contact | None,
    company: Company | None,
    answer: Answer,
    by: Actor,
    now: datetime,
    locked: bool = False,
) -> Intake:
    """Store an answer and what follows from it, in one transaction. Raises InvalidInput.

    `locked`: the contact comes from `lock_contact`. The same `external_id` again gives the first result, unchanged.
    """
    if contact is not None and not locked:
        contact = circumstances.lock_contact(workspace=workspace, contact_id=contact.pk)
    recorded = responses.record(workspace=workspace, contact=contact, company=company, answer=answer, by=by, now=now)
    response, moment = recorded.response, recorded.moment
    if not recorded.created:
        return Intake(response, False, moment, _ask_of(moment), moment.not_asked if moment else None)
    if moment is None or contact is None:
        return Intake(response, True, None, None, _nobody_to_ask(response))
    ask, reasons = follow(workspace=workspace, moment=moment, response=response, by=by, now=now, locked=True)
    return Intake(response, True, moment, ask, reasons)


@transaction.atomic
def change(*, workspace: Workspace, response: Response, score: int, by: Actor, now: datetime) -> Intake:
    """A person changed their own score: the last word counts, for the ask as well. Raises InvalidInput."""
    recorded = responses.revise(workspace=workspace, response=response, score=score, by=by, now=now)
    response, moment = recorded.response, recorded.moment
    contact = response.contact
    if moment is None or contact is None or not response.is_high:
        if contact is not None:
            asks.cancel_for(workspace=workspace, contact=contact, reason="They changed their answer.", by=by, now=now)
        return Intake(response, False, moment, None, None)
    ask = _ask_of(moment)
    if ask is not None:
        return Intake(response, False, moment, ask, None)
    ask, reasons = follow(workspace=workspace, moment=moment, response=response, by=by, now=now)
    return Intake(response, False, moment, ask, reasons)


@transaction.atomic
def note_moment(
    *,
    workspace: Workspace,
    contact: Contact,
    kind: str,
    occurred_at: datetime,
    by: Actor,
    now: datetime,
    detail: str = "",
    external_id: str | None = None,
) -> Intake:
    """Store a moment that is not a score, and ask because of it. Raises InvalidInput."""
    moment, created = moments.note(
        workspace=workspace,
        contact=contact,
        kind=kind,
        occurred_at=occurred_at,
        detail=detail,
        external_id=external_id,
        by=by,
        now=now,
    )
    if not created:
        return Intake(None, False, moment, _ask_of(moment), moment.not_asked)
    ask, reasons = follow(workspace=workspace, moment=moment, response=None, by=by, now=now)
    return Intake(None, True, moment, ask, reasons)


def follow(
    *,
    workspace: Workspace,
    moment: Moment,
    response: Response | None,
    by: Actor,
    now: datetime,
    locked: bool = False,
) -> tuple[Ask | None, list[dict[str, Any]] | None]:
    """Queue the one ask of a moment, or write on the moment why there is none.

    `locked`: the moment's contact comes from `lock_contact` and need not be read again.
    """
    contact = moment.contact
    reasons = _before_the_gate(moment, response, contact, now)
    verdict = gate.Verdict(())
    matching: list[Program] = []
    if not reasons:
        verdict = gate.judge(workspace=workspace, contact=contact, purpose="asks", now=now)
        reasons = _rows(verdict)
    if not reasons:
        matching = programs.matching(workspace=workspace, contact=contact)
        reasons = [] if matching else [_reason("no_program", "No live program fits this person.")]
    if not matching:
        moments.note_not_asked(moment, reasons)
        _give_link(workspace, contact, by=by, now=now)
        return None, reasons
    ask = asks.queue(
        workspace=workspace,
        contact=contact,
        moment=moment,
        program=matching[0],
        also_matched=[program.pk for program in matching[1:]],
        verdict=verdict.as_json(),
        responded_at=moment.occurred_at,
        now=now,
        by=by,
        locked=locked,
    )
    # Somebody asked this person a moment ago: that ask stands, and this moment says so.
    return (ask, None) if ask.moment_id == moment.pk else (None, moment.not_asked)


def _give_link(workspace: Workspace, contact: Contact, *, by: Actor, now: datetime) -> None:
    """Who is glad but not asked may still share: their link waits on the thank-you page."""
    for program in programs.matching(workspace=workspace, contact=contact)[:1]:
        links.ensure(workspace=workspace, contact=contact, program=program, by=by, now=now)


def _before_the_gate(
    moment: Moment, response: Response | None, contact: Contact, now: datetime
) -> list[dict[str, Any]]:
    """Reasons that belong to the answer itself, not to the person."""
    if now - moment.occurred_at >= PROMISE:
        return [_reason("too_late", "This was said more than 24 hours ago. It waits on the warm start list.")]
    if response is None:
        return []
    if response.on_escalated_ticket:
        return [_reason("escalated_ticket", "This was said about a support case that was escalated.")]
    if contact.latest_answer_at and contact.latest_answer_at > response.responded_at:
        return [_reason("newer_answer", "A newer answer of the same person is here already.")]
    if response.metric in TRANSACTIONAL and not _has_proof_of_value(contact, now):
        return [
            _reason(
                "no_proof_of_value",
                "This praises one transaction. We ask once they are a customer for 90 days, or an expert.",
            )
        ]
    return []


def _has_proof_of_value(contact: Contact, now: datetime) -> bool:
    if contact.expert_score is not None and contact.expert_score >= EXPERT_FROM:
        return True
    since = contact.company.customer_since if contact.company else None
    return since is not None and now.date() - since >= PROVEN_TENURE


def _nobody_to_ask(response: Response) -> list[dict[str, Any]] | None:
    if not response.is_high:
        return None
    return [_reason("no_contact", "We know the score, but not who gave it.")]


def _rows(verdict: gate.Verdict) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", verdict.as_json()["reasons"])


def _ask_of(moment: Moment | None) -> Ask | None:
    return getattr(moment, "ask", None) if moment else None


def _reason(code: str, detail: str) -> dict[str, Any]:
    return {"code": code, "detail": detail, "until": None}
