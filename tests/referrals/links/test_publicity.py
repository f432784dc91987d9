"""What may be told about Jamie Okafor, Head of Operations at Northwind (logistics), and to whom."""

import datetime

import pytest

from accounts.customers.models import Company, Contact, Outcome
from referrals.links.publicity import shown
from tests.factories.accounts import NOW

JAMIE = {"first_name": "Jamie", "last_name": "Okafor", "title": "Head of Operations"}


def outcome(**changes):
    approved_at = changes.pop("approved_at", NOW - datetime.timedelta(days=20))
    return Outcome(
        summary=changes.pop("summary", "cut reporting time by 40 %"),
        metric="reporting time",
        approved_by=changes.pop("approved_by", "Jamie Okafor"),
        approved_at=approved_at,
        approved_until=changes.pop("approved_until", NOW + datetime.timedelta(days=300)),
    )


def told(publicity, in_public, *, outcomes=(), name_hidden=False, title="Head of Operations"):
    company = Company(name="Northwind", industry="Logistics", publicity=publicity)
    return shown(
        contact=Contact(**{**JAMIE, "title": title}),
        company=company,
        outcomes=outcomes,
        in_public=in_public,
        name_hidden=name_hidden,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("publicity", "in_public", "approved", "short", "full_name", "what"),
    [
        # publicity, posted in public, outcome approved -> short, full name, outcome
        ("unknown", False, False, "Jamie at Northwind", "Jamie", ""),
        ("unknown", False, True, "Jamie at Northwind", "Jamie Okafor", "cut reporting time by 40 %"),
        ("unknown", True, False, "Jamie, Head of Operations in logistics", "Jamie", ""),
        ("unknown", True, True, "Jamie, Head of Operations in logistics", "Jamie", "cut reporting time by 40 %"),
        ("allowed", False, False, "Jamie at Northwind", "Jamie", ""),
        ("allowed", False, True, "Jamie at Northwind", "Jamie Okafor", "cut reporting time by 40 %"),
        ("allowed", True, False, "Jamie at Northwind", "Jamie", ""),
        ("allowed", True, True, "Jamie at Northwind", "Jamie Okafor", "cut reporting time by 40 %"),
        ("anonymous", False, False, "Jamie, Head of Operations in logistics", "Jamie", ""),
        ("anonymous", False, True, "Jamie, Head of Operations in logistics", "Jamie", "cut reporting time by 40 %"),
        ("anonymous", True, True, "Jamie, Head of Operations in logistics", "Jamie", "cut reporting time by 40 %"),
        ("forbidden", False, False, "Jamie", "Jamie", ""),
        ("forbidden", False, True, "Jamie", "Jamie", ""),
        ("forbidden", True, True, "Jamie", "Jamie", ""),
    ],
)
def test_publicity_decides_what_is_told(publicity, in_public, approved, short, full_name, what):
    seen = told(publicity, in_public, outcomes=[outcome()] if approved else [])

    assert (seen.short, seen.full_name, seen.outcome) == (short, full_name, what)


@pytest.mark.parametrize("publicity", Company.Publicity.values)
@pytest.mark.parametrize("in_public", [False, True])
def test_a_hidden_name_hides_everything(publicity, in_public):
    seen = told(publicity, in_public, outcomes=[outcome()], name_hidden=True)

    assert seen == type(seen)()


@pytest.mark.parametrize(
    "changes",
    [
        {"approved_by": ""},
        {"approved_until": NOW},
        {"approved_at": NOW - datetime.timedelta(days=366)},
        {"approved_at": None, "approved_until": None},
    ],
    ids=["by nobody", "run out", "older than a year", "never"],
)
def test_an_outcome_needs_a_fresh_approval_by_a_person(changes):
    seen = told("allowed", False, outcomes=[outcome(**changes)])

    assert (seen.full_name, seen.outcome) == ("Jamie", "")


def test_a_secret_company_is_not_told_by_the_outcome_or_the_title():
    seen = told("anonymous", False, outcomes=[outcome(summary="save Northwind 3 days")], title="COO, NORTHWIND Group")

    assert (seen.short, seen.outcome) == ("Jamie, in logistics", "")


def test_somebody_without_a_company_is_told_by_role():
    seen = shown(contact=Contact(**JAMIE), company=None, outcomes=[], in_public=False, name_hidden=False, now=NOW)

    assert seen.short == "Jamie, Head of Operations"
