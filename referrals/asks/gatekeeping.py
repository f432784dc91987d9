"""The gate asked again about an ask that is under way."""

from accounts.customers.gate import Reason, Verdict
from referrals.asks.models import Ask

# An ask that is queued already holds its place in the company's allowance: judged again, two would stop each other.
_HAS_ITS_PLACE = frozenset({"company_cap"})
# A reminder belongs to the ask that the person is resting from.
_BELONGS_TO_THIS_ASK = _HAS_ITS_PLACE | {"resting"}


def standing_reasons(ask: Ask, verdict: Verdict) -> list[Reason]:
    """Why this queued ask must not go out now, without what a person has overruled for it."""
    overruled = _HAS_ITS_PLACE | set(ask.verdict.get("overridden", []))
    return [reason for reason in verdict.reasons if reason.code not in overruled]


def reasons_against_reminder(ask: Ask, verdict: Verdict) -> list[Reason]:
    """Why this person must not be reminded."""
    overruled = _BELONGS_TO_THIS_ASK | set(ask.verdict.get("overridden", []))
    return [reason for reason in verdict.reasons if reason.code not in overruled]
