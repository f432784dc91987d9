"""A code from an app beside the password, and what to do on the day the phone is gone."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.mail.models import AccountMessage
from accounts.signin import doors
from accounts.tenancy import secrets
from accounts.tenancy.scope import workspace_scope
from tests.accounts.signin.conftest import PASSWORD, TODAY, a_browser, code_of, give_app, sign_in, user_of, ways
from tests.factories import accounts as make

AUTHENTICATE, ACTIVATE = "/accounts/second-factor/authenticate/", "/accounts/second-factor/totp/activate/"


def turn_on(client):
    """Set the app up as a person does; gives its key."""
    page = client.get(ACTIVATE)
    secret = page.context["form"].secret
    answer = client.post(ACTIVATE, {"code": code_of(secret)}, follow=True)
    assert ways(answer)[-1] == "/accounts/second-factor/recovery-codes/"
    return secret, answer.context["unused_codes"]


def test_an_app_is_set_up_and_asked_for_from_then_on(client, ana, django_capture_on_commit_callbacks):
    sign_in(client)
    with django_capture_on_commit_callbacks(execute=True):
        secret, codes = turn_on(client)
    client.post("/accounts/logout/")

    asked = sign_in(client)
    done = client.post(AUTHENTICATE, {"code": code_of(secret)}, follow=True)

    assert (ways(asked)[-1], client.get(TODAY).status_code) == (AUTHENTICATE, 200)
    assert (ways(done)[-1], len(codes)) == (TODAY, 10)
    assert AccountMessage.objects.latest("created_at").subject == "Goodword: an authenticator app was set up"


def test_with_the_password_alone_nothing_opens(client, ana):
    give_app(user_of(ana))

    sign_in(client)

    assert client.get(TODAY).url.startswith("/accounts/login/")


def test_a_wrong_code_is_refused_and_a_used_one_too(client, ana):
    secret, _codes = give_app(user_of(ana))
    code = code_of(secret)
    sign_in(client)
    wrong = client.post(AUTHENTICATE, {"code": "000000" if code != "000000" else "000001"})
    client.post(AUTHENTICATE, {"code": code})
    client.post("/accounts/logout/")

    sign_in(client)
    again = client.post(AUTHENTICATE, {"code": code})

    assert wrong.context["form"].errors["code"]
    assert again.context["form"].errors["code"]
    assert client.get(TODAY).status_code == 302


def test_a_used_code_stays_used_for_as_long_as_it_would_fit(client, ana):
    secret, _codes = give_app(user_of(ana))
    code = code_of(secret)
    sign_in(client)

    client.post(AUTHENTICATE, {"code": code})

    app = Authenticator.objects.get(type="totp")
    assert cache._cache.get_client(None, write=True).ttl(cache.make_key(app.wrap()._get_used_cache_key(code))) > 60


def test_a_recovery_code_helps_once(client, ana):
    _secret, codes = give_app(user_of(ana))
    sign_in(client)

    first = client.post(AUTHENTICATE, {"code": codes[0]}, follow=True)
    client.post("/accounts/logout/")
    sign_in(client)
    second = client.post(AUTHENTICATE, {"code": codes[0]})

    assert ways(first)[-1] == TODAY
    assert second.context["form"].errors["code"]


def test_guessing_codes_ends_after_five(client, ana):
    give_app(user_of(ana))
    sign_in(client)

    answers = [client.post(AUTHENTICATE, {"code": f"{number:06}"}) for number in range(6)]

    assert "Too many failed" in str(answers[-1].context["form"].errors["code"])


def test_the_key_is_kept_sealed(ana):
    secret, _codes = give_app(user_of(ana))

    stored = Authenticator.objects.get(type="totp").data["secret"]

    assert secret not in stored
    assert secrets.decrypt(stored.encode()) == secret


def test_setting_up_and_turning_off_end_other_sessions(client, ana, django_capture_on_commit_callbacks):
    other = a_browser()
    sign_in(other)
    sign_in(client)
    assert other.get(TODAY).status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        turn_on(client)

    assert (client.get(TODAY).status_code, other.get(TODAY).status_code) == (200, 302)


def test_a_stranger_at_an_open_desk_is_asked_before_anything_changes(client, ana, time_machine):
    time_machine.move_to("2026-11-17T10:00:00Z")
    sign_in(client)
    time_machine.shift(600)

    asked = client.get(ACTIVATE)
    wrong = client.post(asked.url, {"password": "not the words"})
    right = client.post(asked.url, {"password": PASSWORD})

    assert asked.url.startswith("/accounts/reauthenticate/?next=")
    assert wrong.context["form"].errors
    assert right.url == ACTIVATE


# --- a workspace that asks for it


@pytest.fixture
def strict(acme):
    type(acme).objects.filter(pk=acme.pk).update(second_factor_roles=["owner", "finance"])
    with workspace_scope(acme.pk):
        acme.members.update(created_at=timezone.now() - doors.GRACE)
    return acme


def test_a_new_member_has_a_week_and_is_reminded(client, ana, strict):
    with workspace_scope(strict.pk):
        strict.members.update(created_at=timezone.now() - doors.GRACE + timedelta(hours=1))
    client.force_login(user_of(ana))

    page = client.get(TODAY)

    assert page.status_code == 200
    assert "Set up a second factor" in page.content.decode()


def test_whoever_needs_one_is_led_to_it_and_then_to_the_page_they_wanted(client, ana, strict):
    sign_in(client)
    door = client.get("/app/acme/referrals/?stage=won", follow=True)
    _secret, _codes = turn_on(client)
    on = client.get("/accounts/go-on/")

    assert ways(door) == ["/accounts/wanted/acme/second-factor/?next=%2Fapp%2Facme%2Freferrals%2F%3Fstage%3Dwon"]
    assert "Acme asks you for a second factor." in door.content.decode()
    assert on.url == "/app/acme/referrals/?stage=won"
    assert client.get(on.url).status_code == 200


def test_nothing_is_changed_before_it_and_polls_lead_away_as_a_whole(client, ana, strict, scope):
    client.force_login(user_of(ana))

    changed = client.post("/app/acme/settings/team", {"email": "kim@acme.example", "role": "sales"})
    polled = client.get(TODAY, headers={"HX-Request": "true"})

    with scope(strict.pk):
        assert strict.member_invitations.count() == 0
    assert changed.url == "/accounts/wanted/acme/second-factor/?next=%2Fapp%2Facme%2Ftoday"
    assert polled["HX-Redirect"] == changed.url


@pytest.mark.parametrize("role", ["admin", "manager", "analyst"])
def test_other_roles_come_in_without_and_pay_no_query_for_it(client, strict, scope, role):
    with scope(strict.pk):
        member = make.MemberFactory(workspace=strict, role=role)
    client.force_login(user_of(member))

    with CaptureQueriesContext(connection) as queries:
        assert client.get(TODAY).status_code == 200
    assert [query for query in queries if "mfa_authenticator" in query["sql"]] == []


def test_a_workspace_that_does_not_ask_stays_open(client, ana, strict, globex, scope):
    with scope(globex.pk):
        make.MemberFactory(workspace=globex, user=user_of(ana), role="owner", name="Ana Globex")
    client.force_login(user_of(ana))

    assert (client.get(TODAY).status_code, client.get("/app/globex/today").status_code) == (302, 200)


def test_the_door_is_no_door_for_strangers(client, strict, globex, scope):
    with scope(globex.pk):
        member = make.MemberFactory(workspace=globex)
    anonymous = client.get("/accounts/wanted/acme/second-factor/")
    client.force_login(user_of(member))

    assert anonymous.url.startswith("/accounts/login/")
    assert client.get("/accounts/wanted/acme/second-factor/").status_code == 404


def test_the_way_on_leads_nowhere_else(client, ana, strict):
    client.force_login(user_of(ana))

    client.get("/accounts/wanted/acme/second-factor/?next=https://evil.test/")

    assert client.get("/accounts/go-on/").url == "/app/acme/"


def test_new_workspaces_ask_owners_and_finance_and_the_demo_asks_nobody(db):
    from accounts.tenancy import actions

    assert actions.create(name="New").second_factor_roles == ["owner", "finance"]


@pytest.mark.parametrize(
    "path",
    [
        "second-factor/",
        "second-factor/totp/activate/",
        "second-factor/webauthn/",
        "second-factor/webauthn/add/",
        "second-factor/recovery-codes/generate/",
        "password/change/",
        "sessions/",
        "reauthenticate/?next=/app/",
    ],
)
def test_every_page_about_signing_in_is_in_our_look(client, ana, path):
    sign_in(client)

    page = client.get(f"/accounts/{path}")

    assert page.status_code == 200
    assert '<body class="auth"' in page.content.decode()
    assert "c-" not in re.findall(r"<(c-)", page.content.decode())


@pytest.mark.parametrize(
    "path",
    ["second-factor/", "second-factor/totp/activate/", "second-factor/webauthn/", "password/change/", "sessions/"],
)
def test_not_signed_in_one_is_asked_to(client, db, path):
    assert client.get(f"/accounts/{path}", follow=True).redirect_chain[0][0].startswith("/accounts/login/")
