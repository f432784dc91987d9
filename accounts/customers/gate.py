"""The gate: one function for everything that goes out. It says whether somebody may be written to, and why not.

`judge` reads the facts in one statement, because the intake of an answer waits for it; `reasons_against` is pure.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.customers import gate_facts
from accounts.customers.gate_facts import Facts, HoldFact
from accounts.customers.models import Contact
from accounts.customers.role_addresses import is_role_address
from accounts.tenancy.models import Workspace

LOW_ANSWER_RESTS = timedelta(days=180)
RENEWAL_IS_NEAR = timedelta(days=60)
# An older signature belongs to the term that is ending, not to the one being negotiated.
SIGNATURE_COUNTS = timedelta(days=300)
SILENCES_THAT_STOP = 2
CAP_WEEK, ASKS_PER_WEEK = timedelta(days=7), 1
CAP_QUARTER, ASKS_PER_QUARTER = gate_facts.CAP_QUARTER, 3


class Purpose(StrEnum):
    """What somebody is about to get. Thanks are owed: only a full stop holds them back."""

    ASKS = "asks"
    SURVEYS = "surveys"
    CAMPAIGNS = "campaigns"
    THANKS = "thanks"


# A survey may follow a low answer or an ask; what promotes may not.
_PROMOTES = (Purpose.ASKS, Purpose.CAMPAIGNS)

_WE_WILL_NOT = {
    Purpose.ASKS: "We will not ask",
    Purpose.SURVEYS: "We will not send a survey",
    Purpose.CAMPAIGNS: "We will not send a campaign",
    Purpose.THANKS: "We will not write",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why not: a stable code, a sentence for people, when it ends (None: when somebody ends it)."""

    code: str
    detail: str
    until: datetime | None = None
    overridable: bool = True

    def as_json(self) -> dict[str, str | None]:
        until = self.until.astimezone(UTC).isoformat().replace("+00:00", "Z") if self.until else None
        return {"code": self.code, "detail": self.detail, "until": until}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate said. Empty reasons: go ahead."""

    reasons: tuple[Reason, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.reasons

    def as_json(self) -> dict[str, object]:
        """`{"ok": bool, "reasons": [{"code", "detail", "until"}]}`, as stored and as the API answers."""
        return {"ok": self.ok, "reasons": [reason.as_json() for reason in self.reasons]}

    def without(self, override: Collection[str]) -> "Verdict":
        """The verdict once a person has overruled these codes; some reasons can't be overruled."""
        return Verdict(tuple(r for r in self.reasons if not (r.overridable and r.code in override)))


def judge(
    *, workspace: Workspace, contact: Contact, purpose: str, now: datetime, override: Collection[str] = frozenset()
) -> Verdict:
    """Whether this contact may get something for this purpose. One statement."""
    facts = gate_facts.of(workspace=workspace, emails={contact.pk: contact.email_normalized}, now=now)[contact.pk]
    return verdict(facts, purpose=purpose, now=now).without(override)


def judge_many(
    *, workspace: Workspace, contact_ids: Iterable[UUID], purpose: str, now: datetime
) -> dict[UUID, Verdict]:
    """The verdicts for many contacts in two statements; ids unknown in this workspace are left out."""
    emails = dict(workspace.contacts.filter(pk__in=list(contact_ids)).values_list("pk", "email_normalized"))
    facts = gate_facts.of(workspace=workspace, emails=emails, now=now)
    return {contact_id: verdict(known, purpose=purpose, now=now) for contact_id, known in facts.items()}


def judge_purposes(
    *, workspace: Workspace, contacts: Iterable[Contact], purposes: Iterable[str], now: datetime
) -> dict[UUID, dict[str, Verdict]]:
    """Loaded contacts for several purposes, in one statement."""
    emails = {contact.pk: contact.email_normalized for contact in contacts}
    facts = gate_facts.of(workspace=workspace, emails=emails, now=now)
    wanted = [Purpose(purpose) for purpose in purposes]
    return {key: {p.value: verdict(known, purpose=p, now=now) for p in wanted} for key, known in facts.items()}


def verdict(facts: Facts, *, purpose: str, now: datetime) -> Verdict:
    """The verdict on known facts. Pure."""
    return Verdict(tuple(reasons_against(facts, purpose=Purpose(purpose), now=now)))


def reasons_against(facts: Facts, *, purpose: Purpose, now: datetime) -> Iterator[Reason]:
    """Every reason that holds now, the most final first."""
    yield from _never(facts, purpose)
    if purpose is not Purpose.THANKS:
        yield from _company_left(facts, purpose, now)
    yield from _holds(facts, purpose)
    if purpose in _PROMOTES:
        yield from _relationship(facts, purpose, now)
        yield from _rests(facts, now)
    if purpose is Purpose.ASKS:
        yield from _company_cap(facts, now)


def _never(facts: Facts, purpose: Purpose) -> Iterator[Reason]:
    if not facts.workspace_is_active:
        yield Reason("workspace_not_active", "This workspace is suspended. Nothing leaves it.", overridable=False)
    if facts.is_merged:
        yield Reason("merged", "This record was merged into another one. Write to that one.", overridable=False)
    if "all" in facts.suppressions:
        yield Reason(
            "suppressed", f"{facts.first_name} asked not to hear from us, or mail came back.", overridable=False
        )
    elif purpose.value in facts.suppressions:
        what = {"asks": "be asked", "surveys": "get surveys", "campaigns": "get campaigns"}[purpose.value]
        yield Reason("opted_out", f"{facts.first_name} would rather not {what}.", overridable=False)
    if purpose is not Purpose.THANKS and is_role_address(facts.email):
        yield Reason("role_address", f"{facts.email} is a shared address, not a person.", overridable=False)


