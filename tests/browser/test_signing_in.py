"""Signing in with two things instead of one, as a person does it: an app's code, a passkey, a code from the mail."""

import re

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from accounts.mail.models import AccountMessage
from accounts.members.models import Member
from accounts.signin import doors
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope
from tests.browser.conftest import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def no_limit_is_left_over(db):
    cache.clear()


@pytest.fixture
def strict(house, alex):
    """Acme asks its CS managers for a second factor."""
    Workspace.objects.filter(pk=house.pk).update(second_factor_roles=["manager"])
    with workspace_scope(house.pk):
        house.members.update(created_at=timezone.now() - doors.GRACE)
    return house


@pytest.fixture
def door(live_server, page):
    page.set_default_timeout(20_000)
    page.goto(f"{live_server.url}/app/acme/referrals/")
    return page


@pytest.fixture
def authenticator(page):
    """A device with a finger on it, as Chromium plays it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def by_password(page, alex):
    page.locator("input[name=login]").fill(alex.user.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def sign_out(page, live_server):
    page.goto(f"{live_server.url}/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")


def code_of(secret):
    """What the app shows in the next half minute: it fits already, and was not used before."""
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()) + 1))


def test_an_app_is_set_up_because_the_workspace_asks_and_opens_it_the_next_time(door, live_server, alex, strict):
    page = door
    by_password(page, alex)
    expect(page.locator("h1")).to_have_text("Acme asks you for a second factor.")
    page.get_by_role("link", name="Set up an authenticator app").click()
    page.get_by_text("No camera? Type the key.").click()
    secret = page.locator("#totp-key").inner_text().strip()
    page.get_by_label("The code in your app").fill(code_of(secret))
    page.get_by_role("button", name="Turn it on").click()
    expect(page.locator("h1")).to_have_text("Keep these somewhere safe.")
    codes = page.locator("#recovery-codes").inner_text().split()
    page.get_by_role("link", name="I have them. Go on").click()
    page.wait_for_url("**/app/acme/referrals/")

    sign_out(page, live_server)
    by_password(page, alex)
    expect(page.locator("h1")).to_have_text("One more thing.")
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/app/acme/today")
    assert len(codes) == 10


def test_a_passkey_is_added_and_signs_in_alone(door, live_server, alex, strict, authenticator):
    page = door
    by_password(page, alex)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What to call it").fill("My laptop")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.locator("h1")).to_have_text("Keep these somewhere safe.")
    page.goto(f"{live_server.url}/app/acme/you")
    expect(page.get_by_text("My laptop")).to_be_visible()

    sign_out(page, live_server)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/app/acme/today")

    with workspace_scope(strict.pk):
        assert Member.objects.get(pk=alex.pk).user.authenticator_set.filter(last_used_at__isnull=False).count() == 1


def test_a_device_that_says_no_leaves_words_beside_the_button(door, alex, house, page):
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": False}
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**options, "hasResidentKey": True, "automaticPresenceSimulation": True}},
    )

    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("Try once more")
    expect(page.get_by_role("button", name="Use a passkey")).to_be_enabled()


def test_a_code_from_the_mail_opens_the_page_one_wanted(door, alex, house):
    page = door
    page.get_by_role("link", name="Mail me a code").click()
    page.get_by_label("E-mail").fill(alex.user.email)
    page.get_by_role("button", name="Mail me the code").click()
    expect(page.locator("h1")).to_have_text("Type the code.")
    mail = AccountMessage.objects.get(to_email=alex.user.email)
    code = re.search(r"(?m)^[A-Z0-9-]{6,9}$", mail.body_text)[0]
    assert mail.subject == f"Goodword: {code} is your code"

    page.get_by_label("The code from your mail").fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()

    page.wait_for_url("**/app/acme/referrals/")
