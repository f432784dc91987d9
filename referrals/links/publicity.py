"""What may be told about the person behind a link, and to whom (product.md section 5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.customers.models import Company, Contact, Outcome

_OUTCOME_LASTS = timedelta(days=365)
_NAMED = {
    # Whether a personal link, and a link posted in public, may name the company.
    Company.Publicity.ALLOWED: (True, True),
    Company.Publicity.UNKNOWN: (True, False),
    Company.Publicity.ANONYMOUS: (False, False),
    Company.Publicity.FORBIDDEN: (False, False),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """Who vouches, as far as it may be told. Empty texts are not told."""

    name: str = ""
    full_name: str = ""
    company: str = ""
    role: str = ""
    industry: str = ""
    # The outcome in words ("cut reporting time by 40 %"), and by whom it was approved.
    outcome: str = ""
    before: str = ""
    after: str = ""
    metric: str = ""
    approved_by: str = ""

    @property
    def short(self) -> str:
        """ "Jamie at Northwind", "Jamie, Head of Operations at a logistics company", "Jamie", "" if nobody is named."""
        if self.name and self.company:
            return f"{self.name} at {self.company}"
        return ", ".join(part for part in (self.name, self.described) if part)

    @property
    def described(self) -> str:
        """The role, and the kind of company where its name is not told: "Head of Operations in logistics"."""
        if self.company or not self.industry:
            return self.role
        return f"{self.role} in {self.industry}" if self.role else f"in {self.industry}"


def shown(
    *,
    contact: Contact,
    company: Company | None,
    outcomes: Iterable[Outcome],
    in_public: bool,
    name_hidden: bool,
    now: datetime,
) -> Shown:
    """Decide what a page may tell. `in_public`: the link was posted where anybody reads it.

    A hidden name hides all that could lead to the person. Last name and outcome wait for an approval by a named person
    that is at most twelve months old; a company that must not be named lends no outcome either.
    """
    if name_hidden:
        return Shown()
    publicity = Company.Publicity(company.publicity) if company else Company.Publicity.ALLOWED
    named = _NAMED[publicity][in_public]
    forbidden = publicity == Company.Publicity.FORBIDDEN
    secret = "" if named or company is None else company.name
    outcome = None if forbidden else _approved(outcomes, secret, now)
    return Shown(
        name=contact.first_name,
        full_name=contact.name if named and outcome and contact.first_name else contact.first_name,
        company=company.name if named and company else "",
        role="" if forbidden or _gives_away(contact.title, secret) else contact.title,
        industry=_industry(company) if company and not named and not forbidden else "",
        outcome=outcome.summary.rstrip(". ") if outcome else "",
        before=outcome.baseline if outcome else "",
        after=outcome.now if outcome else "",
        metric=outcome.metric if outcome else "",
        approved_by=outcome.approved_by if outcome and named else "",
    )


def _approved(outcomes: Iterable[Outcome], secret: str, now: datetime) -> Outcome | None:
    """The latest outcome that may be told now and does not name the company where it is a secret."""
    fresh = [
        outcome
        for outcome in outcomes
        if outcome.approved_by
        and outcome.approved_at
        and outcome.approved_until
        and outcome.approved_until > now
        and outcome.approved_at > now - _OUTCOME_LASTS
        and not _gives_away(outcome.summary, secret)
    ]
    return max(fresh, key=lambda outcome: (outcome.approved_at, outcome.pk), default=None)


def _gives_away(text: str, secret: str) -> bool:
    return bool(secret) and secret.casefold() in text.casefold()


def _industry(company: Company) -> str:
    return "" if _gives_away(company.industry, company.name) else company.industry.lower()
