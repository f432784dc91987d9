"""One way in for every answer, whatever channel it came by."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.dispatch import Signal

from accounts.customers.models import Company, Contact
from accounts.events import actions as events
from accounts.events.actions import Fact
from accounts.tenancy.actor import Actor
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.models import Workspace
from feedback.invitations.models import Invitation
from feedback.moments.models import Moment
from feedback.responses import signals
from feedback.responses.models import Response
from feedback.surveys import metrics
from feedback.surveys.models import Metric, Survey

# Clocks differ a little; a score from further ahead is a mistake.
FUTURE_ALLOWED = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody said, before it is stored."""

    metric: str
    score: int
    channel: str
    responded_at: datetime
    comment: str = ""
    referred_recently: bool | None = None
    survey: Survey | None = None
    invitation: Invitation | None = None
    external_id: str | None = None
    on_escalated_ticket: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """The stored answer; `created` is False where `external_id` was known; `moment` where the answer is high."""

    response: Response
    created: bool
    moment: Moment | None


def classify(answer: Answer) -> metrics.Classified:
    """What the score means. Raises InvalidInput naming the field."""
    if answer.metric not in Metric.values:
        raise InvalidInput(f"“{answer.metric}” is not a metric. Use one of {', '.join(Metric.values)}.", field="metric")
    try:
        return metrics.classify(answer.metric, answer.score, answer.survey.high_from if answer.survey else None)
    except metrics.ScoreOutOfScale as error:
        raise InvalidInput(str(error), field="score", code="score_out_of_scale") from error


def record(
    *,
    workspace: Workspace,
    contact: Contact | None,
    company: Company | None,
    answer: Answer,
    by: Actor,
    now: datetime,
) -> Recorded:
    """Store one answer and what it says about its contact.

    The caller has locked the contact, so answers of one person are judged one after the other. Raises InvalidInput for
    a score off its scale or a time in the future.
    """
    meaning = classify(answer)
    if answer.responded_at > now + FUTURE_ALLOWED:
        raise InvalidInput("This answer lies in the future.", field="responded_at", code="in_the_future")
    return _record(workspace, contact, company, answer, meaning, by=by, now=now)


# No savepoint: the transaction of the intake is around it, and every round trip is waited for.
@transaction.atomic(savepoint=False)
def _record(
    workspace: Workspace,
    contact: Contact | None,
    company: Company | None,
    answer: Answer,
    meaning: metrics.Classified,
    *,
    by: Actor,
    now: datetime,
) -> Recorded:
    known = _known(workspace, answer)
    if known is not None:
        return known
    company_id = contact.company_id if contact else company.pk if company else None
    response = Response(
        workspace=workspace,
        contact=contact,
        company_id=company_id,
        metric=answer.metric,
        score=answer.score,
        category=meaning.category,
        is_high=meaning.is_high,
        is_low=meaning.is_low,
        comment=answer.comment,
        referred_recently=answer.referred_recently,
        channel=answer.channel,
        responded_at=answer.responded_at,
        received_at=now,
        survey=answer.survey,
        invitation=answer.invitation,
        external_id=answer.external_id,
        on_escalated_ticket=answer.on_escalated_ticket,
    )
    if not _store(response):
        known = _known(workspace, answer)
        assert known is not None  # noqa: S101 -- an answer with this external id was in the way
        return known
    moment = _follow(workspace, response, contact, is_new=True, by=by, now=now)
    return Recorded(response, created=True, moment=moment)


@transaction.atomic
def revise(
    *,
    workspace: Workspace,
    response: Response,
    by: Actor,
    now: datetime,
    score: int | None = None,
    comment: str | None = None,
    referred_recently: bool | None = None,
) -> Recorded:
    """Change an answer by its own link: the last word counts. Raises InvalidInput."""
    contact = Contact.objects.select_for_update().get(workspace=workspace, responses=response.pk)
    response = workspace.responses.select_for_update(of=("self",)).select_related("survey").get(pk=response.pk)
    if comment is not None:
        response.comment = comment
    if referred_recently is not None:
        response.referred_recently = referred_recently
        contact.referred_recently_at = now if referred_recently else None
    changed = score is not None and score != response.score
    if score is not None and changed:
        answer = Answer(response.metric, score, response.channel, now, survey=response.survey)
        meaning = classify(answer)
        response.score, response.category = score, meaning.category
        response.is_high, response.is_low = meaning.is_high, meaning.is_low
        response.responded_at = now
    response.save()
    if referred_recently:
        _tell(signals.recent_referral_reported, workspace, contact, response, by=by, now=now)
    if not changed:
        contact.save(update_fields=["referred_recently_at", "updated_at"])
        return Recorded(response, created=False, moment=getattr(response, "moment", None))
    moment = _follow(workspace, response, contact, is_new=False, by=by, now=now)
    return Recorded(response, created=False, moment=moment)


