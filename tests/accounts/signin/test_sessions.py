"""Where somebody is signed in, and out again at once."""

import pytest
from allauth.usersessions.models import UserSession

from accounts.signin import sessions
from tests.accounts.signin.conftest import TODAY, a_browser, sign_in, user_of
from tests.factories import accounts as make

SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile Safari/604.1"


@pytest.fixture
def laptop(ana):
    browser = a_browser()
    sign_in(browser)
    return browser


@pytest.fixture
def phone(ana):
    browser = a_browser(SAFARI, "2001:db8::7")
    sign_in(browser)
    return browser


def listed(browser):
    return [(one.device, one.address, one.is_here) for one in browser.get("/accounts/sessions/").context["places"]]


def test_each_browser_is_listed_with_its_address_this_one_first(laptop, phone):
    here, there = ("Firefox on Linux", "203.0.113.7"), ("Safari on iPhone", "2001:db8::7")

    assert listed(laptop) == [(*here, True), (*there, False)]
    assert listed(phone) == [(*there, True), (*here, False)]


def test_one_is_signed_out_from_afar(laptop, phone, ana):
    there = UserSession.objects.get(ip="2001:db8::7")

    laptop.post(f"/accounts/sessions/{there.pk}/end/")

    assert (laptop.get(TODAY).status_code, phone.get(TODAY).status_code) == (200, 302)
    assert len(listed(laptop)) == 1


def test_everywhere_else(laptop, phone):
    answer = phone.post("/accounts/sessions/", {"next": "/app/acme/you"})

    assert (answer.url, phone.get(TODAY).status_code, laptop.get(TODAY).status_code) == ("/app/acme/you", 200, 302)


def test_nobody_ends_the_session_of_somebody_else(laptop, globex, scope, client):
    with scope(globex.pk):
        stranger = make.MemberFactory(workspace=globex)
    client.force_login(user_of(stranger))
    there = UserSession.objects.get()

    assert client.post(f"/accounts/sessions/{there.pk}/end/").status_code == 404
    assert laptop.get(TODAY).status_code == 200


def test_leaving_a_session_leads_to_no_address_but_ours(laptop):
    assert laptop.post("/accounts/sessions/", {"next": "https://evil.test/"}).url == "/accounts/sessions/"


def test_last_seen_is_noted_every_few_minutes(ana, time_machine):
    time_machine.move_to("2026-11-17T10:00:00Z")
    laptop = a_browser()
    sign_in(laptop)
    before = UserSession.objects.get().last_seen_at
    laptop.get(TODAY)
    unchanged = UserSession.objects.get().last_seen_at
    time_machine.shift(400)
    laptop.get(TODAY)

    assert unchanged == before
    assert (UserSession.objects.get().last_seen_at - before).total_seconds() > 399


def test_whoever_is_taken_off_the_team_is_out_at_their_next_request_in_every_browser(client, ana, acme, scope):
    with scope(acme.pk):
        ben = make.MemberFactory(workspace=acme, role="manager", user__email="ben@acme.example", name="Ben Okoro")
    ben.user.emailaddress_set.create(email=ben.email, verified=True, primary=True)
    browsers = [a_browser(), a_browser(SAFARI)]
    for browser in browsers:
        sign_in(browser, email="ben@acme.example")
    assert [browser.get(TODAY).status_code for browser in browsers] == [200, 200]

    sign_in(client)
    client.post(f"/app/acme/settings/team/{ben.public_id}/deactivate")

    assert [browser.get(TODAY).status_code for browser in browsers] == [404, 404]
    assert [browser.post("/app/acme/you", {}).status_code for browser in browsers] == [404, 404]


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/140.0.0.0 Safari/537.36", "Chrome on Mac"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5", "An unknown device"),
        ("", "An unknown device"),
    ],
)
def test_a_device_is_called_by_its_browser_and_system(user_agent, device):
    assert sessions.device_of(user_agent) == device
