from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.customers.models import Company, Contact
from accounts.mail.actions import suppress
from tests.factories import accounts as make

URL = "/api/v1/contacts"
JAMIE = {"external_id": "p1", "email": "Jamie@Northwind.example", "first_name": "Jamie"}


@pytest.fixture
def jamie(acme, scope):
    with scope(acme.pk):
        return make.ContactFactory(
            workspace=acme, external_id="p1", email="jamie@northwind.example", company__external_id="c1"
        )


def errors(answer):
    return {(error["field"], error["code"]) for error in answer.json()["errors"]}


def test_without_a_key_nothing_is_shown(client, db):
    assert client.get(URL).status_code == 401


def test_a_contact_of_another_workspace_does_not_exist(foreign_api, jamie):
    assert foreign_api.get(f"{URL}/{jamie.public_id}").status_code == 404
    assert foreign_api.get(URL).json()["results"] == []


def test_a_key_that_may_only_read_creates_nothing(reading_api, acme, scope):
    assert reading_api.post(URL, JAMIE, format="json").status_code == 403
    with scope(acme.pk):
        assert not Contact.objects.exists()


def test_a_contact_is_created_whole_and_may_be_asked(api):
    body = {
        **JAMIE,
        "last_name": "Okafor",
        "title": "Head of Operations",
        "seniority": "executive",
        "phone": "+49 30 123",
        "linkedin_url": "https://linkedin.example/in/jamie",
        "locale": "de",
        "timezone": "Europe/Berlin",
        "country": "DE",
        "preferred_reward": "charity",
        "attributes": {"team": "ops"},
    }

    answer = api.post(URL, {**body, "company": {"external_id": "c1"}}, format="json")

    assert answer.status_code == 201, answer.content
    said = answer.json()
    assert {name: said[name] for name in body} == body
    assert said["company"].startswith("cmp_")
    free = {"ok": True, "reasons": []}
    assert said["contactable"] == {"asks": free, "surveys": free, "campaigns": free}
    assert (said["latest_scores"], said["is_promoter"], said["expert_score"]) == ({}, False, None)
    assert api.get(f"{URL}/{said['id']}").json() == said


def test_the_address_in_any_spelling_is_the_same_person(api, jamie):
    answer = api.post(URL, {"email": " JAMIE@northwind.example ", "title": "COO"}, format="json")

    assert (answer.status_code, answer.json()["id"], answer.json()["title"]) == (200, jamie.public_id, "COO")


def test_an_external_id_is_learned_by_the_address(api, acme, scope):
    with scope(acme.pk):
        contact = make.ContactFactory(workspace=acme, external_id=None, email="jamie@northwind.example")

    said = api.post(URL, JAMIE, format="json").json()

    assert (said["id"], said["external_id"]) == (contact.public_id, "p1")


def test_an_address_of_somebody_else_is_refused_with_a_sentence(api, jamie):
    new = api.post(URL, {"external_id": "p2", "email": "jamie@northwind.example"}, format="json")
    api.post(URL, {"external_id": "p3"}, format="json")
    known = api.post(URL, {"external_id": "p3", "email": "jamie@northwind.example"}, format="json")

    assert [(a.status_code, errors(a)) for a in (new, known)] == [(422, {("email", "email_taken")})] * 2
    assert "Jamie Okafor" in new.json()["detail"]


