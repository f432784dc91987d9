"""Who has already said something good: whom to ask first, and whom to leave alone, because ...

Old answers never start a clock. Where the latest answer is still the high one, a person may ask.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.customers import gate
from accounts.customers.experts import EXPERT_FROM
from accounts.customers.models import Company, Contact
from accounts.tenancy.models import Workspace
from feedback.responses.models import Response
from referrals.asks.circumstances import OPEN_STATES

# Whom to ask at a company that praised us without a name: who decides, first.
_SENIORITY = {"sponsor": 0, "executive": 1, "admin": 2, "user": 3}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person who praised us, or whose company did; `reasons` is empty where nothing speaks against asking."""

    company: Company | None
    contact: Contact | None
    response: Response
    reasons: tuple[gate.Reason, ...]

    @property
    def is_expert(self) -> bool:
        return self.contact is not None and (self.contact.expert_score or 0) >= EXPERT_FROM


@dataclass(frozen=True, slots=True)
class WarmStart:
    """`ready` may be asked, experts first; `left_alone` says why not. One row per company, or person without one."""

    ready: list[Candidate]
    left_alone: list[Candidate]

    @property
    def experts(self) -> int:
        return sum(candidate.is_expert for candidate in self.ready)


def warm_start(*, workspace: Workspace, now: datetime) -> WarmStart:
    """Everybody who ever gave a high answer, sorted into the two lists. A fixed number of queries."""
    groups = _answers_by_customer(workspace)
    people = _people(workspace, groups)
    everyone = [contact.pk for contacts in people.values() for contact in contacts]
    verdicts = _verdicts(workspace, everyone, now)
    companies = Company.objects.filter(workspace=workspace).in_bulk([key for kind, key in groups if kind == "company"])
    candidates = [
        _candidate(answers, companies.get(key) if kind == "company" else None, people[kind, key], verdicts, now)
        for (kind, key), answers in groups.items()
    ]
    ready = [one for one in candidates if not one.reasons]
    ready.sort(key=lambda one: (not one.is_expert, -(_expert_score(one)), one.response.responded_at, one.response.pk))
    left_alone = [one for one in candidates if one.reasons]
    left_alone.sort(key=lambda one: (one.reasons[0].code, one.response.responded_at))
    return WarmStart(ready, left_alone)


Key = tuple[str, UUID | None]


def _answers_by_customer(workspace: Workspace) -> dict[Key, list[Response]]:
    """All answers, newest first, of every company (or person without one) that gave a high one."""
    high = workspace.responses.filter(is_high=True)
    companies = set(high.exclude(company=None).values_list("company", flat=True))
    loners = set(high.filter(company=None).exclude(contact=None).values_list("contact", flat=True))
    rows = workspace.responses.order_by("-responded_at", "-pk")
    groups: dict[Key, list[Response]] = defaultdict(list)
    for response in rows.filter(company__in=companies):
        groups["company", response.company_id].append(response)
    for response in rows.filter(company=None, contact__in=loners):
        groups["contact", response.contact_id].append(response)
    return groups


def _people(workspace: Workspace, groups: dict[Key, list[Response]]) -> dict[Key, list[Contact]]:
    """Whom one could ask, best first: experts, then those who decide."""
    contacts = workspace.contacts.select_related("company")
    people: dict[Key, list[Contact]] = {key: [] for key in groups}
    for contact in contacts.filter(company__in=[key for kind, key in groups if kind == "company"]):
        people["company", contact.company_id].append(contact)
    for contact in contacts.filter(pk__in=[key for kind, key in groups if kind == "contact"]):
        people["contact", contact.pk].append(contact)
    for row in people.values():
        row.sort(key=lambda one: (-(one.expert_score or 0), not one.email, _SENIORITY[one.seniority], one.pk))
    return people


def _verdicts(workspace: Workspace, everyone: list[UUID], now: datetime) -> dict[UUID, gate.Verdict]:
    """The gate's, and no to whoever has an ask under way: the gate judges people, it does not know our asks."""
    verdicts = gate.judge_many(workspace=workspace, contact_ids=everyone, purpose="asks", now=now)
    open_asks = workspace.asks.filter(contact__in=everyone, state__in=OPEN_STATES)
    reason = gate.Reason("open_ask", "An ask to them is under way already.", overridable=False)
    for contact_id in set(open_asks.values_list("contact_id", flat=True)):
        verdicts[contact_id] = gate.Verdict((reason, *verdicts[contact_id].reasons))
    return verdicts


def _candidate(
    answers: list[Response],
    company: Company | None,
    contacts: list[Contact],
    verdicts: dict[UUID, gate.Verdict],
    now: datetime,
) -> Candidate:
    praise = next(answer for answer in answers if answer.is_high)
    # Who said it is asked; where only the company is known, the best person of it that may be asked.
    speakers = [one for one in contacts if one.pk == praise.contact_id] or contacts
    contact = next((one for one in speakers if verdicts[one.pk].ok), speakers[0] if speakers else None)
    reasons = [*_of_the_answers(answers, praise), *_of_the_person(contact, verdicts)]
    return Candidate(company, contact, praise, tuple(reasons))


def _of_the_answers(answers: list[Response], praise: Response) -> Iterable[gate.Reason]:
    latest = answers[0]
    if not latest.is_high:
        yield gate.Reason("no_longer_high", f"Their latest answer is a {latest.score}, not the {praise.score}.", None)
    elif praise.on_escalated_ticket:
        yield gate.Reason("escalated_ticket", "They said it about a support case that was escalated.", None)


def _of_the_person(contact: Contact | None, verdicts: dict[UUID, gate.Verdict]) -> Iterable[gate.Reason]:
    if contact is None:
        yield gate.Reason("no_contact", "We know nobody there by name. Add a person to ask.", None)
    else:
        yield from verdicts[contact.pk].reasons


def _expert_score(candidate: Candidate) -> int:
    return (candidate.contact.expert_score or 0) if candidate.contact else 0
