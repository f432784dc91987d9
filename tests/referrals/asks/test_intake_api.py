"""POST /responses and /moments: the contract integrators build on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.customers.models import Contact
from accounts.tenancy.scope import workspace_scope
from feedback.responses.models import Response
from referrals.asks.models import Ask
from tests.factories.accounts import CompanyFactory, ContactFactory, HoldFactory
from tests.factories.feedback import SurveyFactory
from tests.factories.referrals import ProgramFactory

JAMIE = {"email": "jamie@northwind.example", "first_name": "Jamie", "last_name": "Okafor"}


@pytest.fixture
def program(acme):
    with workspace_scope(acme.pk):
        return ProgramFactory(workspace=acme)


def test_a_ten_becomes_one_ask(api, acme, program):
    answer = api.post("/api/v1/responses", {"contact": JAMIE, "metric": "nps", "score": 10, "comment": "Love it"})

    body = answer.json()
    assert answer.status_code == 201, body
    assert (body["category"], body["is_high"], body["not_asked"]) == ("promoter", True, None)
    assert [ask["state"] for ask in body["asks"]] == ["queued"]
    assert body["asks"][0]["program"] == program.public_id
    with workspace_scope(acme.pk):
        assert Ask.objects.filter(workspace=acme).count() == 1


def test_an_eight_asks_nobody_and_says_nothing(api, program):
    body = api.post("/api/v1/responses", {"contact": JAMIE, "metric": "nps", "score": 8}).json()

    assert (body["asks"], body["moment"], body["not_asked"]) == ([], None, None)


def test_the_gate_says_why_nobody_is_asked(api, acme, program):
    with workspace_scope(acme.pk):
        contact = ContactFactory(workspace=acme)
        HoldFactory(company=contact.company, workspace=acme, starts_at=timezone.now() - timedelta(days=1))

    body = api.post("/api/v1/responses", {"contact": {"id": contact.public_id}, "metric": "nps", "score": 9}).json()

    assert body["asks"] == []
    assert [reason["code"] for reason in body["not_asked"]["reasons"]] == ["open_ticket"]


def test_an_old_answer_is_stored_and_too_late_to_ask(api, program):
    long_ago = (timezone.now() - timedelta(days=2)).isoformat()

    body = api.post(
        "/api/v1/responses", {"contact": JAMIE, "metric": "nps", "score": 10, "responded_at": long_ago}
    ).json()

    assert [reason["code"] for reason in body["not_asked"]["reasons"]] == ["too_late"]


def test_a_csat_five_only_thanks_until_value_is_proven(api, acme, program):
    with workspace_scope(acme.pk):
        company = CompanyFactory(workspace=acme, customer_since=timezone.now().date() - timedelta(days=10))
        new = ContactFactory(workspace=acme, company=company)
        old = ContactFactory(workspace=acme)

    answers = [
        api.post("/api/v1/responses", {"contact": {"id": who.public_id}, "metric": "csat", "score": 5}).json()
        for who in (new, old)
    ]

    assert [len(answer["asks"]) for answer in answers] == [0, 1]
    assert answers[0]["not_asked"]["reasons"][0]["code"] == "no_proof_of_value"


def test_the_same_external_id_answers_200_with_the_first_result(api, program):
    body = {"contact": JAMIE, "metric": "nps", "score": 10, "external_id": "r-1"}

    first = api.post("/api/v1/responses", body)
    again = api.post("/api/v1/responses", {**body, "score": 1})

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"score": 11}, "score"),
        ({"score": "ten"}, "score"),
        ({"score": None}, "score"),
        ({"metric": "love"}, "metric"),
        ({"responded_at": "2999-01-01T00:00:00Z"}, "responded_at"),
        ({"contact": {"id": "con_00000000000000000000000000"}}, "contact.id"),
        ({"contact": {}}, "contact.id"),
        ({"colour": "red"}, "colour"),
        ({"survey": "srv_00000000000000000000000000"}, "survey"),
        ({"comment": "x" * 10_001}, "comment"),
    ],
)
def test_bad_input_is_422_naming_the_field_and_nothing_is_stored(api, acme, program, change, field):
    answer = api.post("/api/v1/responses", {"contact": JAMIE, "metric": "nps", "score": 10, **change})

    assert answer.status_code == 422, answer.content
    assert field in [error["field"] for error in answer.json()["errors"]]
    with workspace_scope(acme.pk):
        assert (Response.objects.count(), Contact.objects.count()) == (0, 0)


def test_a_foreign_contact_is_unknown(api, globex, program):
    with workspace_scope(globex.pk):
        stranger = ContactFactory(workspace=globex)

    answer = api.post("/api/v1/responses", {"contact": {"id": stranger.public_id}, "metric": "nps", "score": 10})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "contact.id")


def test_a_survey_gives_the_metric(api, acme, program):
    with workspace_scope(acme.pk):
        survey = SurveyFactory(workspace=acme, metric="ces")

    body = api.post("/api/v1/responses", {"contact": JAMIE, "survey": survey.public_id, "score": 7}).json()

    assert (body["metric"], body["is_high"]) == ("ces", True)


def test_bulk_keeps_the_good_rows(api, acme, program):
    items = [{"contact": JAMIE, "metric": "nps", "score": score} for score in (10, 11, 7)]

    answer = api.post("/api/v1/responses/bulk", {"items": [*items, "not a row"]})

    rows = answer.json()["results"]
    assert [row["status"] for row in rows] == [201, 422, 201, 422]
    assert rows[1]["errors"][0]["field"] == "score"
    with workspace_scope(acme.pk):
        assert Response.objects.count() == 2


def test_a_milestone_is_a_moment_and_asks(api, program):
    answer = api.post("/api/v1/moments", {"contact": JAMIE, "kind": "milestone", "detail": "1,000th report"})

    assert answer.status_code == 201, answer.content
    assert [ask["state"] for ask in answer.json()["asks"]] == ["queued"]


def test_a_high_score_cannot_be_reported_as_a_moment(api, program):
    answer = api.post("/api/v1/moments", {"contact": JAMIE, "kind": "high_score"})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "kind")


def test_never_two_asks_for_one_person(api, acme, program):
    bodies = [api.post("/api/v1/responses", {"contact": JAMIE, "metric": "nps", "score": 10}).json() for _ in range(2)]

    assert [len(body["asks"]) for body in bodies] == [1, 0]
    assert bodies[1]["not_asked"]["reasons"]


def test_a_low_answer_takes_the_ask_back(api, acme, program):
    api.post("/api/v1/responses", {"contact": JAMIE, "metric": "nps", "score": 10})
    api.post("/api/v1/responses", {"contact": JAMIE, "metric": "nps", "score": 2})

    with workspace_scope(acme.pk):
        assert [ask.state for ask in Ask.objects.filter(workspace=acme)] == ["skipped"]


def test_a_read_only_key_may_not_send(reading_api, program):
    answer = reading_api.post("/api/v1/responses", {"contact": JAMIE, "metric": "nps", "score": 10})

    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
