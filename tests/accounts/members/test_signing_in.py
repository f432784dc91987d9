"""Signing in and out, a new password, a first sign-in by invitation: as the browser does it."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.mail.models import AccountMessage
from accounts.members.models import User
from tests.factories import accounts as make

LOGIN, TODAY = "/accounts/login/", "/app/acme/today"
PASSWORD = "three unlikely words"


@pytest.fixture
def ana(ana):
    """The owner of Acme, with a password she knows and a proven address."""
    user = User.objects.get(pk=ana.user_id)
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return ana


def sign_in(client, password=PASSWORD, email="ana@acme.example"):
    return client.post(LOGIN, {"login": email, "password": password}, follow=True)


def mailed_link(to, pattern):
    (message,) = AccountMessage.objects.filter(to_email=to)
    return re.search(pattern, message.body_text)[0]


def test_who_signs_in_lands_on_today(client, ana):
    answer = sign_in(client)

    assert (answer.status_code, answer.redirect_chain[-1][0]) == (200, TODAY)


def test_the_page_one_wanted_comes_after_signing_in(client, ana):
    asked = client.get("/app/acme/referrals/", follow=True)
    address, _status = asked.redirect_chain[-1]

    answer = client.post(address, {"login": "ana@acme.example", "password": PASSWORD, "next": "/app/acme/referrals/"})

    assert answer.url == "/app/acme/referrals/"


def test_a_wrong_password_says_so_and_keeps_the_address(client, ana):
    answer = sign_in(client, password="not the words")

    page = answer.content.decode()
    assert answer.context["form"].non_field_errors()
    assert 'value="ana@acme.example"' in page
    assert "not the words" not in page
    assert client.get(TODAY).status_code == 302


def test_who_signs_out_is_out(client, ana):
    sign_in(client)

    client.post("/accounts/logout/")

    assert client.get(TODAY).url.startswith(LOGIN)


def test_a_forgotten_password_is_made_anew_by_the_mailed_link(client, ana):
    client.post("/accounts/password/reset/", {"email": "ana@acme.example"})
    link = mailed_link("ana@acme.example", r"/accounts/password/reset/key/\S+")

    form = client.get(link, follow=True)
    new = {"password1": "quite another phrase", "password2": "quite another phrase"}
    client.post(form.redirect_chain[-1][0], new)
    client.post("/accounts/logout/")

    old = sign_in(client)
    assert old.context["form"].non_field_errors()
    assert sign_in(client, password="quite another phrase").redirect_chain[-1][0] == TODAY


def test_a_used_reset_link_is_closed(client, ana):
    client.post("/accounts/password/reset/", {"email": "ana@acme.example"})
    link = mailed_link("ana@acme.example", r"/accounts/password/reset/key/\S+")
    form = client.get(link, follow=True)
    new = {"password1": "quite another phrase", "password2": "quite another phrase"}
    client.post(form.redirect_chain[-1][0], new)
    client.post("/accounts/logout/")

    again = client.get(link, follow=True)

    assert again.status_code == 200
    assert 'name="password1"' not in again.content.decode()


def test_an_unknown_address_gets_the_same_page_as_a_known_one(client, ana):
    known = client.post("/accounts/password/reset/", {"email": "ana@acme.example"})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@acme.example"})

    assert (unknown.status_code, unknown.url) == (known.status_code, known.url)


def test_who_was_invited_signs_in_later_with_the_password_they_chose(client, ana):
    sign_in(client)
    client.post("/app/acme/settings/team", {"email": "kim@acme.example", "role": "sales"})
    client.post("/accounts/logout/")
    link = mailed_link("kim@acme.example", r"/invitation/\S+")

    client.post(link, {"name": "Kim Park", "password": PASSWORD})
    client.post("/accounts/logout/")

    answer = sign_in(client, email="kim@acme.example")
    assert answer.redirect_chain[-1][0] == TODAY
    assert "Kim Park" in answer.content.decode()


def test_who_works_in_two_workspaces_chooses(client, ana, globex, scope):
    with scope(globex.pk):
        make.MemberFactory(workspace=globex, user=User.objects.get(pk=ana.user_id), name="Ana Globex", role="owner")

    page = sign_in(client).content.decode()

    assert re.findall(r'href="(/app/[^"]+)"', page) == [TODAY, "/app/globex/today"]


def test_who_belongs_nowhere_is_told_so(client, db, settings):
    settings.SIGN_UP = False
    client.force_login(User.objects.create_user("kim@nowhere.example", PASSWORD))

    assert "No workspace is open to you." in client.get("/").content.decode()


def test_a_form_without_its_proof_gets_a_page_of_ours(db):
    answer = Client(enforce_csrf_checks=True).post(LOGIN, {"login": "ana@acme.example", "password": PASSWORD})

    assert (answer.status_code, "<style" in answer.content.decode()) == (403, False)
    assert "This was not taken." in answer.content.decode()
