"""Every list asks the database the same number of questions for 1 and for 30 rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.members.models import User
from tests.factories import accounts as make
from tests.factories import feedback as make_feedback
from tests.factories import referrals as make_referrals
from tests.factories import rewards as make_rewards

LISTS = {
    "people": lambda acme, n: [make.ContactFactory(workspace=acme) for _ in range(n)],
    "companies": lambda acme, n: [make.CompanyFactory(workspace=acme) for _ in range(n)],
    "feedback": lambda acme, n: [
        make_feedback.ResponseFactory(contact=make.ContactFactory(workspace=acme)) for _ in range(n)
    ],
    "referrals": lambda acme, n: [
        make_referrals.ReferralFactory(link__contact=make.ContactFactory(workspace=acme)) for _ in range(n)
    ],
    "rewards": lambda acme, n: [
        make_rewards.RewardFactory(workspace=acme, contact=make.ContactFactory(workspace=acme)) for _ in range(n)
    ],
}
ADDRESSES = {
    "people": "/app/acme/customers/people",
    "companies": "/app/acme/customers/companies",
    "feedback": "/app/acme/feedback/?period=all",
    "referrals": "/app/acme/referrals/",
    "rewards": "/app/acme/rewards/",
}


@pytest.fixture
def as_ana(client, ana):
    client.force_login(User.objects.get(pk=ana.user_id))
    return client


def statements(client, address):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_often_for_thirty_rows_as_for_one(as_ana, in_acme, name):
    LISTS[name](in_acme, 1)
    as_ana.get(ADDRESSES[name])
    for_one = statements(as_ana, ADDRESSES[name])

    LISTS[name](in_acme, 29)

    assert statements(as_ana, ADDRESSES[name]) == for_one


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_list_says_what_to_do_next(as_ana, in_acme, name):
    answer = as_ana.get(ADDRESSES[name])

    assert answer.status_code == 200
    assert 'class="empty begin"' in answer.content.decode()


def test_search_finds_a_person_by_name_and_company_together(as_ana, in_acme):
    acme = in_acme
    wanted = make.ContactFactory(workspace=acme, first_name="Priya", company__name="Halden")
    make.ContactFactory(workspace=acme, first_name="Priya", company__name="Corvane")
    make.ContactFactory(workspace=acme, first_name="Owen", company__name="Halden")

    answer = as_ana.get("/app/acme/customers/people?q=priya+halden")

    assert [contact.pk for contact in answer.context["rows"]] == [wanted.pk]


def test_unknown_filters_show_everything_instead_of_failing(as_ana, in_acme):
    contact = make.ContactFactory(workspace=in_acme)

    answer = as_ana.get("/app/acme/customers/people?show=nobody&sort=nothing&page=zero&q=%00")

    assert [row.pk for row in answer.context["rows"]] == [contact.pk]


def test_without_the_permission_no_list_tells_scores_of_persons(client, in_acme):
    contact = make.ContactFactory(workspace=in_acme, latest_scores={"nps": {"score": 3, "category": "detractor"}})
    make_feedback.ResponseFactory(
        contact=contact, score=3, category="detractor", is_high=False, is_low=True, comment="The export is slow."
    )
    finance = make.MemberFactory(workspace=in_acme, role="finance", name="Mira")
    client.force_login(User.objects.get(pk=finance.user_id))

    people = client.get("/app/acme/customers/people?show=low&sort=-answered")
    feedback = client.get("/app/acme/feedback/?period=all&category=low")

    chosen = people.context["chosen"]
    assert (chosen.values["show"], chosen.sort.key) == ("", "name")
    assert {"nps", "answered", "expert"} & {column.key for column in chosen.columns} == set()
    assert 'class="score' not in people.content.decode()
    assert feedback.context["rows"] is None
    assert "The export is slow." not in feedback.content.decode()
    assert [one.n for one in feedback.context["headlines"]] == [1]
