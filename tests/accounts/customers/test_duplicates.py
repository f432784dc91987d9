"""Pairs that may be one: found, merged, or judged to be two for good."""

import pytest

from accounts.customers import duplicates
from accounts.members.models import User
from tests.factories import accounts as make

PAGE = "/app/acme/customers/duplicates"


@pytest.fixture
def client_of(client, in_acme):
    def as_role(role):
        member = make.MemberFactory(workspace=in_acme, role=role)
        client.force_login(User.objects.get(pk=member.user_id))
        return client

    return as_role


def person(acme, company, **fields):
    return make.ContactFactory(workspace=acme, company=company, **fields)


def pairs(acme):
    people, companies = duplicates.pairs(workspace=acme)
    return [({pair.one.pk, pair.other.pk}, pair.because) for pair in [*people, *companies]]


@pytest.fixture
def halden(in_acme):
    return make.CompanyFactory(workspace=in_acme, name="Halden")


@pytest.fixture
def corvane(in_acme):
    return make.CompanyFactory(workspace=in_acme, name="Corvane")


def test_the_same_name_at_the_same_company(in_acme, halden, corvane):
    one, other = person(in_acme, halden), person(in_acme, halden, first_name="JAMIE")
    person(in_acme, corvane)
    person(in_acme, halden, first_name="Kim")

    assert pairs(in_acme) == [({one.pk, other.pk}, "the same name at the same company")]


def test_the_same_address_at_another_domain(in_acme, halden, corvane):
    one = person(in_acme, halden, email="j.okafor@halden.example")
    other = person(in_acme, corvane, email="j.okafor@corvane.example")
    person(in_acme, corvane, first_name="Joe", email="j.okafor@x.example")

    assert pairs(in_acme) == [({one.pk, other.pk}, "the same name and address, at another domain")]


def test_the_same_phone_however_it_is_written(in_acme, halden, corvane):
    one = person(in_acme, halden, last_name="Okafor", phone="+49 (170) 123 45 67")
    other = person(in_acme, corvane, last_name="O.", phone="0170/1234567")
    person(in_acme, corvane, first_name="Kim", phone="0170 1234567")

    assert pairs(in_acme) == [({one.pk, other.pk}, "the same first name and phone")]


def test_companies_with_the_same_name_or_domain(in_acme, halden):
    same = make.CompanyFactory(workspace=in_acme, name="HALDEN GmbH")
    com, de = (make.CompanyFactory(workspace=in_acme, name=name) for name in ("Sable", "Sable Robotics"))
    com.domains.create(workspace=in_acme, domain="sable.com")
    de.domains.create(workspace=in_acme, domain="sable.de")

    assert pairs(in_acme) == [
        ({halden.pk, same.pk}, "the same name"),
        ({com.pk, de.pk}, "the same domain with another ending"),
    ]


def test_a_pair_is_made_one_and_the_chosen_record_stays(client_of, in_acme, halden):
    one, other = person(in_acme, halden), person(in_acme, halden)

    client_of("manager").post(
        f"{PAGE}/people/merge", {"one": one.public_id, "other": other.public_id, "keep": other.public_id}
    )

    one.refresh_from_db()
    assert one.merged_into_id == other.pk
    assert pairs(in_acme) == []


def test_a_pair_judged_to_be_two_does_not_come_back(client_of, in_acme, halden):
    one, other = person(in_acme, halden), person(in_acme, halden)
    client = client_of("manager")
    data = {"one": other.public_id, "other": one.public_id}

    client.post(f"{PAGE}/people/two", data)
    client.post(f"{PAGE}/people/two", data)

    assert pairs(in_acme) == []
    assert "Everybody is there once." in client.get(PAGE).content.decode()


def test_an_analyst_sees_pairs_and_judges_none(client_of, in_acme, halden):
    one, other = person(in_acme, halden), person(in_acme, halden)
    client = client_of("analyst")

    page = client.get(PAGE).content.decode()
    answer = client.post(f"{PAGE}/people/merge", {"one": one.public_id, "other": other.public_id})

    assert ("They have the same name at the same company." in page, "Make them one" in page) == (True, False)
    assert answer.status_code == 403


def test_rows_of_another_workspace_are_not_merged(client_of, in_acme, halden, globex, scope):
    ours = person(in_acme, halden)
    with scope(globex.pk):
        theirs = make.ContactFactory(workspace=globex)

    answer = client_of("manager").post(
        f"{PAGE}/people/merge", {"one": ours.public_id, "other": theirs.public_id, "keep": theirs.public_id}
    )

    assert answer.status_code == 404


def test_a_row_is_not_merged_with_itself(client_of, in_acme, halden):
    one = person(in_acme, halden)

    answer = client_of("manager").post(
        f"{PAGE}/people/merge", {"one": one.public_id, "other": one.public_id}, follow=True
    )

    assert [str(message) for message in answer.context["messages"]] == ["A record can't be merged into itself."]


def test_the_page_asks_as_often_for_three_pairs_as_for_one(client_of, in_acme, halden, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of("manager")
    person(in_acme, halden), person(in_acme, halden)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        client.get(PAGE)
    for name in ("Ana", "Bo"):
        person(in_acme, halden, first_name=name), person(in_acme, halden, first_name=name)

    with django_assert_num_queries(len(one)):
        client.get(PAGE)