def test_somebody_new_joins_the_company_of_their_mail_domain(api, jamie, acme, scope):
    with scope(acme.pk):
        acme.company_domains.create(company=jamie.company, domain="northwind.example")

    said = api.post(URL, {"email": "kim@northwind.example"}, format="json").json()

    assert said["company"] == jamie.company.public_id


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"emial": "x"}, "emial"),
        ({"email": "jamie@northwind"}, "email"),
        ({"timezone": "Mars/Base"}, "timezone"),
        ({"country": "de"}, "country"),
        ({"seniority": "boss"}, "seniority"),
        ({"linkedin_url": "javascript:alert(1)"}, "linkedin_url"),
        ({"company": {"name": "x"}}, "company.id"),
        ({"company": {"id": "cmp_nonsense"}}, "company.id"),
        ({"company": "c1"}, "company"),
        ({"company": {"domain": "a b"}}, "company.domain"),
        ({"attributes": "x"}, "attributes"),
        ({"first_name": "x" * 121}, "first_name"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_stored(api, acme, scope, fields, wrong):
    answer = api.post(URL, {"external_id": "p1", **fields}, format="json")

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [wrong]
    with scope(acme.pk):
        assert (Contact.objects.count(), Company.objects.count()) == (0, 0)


def test_a_company_of_another_workspace_is_as_unknown_as_a_random_one(api, globex, scope):
    with scope(globex.pk):
        foreign = make.CompanyFactory(workspace=globex)

    answers = [
        api.post(URL, {**JAMIE, "company": {"id": key}}, format="json")
        for key in (foreign.public_id, "cmp_01h455vb4pex5vsknk084sn02q")
    ]

    assert [(a.status_code, errors(a)) for a in answers] == [(422, {("company.id", "unknown")})] * 2
    assert answers[0].json()["detail"] == answers[1].json()["detail"]


def test_a_person_nobody_may_ask_says_why_for_each_purpose(api, jamie, acme, scope):
    with scope(acme.pk):
        suppress(workspace=acme, email=jamie.email, purpose="surveys", reason="preferences")
        make.HoldFactory(workspace=acme, company=jamie.company)

    said = api.get(f"{URL}/{jamie.public_id}").json()["contactable"]

    assert said == {
        "asks": {
            "ok": False,
            "reasons": [
                {
                    "code": "open_ticket",
                    "detail": "Northwind has an open support case. We will not ask until it is closed.",
                    "until": None,
                }
            ],
        },
        "surveys": {
            "ok": False,
            "reasons": [{"code": "opted_out", "detail": "Jamie would rather not get surveys.", "until": None}],
        },
        "campaigns": {"ok": True, "reasons": []},
    }


@pytest.mark.parametrize(("age", "promoter"), [(timedelta(days=360), True), (timedelta(days=370), False)])
def test_a_promoter_is_one_for_twelve_months(api, acme, scope, age, promoter):
    with scope(acme.pk):
        contact = make.ContactFactory(workspace=acme, promoter_at=timezone.now() - age)

    assert api.get(f"{URL}/{contact.public_id}").json()["is_promoter"] is promoter


def test_filters(api, jamie, acme, scope):
    with scope(acme.pk):
        make.ContactFactory(workspace=acme)

    for query in ("external_id=p1", "email=JAMIE@northwind.example", f"company={jamie.company.public_id}"):
        assert [row["id"] for row in api.get(f"{URL}?{query}").json()["results"]] == [jamie.public_id]
    assert api.get(f"{URL}?company=nonsense").status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_takes_as_many_statements_for_three_as_for_one(api, acme, scope, count, django_assert_num_queries):
    with scope(acme.pk):
        make.ContactFactory.create_batch(count, workspace=acme)
    api.get(URL)

    with django_assert_num_queries(6):
        assert len(api.get(URL).json()["results"]) == count


def test_bulk_takes_the_good_rows_and_explains_the_bad(api, jamie, acme, scope):
    items = [
        {"external_id": "p1", "title": "COO"},
        {"email": "new@northwind.example"},
        {"external_id": "p3", "email": "jamie@northwind.example"},
        {"first_name": "Nobody"},
        {"external_id": "p5", "company": {"id": "cmp_x"}},
    ]

    rows = api.post(f"{URL}/bulk", {"items": items}, format="json").json()["results"]

    assert [(row["index"], row["status"]) for row in rows] == [(0, 200), (1, 201), (2, 422), (3, 422), (4, 422)]
    assert [error["field"] for row in rows for error in row.get("errors", [])] == ["email", "external_id", "company.id"]
    with scope(acme.pk):
        assert Contact.objects.count() == 2