def _store(response: Response) -> bool:
    """Insert the answer; False where its external id is here by now. Only for that a savepoint is worth its price."""
    if response.external_id is None:
        response.save(force_insert=True)
        return True
    try:
        with transaction.atomic():
            response.save(force_insert=True)
    except IntegrityError:
        if not Response.objects.filter(workspace=response.workspace_id, external_id=response.external_id).exists():
            raise
        return False
    return True


def _known(workspace: Workspace, answer: Answer) -> Recorded | None:
    if answer.external_id is None:
        return None
    response = workspace.responses.select_related("moment").filter(external_id=answer.external_id).first()
    return Recorded(response, created=False, moment=getattr(response, "moment", None)) if response else None


def _follow(
    workspace: Workspace, response: Response, contact: Contact | None, *, is_new: bool, by: Actor, now: datetime
) -> Moment | None:
    """Facts on the contact, a moment where the answer is high, and the events of all that."""
    # Of an answer that came in just now nothing was recorded before.
    sequence = 1 if is_new else None
    facts = [_received(response, sequence)]
    moment = None
    if contact is not None:
        was_promoter = contact.promoter_at is not None
        _write_facts(contact, response)
        if response.is_high:
            moment = _moment(workspace, response, contact)
            facts.append(_event("moment.created", "moment", moment.pk, response, {"kind": moment.kind}, sequence))
        if contact.promoter_at is not None and not was_promoter:
            data = {"metric": response.metric, "score": response.score}
            facts.append(_event("promoter.recognized", "contact", contact.pk, response, data))
    events.record_all(workspace_id=workspace.pk, facts=facts, by=by, now=now)
    if contact is not None and response.is_low:
        _tell(signals.low_answer_recorded, workspace, contact, response, by=by, now=now)
    if contact is not None and response.referred_recently:
        _tell(signals.recent_referral_reported, workspace, contact, response, by=by, now=now)
    return moment


def _tell(
    signal: Signal, workspace: Workspace, contact: Contact, response: Response, *, by: Actor, now: datetime
) -> None:
    """A failing receiver must not lose the answer; Django logs what failed, and sweeps catch up."""
    signal.send_robust(sender=Response, workspace=workspace, contact=contact, response=response, by=by, now=now)


def _moment(workspace: Workspace, response: Response, contact: Contact) -> Moment:
    moment = Moment.objects.filter(workspace=workspace, response=response).first() if response.survey_id else None
    if moment is None:
        moment = Moment(workspace=workspace, contact=contact, response=response)
    moment.kind, moment.occurred_at = Moment.Kind.HIGH_SCORE, response.responded_at
    moment.save()
    return moment


def _write_facts(contact: Contact, response: Response) -> None:
    """Plain columns on the contact, so that the gate and the lists need no answer table."""
    at = response.responded_at
    latest = contact.latest_scores.get(response.metric)
    if latest is None or latest["at"] <= at.isoformat():
        score = {"score": response.score, "at": at.isoformat(), "category": response.category}
        contact.latest_scores = {**contact.latest_scores, response.metric: score}
        if response.metric == Metric.NPS:
            contact.promoter_at = at if response.category == "promoter" else None
    if contact.latest_answer_at is None or contact.latest_answer_at <= at:
        contact.latest_answer_at = at
        contact.low_answer_at = at if response.is_low else None
    if response.is_high and (contact.high_answer_at is None or contact.high_answer_at <= at):
        contact.high_answer_at = at
    if response.referred_recently:
        contact.referred_recently_at = at
    contact.save(
        update_fields=[
            "latest_scores",
            "promoter_at",
            "latest_answer_at",
            "low_answer_at",
            "high_answer_at",
            "referred_recently_at",
            "updated_at",
        ]
    )


def _received(response: Response, sequence: int | None) -> Fact:
    data: dict[str, Any] = {
        "id": response.public_id,
        "metric": response.metric,
        "score": response.score,
        "category": response.category,
        "channel": response.channel,
    }
    return _event("response.received", "response", response.pk, response, data, sequence)


def _event(
    kind: str, subject: str, subject_id: UUID, response: Response, data: dict[str, Any], sequence: int | None = None
) -> Fact:
    return Fact(kind, (subject, subject_id), data, response.contact_id, response.company_id, sequence)