def _company_left(facts: Facts, purpose: Purpose, now: datetime) -> Iterator[Reason]:
    if facts.churned_at and facts.churned_at <= now:
        since = _day(facts.churned_at.astimezone(ZoneInfo(facts.timezone)).date())
        yield Reason("churned", f"{facts.company} left us on {since}.")
    elif facts.trial and purpose in _PROMOTES:
        yield Reason("trial", f"{facts.company} is still on trial. {_WE_WILL_NOT[purpose]} before they are a customer.")


def _holds(facts: Facts, purpose: Purpose) -> Iterator[Reason]:
    """One reason for each kind of hold; it ends with the last of them."""
    open_holds: dict[str, list[HoldFact]] = {}
    for hold in facts.holds:
        if hold.purpose in (purpose.value, "all"):
            open_holds.setdefault(hold.reason, []).append(hold)
    if facts.has_open_deal and purpose in _PROMOTES:
        open_holds.setdefault("open_deal", []).append(HoldFact(purpose.value, "open_deal", on_company=True))
    for code, holds in open_holds.items():
        ends = [hold.until for hold in holds if hold.until]
        until = max(ends) if len(ends) == len(holds) else None
        yield Reason(code, _hold_sentence(facts, purpose, holds, until), until)


def _hold_sentence(facts: Facts, purpose: Purpose, holds: list[HoldFact], until: datetime | None) -> str:
    who = facts.company if holds[0].on_company else facts.first_name
    many = f"{len(holds)} open support cases" if len(holds) > 1 else "an open support case"
    escalated = "escalated support cases" if len(holds) > 1 else "an escalated support case"
    what, ended = {
        "open_ticket": (f"{who} has {many}.", "until they are closed" if len(holds) > 1 else "until it is closed"),
        "escalated_ticket": (
            f"{who} has {escalated}.",
            "until they are closed" if len(holds) > 1 else "until it is closed",
        ),
        "open_recovery": (f"We are making something right for {who}.", "until that is done"),
        "open_deal": (f"A deal with {who} is being negotiated.", "until it is closed"),
        "overdue_invoice": (f"{who} has an overdue invoice.", "until it is paid"),
        "notice_given": (f"{who} gave notice.", "while that stands"),
        "absence": (f"{who} is away.", "until they are back"),
        "requested": (f"{who} asked to be left alone.", "until they want it"),
    }.get(holds[0].reason, (f"{who} is being left alone.", "until somebody lifts this"))
    note = next((f" ({hold.detail.rstrip('.')})" for hold in holds if hold.detail), "")
    if until:
        ended = f"before {_day(until.astimezone(ZoneInfo(facts.timezone)).date())}"
    return f"{what[:-1]}{note}. {_WE_WILL_NOT[purpose]} {ended}."


def _relationship(facts: Facts, purpose: Purpose, now: datetime) -> Iterator[Reason]:
    if facts.low_answer_at and now < facts.low_answer_at + LOW_ANSWER_RESTS:
        ends = facts.low_answer_at + LOW_ANSWER_RESTS
        yield Reason(
            "low_answer",
            f"The latest answer of {facts.first_name} was a low one. First make it right.",
            ends,
        )
    zone = ZoneInfo(facts.timezone)
    if facts.renewal_on and not _is_signed(facts):
        left = facts.renewal_on - now.astimezone(zone).date()
        if timedelta(0) <= left <= RENEWAL_IS_NEAR:
            ends = datetime.combine(facts.renewal_on + timedelta(days=1), time(0), tzinfo=zone)
            yield Reason(
                "renewal_near",
                f"{facts.company} renews on {_day(facts.renewal_on)} and has not signed. "
                f"{_WE_WILL_NOT[purpose]} before that.",
                ends,
            )


def _is_signed(facts: Facts) -> bool:
    if facts.renewal_signed_at is None or facts.renewal_on is None:
        return False
    return facts.renewal_signed_at.date() >= facts.renewal_on - SIGNATURE_COUNTS


def _rests(facts: Facts, now: datetime) -> Iterator[Reason]:
    if facts.silences >= SILENCES_THAT_STOP:
        yield Reason("two_silences", f"{facts.first_name} left two asks unanswered. A person has to reopen this.")
    if facts.rest_until and now < facts.rest_until:
        why = {
            "answered": "answered an ask",
            "silence": "left an ask unanswered",
            "silent": "left an ask unanswered",
            "declined": "said no to an ask",
            "snoozed": "said not now",
        }.get(facts.rest_reason, "was asked")
        day = _day(facts.rest_until.astimezone(ZoneInfo(facts.timezone)).date())
        yield Reason("resting", f"{facts.first_name} {why} not long ago and rests until {day}.", facts.rest_until)


def _company_cap(facts: Facts, now: datetime) -> Iterator[Reason]:
    """Colleagues' asks count; the contact's own is followed by its rest."""
    asked = sorted(facts.colleagues_asked_at, reverse=True)
    for span, most, words in (
        (CAP_QUARTER, ASKS_PER_QUARTER, "Three people at {company} were asked in the last 90 days."),
        (CAP_WEEK, ASKS_PER_WEEK, "Somebody else at {company} was asked this week."),
    ):
        recent = [at for at in asked if at > now - span]
        if len(recent) >= most:
            yield Reason("company_cap", words.format(company=facts.company), recent[most - 1] + span)
            return


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
