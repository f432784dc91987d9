"""The palette: what is found, in which order, by whom, and never across workspaces."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.members.models import User
from tests.factories import accounts as make
from tests.factories import referrals as make_referrals

JUMP = "/app/acme/jump"


@pytest.fixture
def ask(client, in_acme):
    """`ask("jam")`: {group: titles} that a manager finds; `role` makes it somebody else."""

    def find(wanted, role="manager"):
        member = make.MemberFactory(workspace=in_acme, role=role)
        client.force_login(User.objects.get(pk=member.user_id))
        answer = client.get(JUMP, {"q": wanted})
        return {group.label: [hit.title for hit in group.hits] for group in answer.context["groups"]}

    return find


@pytest.fixture
def people(in_acme):
    halden = make.CompanyFactory(workspace=in_acme, name="Halden Freight")
    halden.domains.create(workspace=in_acme, domain="halden.example")
    for first, last in (("Ana", "Jamieson"), ("Jamie", "Okafor"), ("Benjamin", "Park")):
        make.ContactFactory(
            workspace=in_acme, company=halden, first_name=first, last_name=last, email=f"{last}@x.example"
        )
    return in_acme


def test_names_that_begin_so_come_first_then_last_names_then_the_middle_of_words(people, ask):
    assert ask("jam")["People"] == ["Jamie Okafor", "Ana Jamieson", "Benjamin Park"]


@pytest.mark.parametrize(("wanted", "found"), [("OKAFOR@", ["Jamie Okafor"]), ("okafro", ["Jamie Okafor"])])
def test_people_are_found_by_address_and_by_a_slip_of_the_finger(people, ask, wanted, found):
    assert ask(wanted)["People"] == found


@pytest.mark.parametrize("wanted", ["hald", "freight", "halden.example"])
def test_companies_are_found_by_name_and_domain(people, ask, wanted):
    assert ask(wanted)["Companies"] == ["Halden Freight"]


def test_referrals_are_found_by_friend_and_company(in_acme, ask):
    make_referrals.ReferralFactory(
        link__contact__workspace=in_acme, referee_name="Wanda Ochs", referee_company_name="Millrace"
    )

    assert ask("ochs")["Referrals"] == ["Wanda Ochs"]
    assert ask("millr")["Referrals"] == ["Wanda Ochs"]


def test_merged_duplicates_are_not_found(people, ask):
    keep = people.contacts.get(first_name="Jamie")
    make.ContactFactory(workspace=people, first_name="Jamie", last_name="O.", merged_into=keep)

    assert ask("jamie o")["People"] == ["Jamie Okafor"]


def test_nobody_of_another_workspace_is_found(ask, globex, scope):
    with scope(globex.pk):
        make.ContactFactory(workspace=globex, first_name="Robin", company__name="Robin & Sons")

    assert ask("robin") == {}


def test_without_a_workspace_the_functions_find_nothing(in_acme, globex, scope):
    make.ContactFactory(workspace=in_acme, first_name="Jamie")
    with scope(globex.pk), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM find_contacts('jamie', 5)")
        elsewhere = cursor.fetchone()
        cursor.execute("SELECT set_config('app.workspace_id', '', true)")
        cursor.execute("SELECT count(*) FROM find_contacts('jamie', 5)")
        nowhere = cursor.fetchone()

    assert (elsewhere, nowhere) == ((0,), (0,))


def test_pages_and_deeds_are_those_the_role_may_open(in_acme, ask):
    assert ask("api key", role="owner") == {"Pages": ["API keys"], "To do": ["Make an API key"]}
    assert ask("api key", role="finance") == {}
    assert ask("referrals")["Pages"] == ["Referrals"]


@pytest.mark.parametrize("wanted", ["", "%", "_", "\\", "'", "\x00", "a" * 500, "🙂", "ﬁ"])
def test_any_letters_are_only_letters(people, ask, wanted):
    assert "People" not in ask(wanted)


def test_it_asks_as_often_for_six_people_as_for_one(people, ask, client):
    ask("jamie")
    with CaptureQueriesContext(connection) as one:
        client.get(JUMP, {"q": "jamie"})
    make.ContactFactory.create_batch(9, workspace=people, first_name="Jamie")

    with CaptureQueriesContext(connection) as many:
        client.get(JUMP, {"q": "jamie"})

    assert len(many) == len(one)
