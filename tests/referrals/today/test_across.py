"""`/app/` for people who work in several workspaces: each one's day, read behind its own walls."""

import pytest

from accounts.members.models import User
from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as make
from tests.factories import referrals as make_referrals
from tests.factories.accounts import NOW


@pytest.fixture
def agency(client, acme, globex):
    """Somebody who owns Acme and sells for Globex."""
    with workspace_scope(acme.pk):
        member = make.MemberFactory(workspace=acme, name="Ida", role="owner")
    user = User.objects.get(pk=member.user_id)
    with workspace_scope(globex.pk):
        make.MemberFactory(workspace=globex, user=user, name="Ida", role="finance")
    client.force_login(user)
    return client


def by_name(answer):
    return {house.name: house for house in answer.context["houses"]}


def test_each_workspace_shows_its_own_day_with_links_into_it(agency, ask_at, acme, globex):
    ours = ask_at(acme)
    with workspace_scope(globex.pk):
        theirs = make_referrals.ReferralFactory(link__contact__workspace=globex, referee_name="Lee Moss")

    houses = by_name(agency.get("/app/"))

    assert [slip.href for slip in houses["Acme"].asks] == [f"/app/acme/today/asks/{ours.public_id}"]
    assert houses["Acme"].also == []
    assert houses["Globex"].asks == []
    assert [slip.href for slip in houses["Globex"].also] == [f"/app/globex/today/referrals/{theirs.public_id}"]


def test_in_each_workspace_the_role_there_counts(agency, ask_at, acme, globex):
    ask_at(acme, comment="We close in two days.")
    ask_at(globex, comment="Never again by hand.")

    houses = by_name(agency.get("/app/"))

    assert [slip.said for slip in houses["Acme"].asks] == ["We close in two days."]
    assert [slip.said for slip in houses["Globex"].asks] == [""]


def test_a_workspace_one_has_left_is_not_there(agency, acme, globex):
    with workspace_scope(globex.pk):
        globex.members.update(is_active=False)

    assert agency.get("/app/").url == "/app/acme/today"


def test_a_long_day_is_cut_and_says_by_how_much(agency, acme):
    with workspace_scope(acme.pk):
        contact = make.ContactFactory(workspace=acme)
        for _ in range(7):
            make_referrals.ThankYouFactory(contact=contact, owed_since=NOW)

    house = by_name(agency.get("/app/?part=houses"))["Acme"]

    assert (len(house.also), house.more) == (5, 2)


def test_who_works_nowhere_is_told_so(client, db, settings):
    settings.SIGN_UP = False
    client.force_login(User.objects.create_user("kim@nowhere.example", "three unlikely words"))

    assert "No workspace is open to you." in client.get("/app/").content.decode()


def test_who_works_nowhere_may_make_a_workspace_where_anybody_may(client, db, settings):
    settings.SIGN_UP = True
    client.force_login(User.objects.create_user("kim@nowhere.example", "three unlikely words"))

    assert client.get("/app/").url == "/app/new"


def test_somebody_not_signed_in_is_asked_to(client, db):
    assert client.get("/app/").url.startswith("/accounts/login/")
