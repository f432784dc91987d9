"""The gate asked again about an ask that is under way."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from accounts.customers.gate import ASKS_PER_QUARTER, ASKS_PER_WEEK, CAP_QUARTER, CAP_WEEK, Reason, Verdict
from referrals.asks.models import Ask

_CAP = "company_cap"
# A reminder belongs to the ask that the person is resting from.
_BELONGS_TO_THIS_ASK = frozenset({_CAP, "resting"})
_GAVE_UP_THEIR_PLACE = (Ask.State.EXPIRED, Ask.State.FAILED)


def standing_reasons(asks: Sequence[Ask], verdicts: Mapping[UUID, Verdict], now: datetime) -> dict[UUID, list[Reason]]:
    """Why each of these asks must not go out now, by the ask's id, without what a person has overruled for it.

    `verdicts` are the gate's, by contact. An ask in the queue holds its place in the company's allowance (judged by
    the gate alone, two of them would stop each other), unless colleagues were really asked in the meantime; one that
    was missed or failed has given it up. At most one statement.
    """
    capped = [ask for ask in asks if any(reason.code == _CAP for reason in verdicts[ask.contact_id].reasons)]
    stopped = _without_a_place(capped, now)
    return {ask.pk: _standing(ask, verdicts[ask.contact_id], capped=ask.pk in stopped) for ask in asks}


def reasons_against_reminder(ask: Ask, verdict: Verdict) -> list[Reason]:
    """Why this person must not be reminded."""
    overruled = _BELONGS_TO_THIS_ASK | set(ask.verdict.get("overridden", []))
    return [reason for reason in verdict.reasons if reason.code not in overruled]


def _standing(ask: Ask, verdict: Verdict, *, capped: bool) -> list[Reason]:
    overruled = set(ask.verdict.get("overridden", [])) | (set() if capped else {_CAP})
    return [reason for reason in verdict.reasons if reason.code not in overruled]


def _without_a_place(asks: Sequence[Ask], now: datetime) -> set[UUID]:
    if not asks:
        return set()
    companies = {ask.contact.company_id for ask in asks}
    sent = asks[0].workspace.asks.filter(contact__company_id__in=companies, sent_at__gt=now - CAP_QUARTER)
    made = list(sent.values_list("contact__company_id", "contact_id", "sent_at"))
    return {ask.pk for ask in asks if ask.state in _GAVE_UP_THEIR_PLACE or _is_used_up(ask, made, now)}


def _is_used_up(ask: Ask, made: Sequence[tuple[UUID | None, UUID, datetime]], now: datetime) -> bool:
    colleagues = [
        sent_at
        for company_id, contact_id, sent_at in made
        if company_id == ask.contact.company_id and contact_id != ask.contact_id
    ]
    this_week = sum(sent_at > now - CAP_WEEK for sent_at in colleagues)
    return this_week >= ASKS_PER_WEEK or len(colleagues) >= ASKS_PER_QUARTER
