from datetime import timedelta

import pytest

from accounts.customers.models import Company
from tests.factories import accounts as make

URL = "/api/v1/companies"
NORTHWIND = {"external_id": "c1", "name": "Northwind", "domains": ["Northwind.example"]}


@pytest.fixture
def northwind(acme, scope):
    with scope(acme.pk):
        company = make.CompanyFactory(workspace=acme, external_id="c1", name="Northwind")
        acme.company_domains.create(company=company, domain="northwind.example")
        return company


def errors(answer):
    return {(error["field"], error["code"]) for error in answer.json()["errors"]}


def test_without_a_key_nothing_is_shown(client, db):
    assert client.get(URL).status_code == 401


def test_a_company_of_another_workspace_does_not_exist(foreign_api, northwind):
    assert foreign_api.get(f"{URL}/{northwind.public_id}").status_code == 404
    assert foreign_api.get(URL).json()["results"] == []


def test_a_key_that_may_only_read_creates_nothing(reading_api, acme, scope):
    answer = reading_api.post(URL, NORTHWIND, format="json")

    assert answer.status_code == 403
    with scope(acme.pk):
        assert not Company.objects.exists()


def test_a_company_is_created_whole(api, acme, ana):
    body = {
        **NORTHWIND,
        "industry": "Logistics",
        "country": "DE",
        "arr": {"amount": 1_200_000, "currency": "EUR"},
        "plan": "Pro",
        "trial": False,
        "seats": 40,
        "customer_since": "2024-01-15",
        "renewal_on": "2027-01-15",
        "usage_score": 80,
        "owner_email": "Ana@Acme.example",
        "acquired_via": "referral",
        "publicity": "allowed",
        "gift_policy": "forbidden",
        "attributes": {"tier": 1},
    }

    answer = api.post(URL, body, format="json")

    assert answer.status_code == 201, answer.content
    said = answer.json()
    assert {name: said[name] for name in body} == {
        **body,
        "domains": ["northwind.example"],
        "owner_email": "ana@acme.example",
    }
    assert api.get(f"{URL}/{said['id']}").json() == said


def test_the_external_id_again_updates_only_what_is_given(api, northwind):
    answer = api.post(URL, {"external_id": "c1", "plan": "Pro"}, format="json")

    assert answer.status_code == 200
    said = answer.json()
    assert (said["id"], said["name"], said["plan"], said["domains"]) == (
        northwind.public_id,
        "Northwind",
        "Pro",
        ["northwind.example"],
    )


def test_a_domain_finds_its_company(api, northwind):
    answer = api.post(URL, {"domains": ["https://www.northwind.example/about"], "plan": "Pro"}, format="json")

    assert (answer.status_code, answer.json()["id"]) == (200, northwind.public_id)


