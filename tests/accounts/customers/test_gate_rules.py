"""The gate as a table: facts in, reasons out. No database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.customers.gate import Purpose, Reason, Verdict, verdict
from accounts.customers.gate_facts import Facts, HoldFact
from accounts.customers.role_addresses import is_role_address
from tests.factories.accounts import NOW

FREE = Facts(first_name="Jamie", email="jamie@northwind.example", company="Northwind", timezone="Europe/Berlin")
DAY = timedelta(days=1)

ALL = ["asks", "surveys", "campaigns", "thanks"]
BUT_THANKS = ["asks", "surveys", "campaigns"]
PROMOTING = ["asks", "campaigns"]


def hold(reason, purpose="asks", **fields):
    return HoldFact(purpose=purpose, reason=reason, on_company=True, **fields)


# name: facts, code, purposes it stops, until, whether a person may overrule it
STOPS = {
    "the workspace is suspended": ({"workspace_is_active": False}, "workspace_not_active", ALL, None, False),
    "merged into another record": ({"is_merged": True}, "merged", ALL, None, False),
    "suppressed for everything": ({"suppressions": frozenset({"all"})}, "suppressed", ALL, None, False),
    "opted out of asks": ({"suppressions": frozenset({"asks"})}, "opted_out", ["asks"], None, False),
    "opted out of surveys": ({"suppressions": frozenset({"surveys"})}, "opted_out", ["surveys"], None, False),
    "opted out of campaigns": ({"suppressions": frozenset({"campaigns"})}, "opted_out", ["campaigns"], None, False),
    "a role address": ({"email": "info@northwind.example"}, "role_address", BUT_THANKS, None, False),
    "churned": ({"churned_at": NOW - DAY}, "churned", BUT_THANKS, None, True),
    "on trial": ({"trial": True}, "trial", PROMOTING, None, True),
    "an open ticket": ({"holds": (hold("open_ticket"),)}, "open_ticket", ["asks"], None, True),
    "an escalated ticket": ({"holds": (hold("escalated_ticket"),)}, "escalated_ticket", ["asks"], None, True),
    "an open recovery": (
        {"holds": (hold("open_recovery", until=NOW + 14 * DAY),)},
        "open_recovery",
        ["asks"],
        NOW + 14 * DAY,
        True,
    ),
    "an overdue invoice": ({"holds": (hold("overdue_invoice"),)}, "overdue_invoice", ["asks"], None, True),
    "notice given": ({"holds": (hold("notice_given"),)}, "notice_given", ["asks"], None, True),
    "absence": ({"holds": (hold("absence", "surveys"),)}, "absence", ["surveys"], None, True),
    "a request for silence": ({"holds": (hold("requested", "all"),)}, "requested", ALL, None, True),
    "a hold on campaigns": ({"holds": (hold("other", "campaigns"),)}, "other", ["campaigns"], None, True),
    "an open deal": ({"has_open_deal": True}, "open_deal", PROMOTING, None, True),
    "a low answer": ({"low_answer_at": NOW - 10 * DAY}, "low_answer", PROMOTING, NOW + 170 * DAY, True),
    "a renewal in 60 days": (
        {"renewal_on": date(2027, 1, 16)},
        "renewal_near",
        PROMOTING,
        datetime(2027, 1, 16, 23, tzinfo=UTC),
        True,
    ),
    "a renewal with last year's signature": (
        {"renewal_on": date(2026, 12, 1), "renewal_signed_at": datetime(2025, 11, 20, tzinfo=UTC)},
        "renewal_near",
        PROMOTING,
        datetime(2026, 12, 1, 23, tzinfo=UTC),
        True,
    ),
    "two silences": ({"silences": 2}, "two_silences", PROMOTING, None, True),
    "a rest": ({"rest_until": NOW + 90 * DAY, "rest_reason": "answered"}, "resting", PROMOTING, NOW + 90 * DAY, True),
    "a colleague asked this week": (
        {"colleagues_asked_at": (NOW - DAY,)},
        "company_cap",
        ["asks"],
        NOW + 6 * DAY,
        True,
    ),
    "three colleagues asked this quarter": (
        {"colleagues_asked_at": (NOW - 20 * DAY, NOW - 40 * DAY, NOW - 80 * DAY)},
        "company_cap",
        ["asks"],
        NOW + 10 * DAY,
        True,
    ),
}

FREES = {
    "nothing known against it": {},
    "no address": {"email": ""},
    "a person whose name begins like a role": {"email": "salesha@northwind.example"},
    "churn announced for later": {"churned_at": NOW + DAY},
    "a low answer of 180 days ago": {"low_answer_at": NOW - 180 * DAY},
    "a renewal in 61 days": {"renewal_on": date(2027, 1, 17)},
    "a renewal already signed": {"renewal_on": date(2026, 12, 1), "renewal_signed_at": NOW - DAY},
    "a renewal date that has passed": {"renewal_on": date(2026, 11, 16)},
    "one silence": {"silences": 1},
    "a rest that ends now": {"rest_until": NOW, "rest_reason": "answered"},
    "a colleague asked a week ago": {"colleagues_asked_at": (NOW - 7 * DAY,)},
    "two colleagues asked this quarter": {"colleagues_asked_at": (NOW - 20 * DAY, NOW - 40 * DAY)},
    "the third colleague asked 90 days ago": {"colleagues_asked_at": (NOW - 20 * DAY, NOW - 40 * DAY, NOW - 90 * DAY)},
}


@pytest.mark.parametrize("name", STOPS)
def test_a_fact_stops_exactly_its_purposes_until_it_ends(name):
    fields, code, purposes, until, overridable = STOPS[name]
    facts = replace(FREE, **fields)

    reasons = {p.value: verdict(facts, purpose=p, now=NOW).reasons for p in Purpose}

    found = {purpose: [(r.code, r.until, r.overridable) for r in reasons[purpose]] for purpose in ALL}
    assert found == {purpose: [(code, until, overridable)] if purpose in purposes else [] for purpose in ALL}


@pytest.mark.parametrize("name", FREES)
def test_a_fact_stops_nothing(name):
    facts = replace(FREE, **FREES[name])

    assert [verdict(facts, purpose=p, now=NOW) for p in Purpose] == [Verdict()] * 4


def test_several_open_cases_are_one_reason_that_ends_with_the_last():
    facts = replace(FREE, holds=(hold("open_ticket", until=NOW + DAY), hold("open_ticket", until=NOW + 3 * DAY)))

    assert verdict(facts, purpose="asks", now=NOW).reasons == (
        Reason(
            "open_ticket",
            "Northwind has 2 open support cases. We will not ask before 20 November 2026.",
            NOW + 3 * DAY,
        ),
    )


def test_one_case_without_an_end_leaves_the_end_open():
    facts = replace(FREE, holds=(hold("open_ticket", until=NOW + DAY), hold("open_ticket", detail="invoice import")))

    assert verdict(facts, purpose="asks", now=NOW).as_json() == {
        "ok": False,
        "reasons": [
            {
                "code": "open_ticket",
                "detail": "Northwind has 2 open support cases (invoice import). We will not ask until they are closed.",
                "until": None,
            }
        ],
    }


def test_reasons_come_together_and_a_person_overrules_only_what_may_be_overruled():
    facts = replace(FREE, suppressions=frozenset({"asks"}), trial=True, silences=2)
    said = verdict(facts, purpose="asks", now=NOW)

    assert [reason.code for reason in said.reasons] == ["opted_out", "trial", "two_silences"]
    assert [reason.code for reason in said.without({"opted_out", "trial"}).reasons] == ["opted_out", "two_silences"]


@pytest.mark.parametrize(
    "email", ["info@a.example", "No-Reply@a.example", "sales+eu@a.example", "customer.service@a.example"]
)
def test_a_shared_address_is_recognised(email):
    assert is_role_address(email)


@pytest.mark.parametrize("email", ["jamie@a.example", "informatics.jones@a.example", "teamson@a.example", ""])
def test_a_personal_address_is_not_shared(email):
    assert not is_role_address(email)
