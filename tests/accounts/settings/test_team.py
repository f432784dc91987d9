"""Inviting, joining, leaving; keys that are shown once."""

import re

import pytest

from accounts.mail.models import AccountMessage
from accounts.members.models import Member, User
from accounts.settings import actions, emails
from tests.factories import accounts as make
from tests.factories.accounts import NOW


@pytest.fixture
def as_ana(client, ana):
    client.force_login(User.objects.get(pk=ana.user_id))
    return client


@pytest.fixture
def link(as_ana, in_acme):
    """The address in the mail that an invitation of Kim sends."""
    as_ana.post("/app/acme/settings/team", {"email": "Kim@acme.example", "role": "sales"})
    message = AccountMessage.objects.get(to_email="kim@acme.example")
    return re.search(r"/invitation/\S+", message.body_text)[0]


def test_somebody_new_joins_by_the_mailed_link_with_a_proven_address(client, link, in_acme):
    client.logout()
    assert client.get(link).status_code == 200

    answer = client.post(link, {"name": "Kim Park", "password": "three unlikely words"})

    assert (answer.status_code, answer.url) == (302, "/app/acme/today")
    member = Member.objects.get(email="kim@acme.example")
    assert (member.name, member.role, member.is_active) == ("Kim Park", "sales", True)
    assert member.user.emailaddress_set.get().verified is True
    assert client.get(link).status_code == 410


def test_a_weak_password_is_refused_beside_its_field_and_nobody_joins(client, link):
    client.logout()

    answer = client.post(link, {"name": "Kim Park", "password": "password1234"})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["password"]
    assert User.objects.filter(email="kim@acme.example").exists() is False


def test_a_known_user_joins_only_when_signed_in_with_that_address(client, link, scope, globex):
    with scope(globex.pk):
        kim = make.MemberFactory(workspace=globex, user__email="kim@acme.example", name="Kim Park").user

    as_somebody_else = client.post(link)
    client.force_login(User.objects.get(pk=kim.pk))
    as_kim = client.post(link)

    assert (as_somebody_else.status_code, as_kim.status_code) == (403, 302)


@pytest.mark.parametrize("text", ["nonsense", "A" * 64])
def test_a_link_that_is_not_ours_ends_on_a_page_that_says_what_to_do(client, db, text):
    assert client.get(f"/invitation/{text}").status_code == 410


def test_an_invitation_taken_back_is_closed(client, link, as_ana, in_acme):
    invitation = in_acme.member_invitations.get()

    as_ana.post(f"/app/acme/settings/invitations/{invitation.public_id}/revoke")

    assert client.get(link).status_code == 410


def test_a_link_of_a_changed_nonce_is_closed(client, in_acme, ana):
    invitation = actions.invite(workspace=in_acme, email="li@acme.example", role="sales", invited_by=ana, now=NOW)
    address = emails.invitation_url(invitation)

    type(invitation).objects.filter(pk=invitation.pk).update(nonce="01900000-0000-7000-8000-000000000000")

    assert client.get(address).status_code == 410


def test_the_last_owner_cannot_be_put_out(as_ana, ana):
    as_ana.post(f"/app/acme/settings/team/{ana.public_id}/deactivate")

    ana.refresh_from_db()
    assert ana.is_active is True


def test_a_key_is_shown_once_and_ended_at_once(as_ana, in_acme):
    asked = as_ana.post("/app/acme/settings/keys", {"name": "CRM", "scopes": ["read"]})
    assert asked.url.startswith("/accounts/reauthenticate/")
    made = as_ana.post(asked.url, {"password": "correct horse battery"})  # what was typed is sent once more
    secret = made.context["secret"]
    key = in_acme.api_keys.get()
    again = as_ana.get("/app/acme/settings/keys")

    as_ana.post(f"/app/acme/settings/keys/{key.public_id}/revoke")

    assert made["Cache-Control"] == "no-store"
    assert secret in made.content.decode()
    assert secret not in again.content.decode()
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_workspace_settings_say_what_is_wrong_beside_each_field(as_ana, in_acme):
    fields = {"name": "", "timezone": "Berlin", "country": "Germany", "currency": "XXX"}

    answer = as_ana.post("/app/acme/settings/workspace", fields)

    assert answer.status_code == 422
    assert {"name", "timezone", "country", "currency"} <= set(answer.context["form"].errors)
    in_acme.refresh_from_db()
    assert (in_acme.name, in_acme.timezone) == ("Acme", "Europe/Berlin")


def test_only_sign_in_addresses_that_we_support_exist(client, db, settings):
    settings.SIGN_UP = False
    found = {
        path: client.get(f"/accounts/{path}/").status_code
        for path in ("login", "password/reset", "signup", "password/change", "social/login", "2fa")
    }

    assert found == {
        "login": 200,
        "password/reset": 200,
        "signup": 302,
        "password/change": 302,
        "social/login": 404,
        "2fa": 404,
    }
