"""Expert scores of everybody at once."""

from datetime import date, timedelta

import pytest

from feedback.experts.actions import recalculate
from tests.factories.accounts import NOW, CompanyFactory, ContactFactory, OutcomeFactory
from tests.factories.feedback import MomentFactory, ResponseFactory

TODAY = NOW.date()


@pytest.fixture
def northwind(in_acme):
    return CompanyFactory(workspace=in_acme, usage_score=80, customer_since=date(2020, 1, 1))


def scored(contact):
    contact.refresh_from_db()
    return contact.expert_score, contact.expert_parts


def test_all_that_is_known_counts(in_acme, northwind):
    jamie = ContactFactory(workspace=in_acme, company=northwind)
    OutcomeFactory(workspace=in_acme, company=northwind, contact=jamie)
    OutcomeFactory(workspace=in_acme, company=northwind)  # the company's own proof counts for its people
    answers = [ResponseFactory(contact=jamie, responded_at=NOW - timedelta(days=n)) for n in range(2)]
    ResponseFactory(contact=jamie, score=3, category="detractor", is_high=False, is_low=True)
    MomentFactory(response=answers[0], contact=jamie, kind="business_review")

    recalculate(workspace=in_acme, today=TODAY)

    parts = {"use": 28, "outcomes": 30, "tenure": 15, "steadiness": 5, "involvement": 5}
    assert scored(jamie) == (83, {**parts, "stood_in": [], "by_outcomes": False})


def test_proof_of_a_colleague_is_not_mine(in_acme, northwind):
    jamie, kim = (ContactFactory(workspace=in_acme, company=northwind) for _ in range(2))
    OutcomeFactory(workspace=in_acme, company=northwind, contact=kim)

    recalculate(workspace=in_acme, today=TODAY)

    assert (scored(jamie)[1]["outcomes"], scored(kim)[1]["outcomes"]) == (0, 15)


def test_answers_about_the_company_stand_for_its_people(in_acme, northwind):
    jamie = ContactFactory(workspace=in_acme, company=northwind)
    for n in range(4):
        ResponseFactory(
            workspace=in_acme,
            contact=None,
            company=northwind,
            metric="csat",
            score=5,
            category="satisfied",
            responded_at=NOW - timedelta(days=n),
        )

    recalculate(workspace=in_acme, today=TODAY)

    assert scored(jamie)[1]["steadiness"] == 10


def test_without_answers_tenure_and_being_a_customer_stand_in(in_acme, northwind):
    jamie = ContactFactory(workspace=in_acme, company=northwind)
    nobody = ContactFactory(workspace=in_acme, company=None)

    recalculate(workspace=in_acme, today=TODAY)

    parts = {"use": 28, "outcomes": 0, "tenure": 15, "steadiness": 6, "involvement": 0}
    assert scored(jamie) == (49, {**parts, "stood_in": ["retention", "tenure"], "by_outcomes": False})
    assert scored(nobody)[0] == 0


def test_a_second_time_nothing_changes(in_acme, northwind):
    ContactFactory(workspace=in_acme, company=northwind)

    assert [recalculate(workspace=in_acme, today=TODAY) for _ in range(2)] == [1, 0]