def test_null_empties_and_the_whole_list_of_domains_is_replaced(api, northwind, acme, scope):
    with scope(acme.pk):
        Company.objects.filter(pk=northwind.pk).update(plan="Pro", seats=4)

    answer = api.post(
        URL, {"external_id": "c1", "plan": None, "seats": None, "domains": ["northwind.org"]}, format="json"
    )

    said = answer.json()
    assert (said["plan"], said["seats"], said["domains"]) == ("", None, ["northwind.org"])


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"nmae": "x"}, "nmae"),
        ({"name": ""}, "name"),
        ({"country": "XX"}, "country"),
        ({"arr": {"amount": 1.5, "currency": "EUR"}}, "arr"),
        ({"arr": {"amount": 1, "currency": "XXX"}}, "arr"),
        ({"usage_score": 101}, "usage_score"),
        ({"seats": -1}, "seats"),
        ({"domains": ["not a domain"]}, "domains[0]"),
        ({"owner_email": "nobody@acme.example"}, "owner_email"),
        ({"publicity": "loud"}, "publicity"),
        ({"acquired_via": "magic"}, "acquired_via"),
        ({"churned_at": "yesterday"}, "churned_at"),
        ({"churned_at": "0001-01-01T00:00:00+14:00"}, "churned_at"),
        ({"renewal_signed_at": "9999-12-31T23:59:59-14:00"}, "renewal_signed_at"),
        ({"trial": None}, "trial"),
        ({"attributes": [1]}, "attributes"),
        ({"attributes": {"a": "x" * 17_000}}, "attributes"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_stored(api, acme, scope, fields, wrong):
    answer = api.post(URL, {"external_id": "c1", "name": "Northwind", **fields}, format="json")

    assert answer.status_code == 422
    named = [(error["field"] or "").replace("domains.0", "domains[0]") for error in answer.json()["errors"]]
    assert named == [wrong]
    with scope(acme.pk):
        assert not Company.objects.exists()


def test_a_company_without_a_key_or_a_new_one_without_a_name_is_refused(api):
    assert errors(api.post(URL, {"name": "Northwind"}, format="json")) == {("external_id", "required")}
    assert errors(api.post(URL, {"external_id": "c9"}, format="json")) == {("name", "required")}


def test_a_domain_of_another_company_is_refused(api, northwind):
    answer = api.post(URL, {"external_id": "c2", "name": "Other", "domains": ["northwind.example"]}, format="json")

    assert (answer.status_code, errors(answer)) == (422, {("domains", "domain_taken")})


def test_a_new_owner_is_new_since_today(api, northwind, ana, acme, scope):
    with scope(acme.pk):
        other = make.MemberFactory(workspace=acme, role="manager")
        Company.objects.filter(pk=northwind.pk).update(owner=other, owner_since="2020-01-01")

    said = api.post(URL, {"external_id": "c1", "owner_email": ana.email}, format="json").json()

    assert said["owner_email"] == ana.email
    assert said["owner_since"] > "2020-01-01"


def test_the_same_idempotency_key_answers_again_without_a_second_effect(api, acme, scope):
    first = api.post(URL, NORTHWIND, format="json", headers={"Idempotency-Key": "k1"})
    again = api.post(URL, NORTHWIND, format="json", headers={"Idempotency-Key": "k1"})
    other = api.post(URL, {**NORTHWIND, "plan": "Pro"}, format="json", headers={"Idempotency-Key": "k1"})

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"


def test_lists_are_paged_by_cursor_and_filtered(api, acme, scope):
    with scope(acme.pk):
        rows = [make.CompanyFactory(workspace=acme, plan=plan) for plan in ("Pro", "Pro", "Free")]
        Company.objects.filter(pk=rows[0].pk).update(updated_at=rows[0].updated_at - timedelta(days=3))
        since = (rows[1].updated_at - timedelta(days=1)).isoformat().replace("+00:00", "Z")

    first = api.get(f"{URL}?limit=2&ordering=created_at").json()
    rest = api.get(first["next"]).json()

    def names(answer):
        return [row["id"] for row in answer["results"]]

    assert names(first) + names(rest) == [row.public_id for row in rows]
    assert names(api.get(f"{URL}?plan=Pro").json()) == [rows[1].public_id, rows[0].public_id]
    assert names(api.get(f"{URL}?updated_since={since}").json()) == [rows[2].public_id, rows[1].public_id]
    assert api.get(f"{URL}?colour=red").status_code == 422
    assert api.get(f"{URL}?name=%00").status_code == 422


def test_a_domain_filters(api, northwind):
    assert [row["id"] for row in api.get(f"{URL}?domain=northwind.example").json()["results"]] == [northwind.public_id]
    assert api.get(f"{URL}?domain=other.example").json()["results"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_takes_as_many_statements_for_three_as_for_one(api, acme, scope, count, django_assert_num_queries):
    with scope(acme.pk):
        for company in make.CompanyFactory.create_batch(count, workspace=acme):
            acme.company_domains.create(company=company, domain=f"{company.external_id}.example")
    api.get(URL)

    with django_assert_num_queries(6):
        assert len(api.get(URL).json()["results"]) == count


def test_bulk_takes_the_good_rows_and_explains_the_bad(api, northwind, acme, scope):
    items = [
        {"external_id": "c1", "plan": "Pro"},
        {"external_id": "c2", "name": "Two"},
        {"external_id": "c3", "name": "Three", "country": "XX"},
        "four",
        {"external_id": "c5", "name": "Five", "domains": ["northwind.example"]},
        {"external_id": "c6", "name": "Six"},
    ]

    answer = api.post(f"{URL}/bulk", {"items": items}, format="json")

    rows = answer.json()["results"]
    assert [(row["index"], row["status"]) for row in rows] == [
        (0, 200),
        (1, 201),
        (2, 422),
        (3, 422),
        (4, 422),
        (5, 201),
    ]
    assert [error["field"] for row in rows for error in row.get("errors", [])] == ["country", None, "domains"]
    with scope(acme.pk):
        assert sorted(Company.objects.values_list("external_id", flat=True)) == ["c1", "c2", "c6"]


@pytest.mark.parametrize("items", [[], [{"external_id": "x", "name": "x"}] * 1001, "no", None])
def test_bulk_takes_one_to_a_thousand_rows(api, items):
    answer = api.post(f"{URL}/bulk", {"items": items}, format="json")

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["items"]


def test_what_happened_is_recorded_without_values(api, acme, scope):
    api.post(URL, NORTHWIND, format="json")
    api.post(URL, {"external_id": "c1", "plan": "Pro"}, format="json")
    api.post(URL, {"external_id": "c1", "plan": "Pro"}, format="json")

    with scope(acme.pk):
        facts = list(acme.events.order_by("sequence").values_list("type", "sequence", "data__changed"))
    assert facts == [("company.created", 1, []), ("company.updated", 2, ["plan"])]
