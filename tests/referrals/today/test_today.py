
import pytest
import time_machine
from django.urls import reverse

from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as make
from tests.factories import feedback, referrals
from tests.factories.accounts import NOW


@pytest.fixture(autouse=True)
def at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


def an_ask(workspace, *, comment="We close the month in two days.", **fields):
    contact = make.ContactFactory(workspace=workspace, company__name="Acme Logistics")
    response = feedback.ResponseFactory(workspace=workspace, contact=contact, comment=comment)
    moment = feedback.MomentFactory(response=response)
    program = referrals.ProgramFactory(workspace=workspace)
    link = referrals.LinkFactory(workspace=workspace, contact=contact, program=program)
    return referrals.AskFactory(workspace=workspace, link=link, moment=moment, **fields)


def test_today_shows_the_ask_with_words_and_clock(client, acme, ana):
    with workspace_scope(acme.pk):
        an_ask(acme)
    client.force_login(ana.user)

    response = client.get(reverse("today", args=["acme"]))
    assert response.status_code == 200, (response, response.headers)
    page = response.content.decode()

    assert "One person just said they love it." in page
    assert "Ask them before tomorrow 11:00." in page
    assert "We close the month in two days." in page
    assert "Goes out by itself at 15:00." in page
    assert "Hi Jamie, is there somebody?" in page


def test_strangers_find_no_desk(client, acme, globex, ana):
    client.force_login(ana.user)

    assert client.get(reverse("today", args=["globex"])).status_code == 404


def test_nobody_sees_the_desk_without_signing_in(client, acme):
    response = client.get(reverse("today", args=["acme"]))

    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")
