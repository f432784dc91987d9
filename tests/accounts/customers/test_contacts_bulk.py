"""POST /contacts/bulk: many rows at once come to what one by one they would."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.customers import actions
from accounts.customers.models import Company, Contact
from accounts.events.models import Event
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.errors import Refusal
from tests.factories import accounts as make

URL = "/api/v1/contacts/bulk"
ITEMS = [
    {"external_id": "k1", "title": "COO"},
    {"external_id": "k1", "title": "CEO"},
    {"email": "KNOWN@northwind.example", "first_name": "Jim"},
    {"external_id": "k2", "email": "free@northwind.example"},
    {"external_id": "n1", "email": "n1@northwind.example", "company": {"external_id": "C-1"}},
    {"external_id": "n2", "email": "n2@fresh.example", "company": {"external_id": "C-1"}, "attributes": {"a": 1}},
    {"email": "n3@northwind.example"},
    {"email": "n4@elsewhere.example", "company": {"external_id": "C-2", "name": "Second"}},
    {"external_id": "n5", "email": "known@northwind.example"},
    {"external_id": "gone", "last_name": "Merged"},
    {"external_id": "k3", "title": "As it was"},
    {"email": "n6@northwind.example", "external_id": "n6", "timezone": "Europe/Lisbon"},
    {"email": "n6@northwind.example"},
]


def prepare(workspace):
    company = make.CompanyFactory(workspace=workspace, external_id="C-0", name="Northwind")
    company.domains.create(workspace=workspace, domain="northwind.example")
    plain = {"workspace": workspace, "company": company}
    make.ContactFactory(**plain, external_id="k1", email="k1@northwind.example")
    make.ContactFactory(**plain, external_id="k2", email="k2@northwind.example")
    make.ContactFactory(**plain, external_id="k3", email="k3@northwind.example", title="As it was")
    kept = make.ContactFactory(**plain, external_id=None, email="known@northwind.example")
    make.ContactFactory(**plain, external_id="gone", email="", email_normalized=None, merged_into=kept)


def told(workspace):
    columns = ("external_id", "email_normalized", "first_name", "last_name", "title", "timezone", "attributes")
    people = Contact.objects.filter(workspace=workspace).order_by("email_normalized", "external_id")
    changes = Event.objects.filter(workspace=workspace, subject_kind="contact").order_by("type")
    return (
        [*people.values_list(*columns, "company__external_id", "company__name")],
        sorted((one.type, one.sequence, str(one.data["external_id"]), one.data["changed"]) for one in changes),
        sorted(Company.objects.filter(workspace=workspace).values_list("external_id", "name")),
    )


def one_by_one(workspace):
    for fields in ITEMS:
        try:
            with transaction.atomic():
                yield actions.upsert_contact(workspace=workspace, fields=fields, by=SYSTEM, now=make.NOW)
        except Refusal as refusal:
            yield refusal


def outcomes(done):
    return [one.code if isinstance(one, Refusal) else one[1] for one in done]


def test_many_at_once_are_as_one_by_one(scope, acme, globex):
    with scope(acme.pk):
        prepare(acme)
        at_once = outcomes(actions.upsert_contacts(workspace=acme, rows=ITEMS, by=SYSTEM, now=make.NOW)), told(acme)

    with scope(globex.pk):
        prepare(globex)
        singly = outcomes(one_by_one(globex)), told(globex)

    assert at_once == singly


@pytest.mark.parametrize("count", [20, 200])
def test_new_people_cost_the_same_statements_however_many(api, acme, count):
    items = [
        {"external_id": f"p{n}", "email": f"p{n}@northwind.example", "company": {"external_id": "C-1"}}
        for n in range(count)
    ]

    with CaptureQueriesContext(connection) as queries:
        answer = api.post(URL, {"items": items}, format="json")

    assert {row["status"] for row in answer.json()["results"]} == {201}
    assert len(queries) < 40
