"""The gate against rows: what is read, and in how many statements."""

from datetime import date, timedelta

import pytest

from accounts.customers import actions as customers
from accounts.customers import gate
from accounts.mail.actions import suppress
from tests.factories import accounts as make
from tests.factories.accounts import NOW

DAY = timedelta(days=1)


@pytest.fixture
def northwind(in_acme):
    return make.CompanyFactory(workspace=in_acme)


@pytest.fixture
def jamie(in_acme, northwind):
    return make.ContactFactory(workspace=in_acme, company=northwind, email="jamie@northwind.example")


def codes(acme, contact, purpose="asks"):
    return [r.code for r in gate.judge(workspace=acme, contact=contact, purpose=purpose, now=NOW).reasons]


def test_somebody_nothing_speaks_against_may_be_asked_in_one_statement(in_acme, jamie, django_assert_num_queries):
    with django_assert_num_queries(1):
        said = gate.judge(workspace=in_acme, contact=jamie, purpose="asks", now=NOW)

    assert said == gate.Verdict()


def test_every_kind_of_row_is_seen(in_acme, northwind, jamie):
    suppress(workspace=in_acme, email="Jamie@Northwind.example ", purpose="asks", reason="preferences")
    make.HoldFactory(workspace=in_acme, company=northwind)
    make.HoldFactory(workspace=in_acme, company=None, contact=jamie, reason="absence", until=NOW + DAY)
    in_acme.deals.create(external_id="d1", company=northwind, created_on=date(2026, 11, 1))
    northwind.trial, northwind.renewal_on = True, date(2026, 12, 1)
    northwind.save()
    jamie.low_answer_at, jamie.silences = NOW - DAY, 2
    jamie.save()
    customers.set_rest(contact=jamie, until=NOW + DAY, reason="silence")
    make.ContactFactory(workspace=in_acme, company=northwind, asked_at=NOW - DAY)

    assert codes(in_acme, jamie) == [
        "opted_out",
        "trial",
        "open_ticket",
        "absence",
        "open_deal",
        "low_answer",
        "renewal_near",
        "two_silences",
        "resting",
        "company_cap",
    ]


def test_what_is_over_or_not_begun_or_elsewhere_is_not_seen(in_acme, northwind, jamie):
    make.HoldFactory(workspace=in_acme, company=northwind, until=NOW)
    make.HoldFactory(workspace=in_acme, company=northwind, lifted_at=NOW - DAY)
    make.HoldFactory(workspace=in_acme, company=northwind, starts_at=NOW + DAY)
    other = make.ContactFactory(workspace=in_acme, asked_at=NOW - DAY)
    make.HoldFactory(workspace=in_acme, company=other.company)
    suppress(workspace=in_acme, email=other.email, purpose="all", reason="bounce")
    in_acme.deals.create(external_id="d1", company=northwind, created_on=NOW, closed_on=NOW, outcome="won")
    jamie.asked_at = NOW - DAY
    jamie.save()

    assert codes(in_acme, jamie) == []
    assert codes(in_acme, other) == ["suppressed", "open_ticket"]


def test_a_person_without_company_and_address_is_judged_too(in_acme):
    loner = make.ContactFactory(workspace=in_acme, company=None, email="", email_normalized=None)
    stranger = make.ContactFactory(workspace=in_acme, company=None, asked_at=NOW - DAY)

    assert [codes(in_acme, loner), codes(in_acme, stranger)] == [[], []]


def test_a_person_may_overrule_with_a_code(in_acme, northwind, jamie):
    make.HoldFactory(workspace=in_acme, company=northwind)

    said = gate.judge(workspace=in_acme, contact=jamie, purpose="asks", now=NOW, override={"open_ticket"})

    assert said.ok


@pytest.mark.parametrize("people", [1, 3])
def test_many_are_judged_in_two_statements(in_acme, northwind, people, django_assert_num_queries):
    contacts = make.ContactFactory.create_batch(people, workspace=in_acme, company=northwind)
    make.HoldFactory(workspace=in_acme, company=northwind)

    with django_assert_num_queries(2):
        said = gate.judge_many(workspace=in_acme, contact_ids=[c.pk for c in contacts], purpose="asks", now=NOW)

    assert {key: [r.code for r in v.reasons] for key, v in said.items()} == {c.pk: ["open_ticket"] for c in contacts}


def test_nobody_needs_no_statement_and_strangers_are_left_out(in_acme, globex, scope):
    with scope(globex.pk):
        foreign = make.ContactFactory(workspace=globex)

    assert gate.judge_many(workspace=in_acme, contact_ids=[foreign.pk], purpose="asks", now=NOW) == {}
    assert gate.judge_many(workspace=in_acme, contact_ids=[], purpose="asks", now=NOW) == {}
