"""What a person's or a company's record shows beside its facts."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.customers import gate
from accounts.customers.models import Company, Contact, Hold, Outcome
from accounts.events.models import Event
from accounts.tenancy.models import Workspace

PURPOSES = {"asks": "Asks", "surveys": "Surveys", "campaigns": "Campaigns"}
# Facts that say something about a person's score: not for those who may not read scores.
_TELLS_SCORES = ("moment.created", "promoter.recognized")


def verdicts(*, workspace: Workspace, contact: Contact, now: datetime) -> list[dict[str, object]]:
    """For each purpose its `label`, and `reasons` with text and end; empty where nothing stands in the way."""
    judged = gate.judge_purposes(workspace=workspace, contacts=[contact], purposes=PURPOSES, now=now)[contact.pk]
    return [
        {"purpose": purpose, "label": label, "ok": judged[purpose].ok, "reasons": judged[purpose].reasons}
        for purpose, label in PURPOSES.items()
    ]


def without_low_answer(verdicts: Iterable[dict[str, object]]) -> list[dict[str, object]]:
    """The same for somebody who may not know how a person answered."""
    shown = []
    for verdict in verdicts:
        reasons = verdict["reasons"]
        assert isinstance(reasons, tuple)  # noqa: S101 -- says the shape to the type checker
        kept = tuple(
            gate.Reason(r.code, "A person of your team has to look at this first.", r.until, r.overridable)
            if r.code == "low_answer"
            else r
            for r in reasons
        )
        shown.append({**verdict, "reasons": kept})
    return shown


def timeline(*, workspace: Workspace, sees_scores: bool, about: Q) -> QuerySet[Event]:
    """The events about somebody or something, the newest first."""
    rows = workspace.events.filter(about)
    if not sees_scores:
        rows = rows.exclude(type__in=_TELLS_SCORES)
    return rows.order_by("-occurred_at", "-pk")


def about(kind: str, subject_id: object) -> Q:
    """The events whose subject this is."""
    return Q(subject_kind=kind, subject_id=subject_id)


def holds_of(*, workspace: Workspace, now: datetime, contact: Contact | None, company: Company | None) -> list[Hold]:
    """Holds that stand now, on the person or their company."""
    on = Q(contact=contact) if contact else Q()
    if company is not None:
        on = on | Q(company=company) if contact else Q(company=company)
    rows = workspace.holds.filter(on, lifted_at=None).filter(Q(until=None) | Q(until__gt=now))
    return list(rows.select_related("company", "contact").order_by("starts_at", "pk"))


def outcomes_of(*, workspace: Workspace, contact: Contact | None, company: Company | None) -> list[Outcome]:
    """Proof of benefit, the newest first."""
    on = Q(contact=contact) if contact else Q()
    if company is not None:
        on = on | Q(company=company) if contact else Q(company=company)
    return list(workspace.outcomes.filter(on).order_by("-created_at", "-pk")[:10])
