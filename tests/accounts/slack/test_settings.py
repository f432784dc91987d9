"""Settings, Slack: connected by whoever may, proven by Slack, secrets sealed."""

import pytest
from django.urls import reverse

from accounts.events.models import Event
from accounts.members.models import User
from accounts.slack import dispatcher
from accounts.slack.models import SlackConnection, SlackPost
from accounts.tenancy import secrets
from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as make
from tests.slack import SECRET, TOKEN

GIVEN = {"token": TOKEN, "signing_secret": SECRET}


def page(name=""):
    return reverse(f"settings-slack{name}", args=["acme"])


@pytest.fixture
def mine(client, ana):
    """Signed in a moment ago, by password."""
    client.post(reverse("account_login"), {"login": ana.email, "password": "correct horse battery"})
    return client


@pytest.fixture
def password(ana):
    ana.user.set_password("correct horse battery")
    ana.user.save()
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=ana.user, email=ana.email, verified=True, primary=True)


def test_who_may_not_set_does_not_connect(client, acme, scope, slack):
    with scope(acme.pk):
        member = make.MemberFactory(workspace=acme, role="manager")
    client.force_login(User.objects.get(pk=member.user_id))

    assert (client.get(page()).status_code, client.post(page(), GIVEN).status_code) == (403, 403)
    assert slack.calls == []


def test_a_good_token_is_kept_sealed_and_never_shown(password, mine, acme, slack):
    answer = mine.post(page(), GIVEN, follow=True)

    html = answer.content.decode()
    with workspace_scope(acme.pk):
        connection = SlackConnection.objects.get()
        event = Event.objects.get(type="slack.connected")
    assert (connection.team_name, connection.state) == ("Acme Inc", "working")
    assert secrets.decrypt(connection.sealed_token) == TOKEN
    assert (TOKEN in html, SECRET in html, "/hooks/slack/" in html) == (False, False, True)
    assert event.data == {"team": "Acme Inc", "bot": "goodword"}


def test_a_token_slack_does_not_know_is_refused_beside_its_field(password, mine, acme, slack):
    answer = mine.post(page(), {**GIVEN, "token": "xoxb-wrong"})

    assert answer.status_code == 422
    assert "Slack does not know this token." in answer.content.decode()
    with workspace_scope(acme.pk):
        assert not SlackConnection.objects.exists()


def test_a_token_of_another_kind_is_not_even_tried(password, mine, slack):
    answer = mine.post(page(), {**GIVEN, "token": "xoxp-personal"})

    assert (answer.status_code, slack.calls) == (422, [])
    assert "begins with xoxb-" in answer.content.decode()


def test_a_test_says_what_became_of_it(password, mine, acme, ana, slack):
    slack.add(ana.email)
    mine.post(page(), GIVEN)

    mine.post(page("-test"))
    before = mine.get(page("-test")).content.decode()
    dispatcher.dispatch(acme.pk)
    after = mine.get(page("-test")).content.decode()

    assert ("on its way" in before, "The test was taken." in after) == (True, True)
    assert [message["text"] for message in slack.said.values()] == ["A test from Acme"]


def test_disconnecting_forgets_the_secrets(password, mine, acme, slack):
    mine.post(page(), GIVEN)
    mine.post(page("-test"))

    mine.post(page("-remove"))

    with workspace_scope(acme.pk):
        assert not SlackConnection.objects.exists()
        assert SlackPost.objects.get().state == "cancelled"
    assert "/hooks/slack/" not in mine.get(page()).content.decode()
