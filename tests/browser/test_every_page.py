"""Nothing on any page that somebody with a screen reader, without a mouse or with weak eyes can't use: axe says so."""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from accounts.mail.models import AccountMessage
from accounts.members.models import User
from tests.browser import everywhere, stage
from tests.browser.conftest import PASSWORD
from tests.browser.eyes import Eyes, weight

pytestmark = pytest.mark.browser
# Made of the dashboard's pieces, for whoever runs or builds Goodword.
OF_THE_HOUSE = {"mailbox", "mailbox-mail", "components", "member-invitation"}
# Bytes of a public page in all, for somebody who comes for the first time.
LIGHT_ENOUGH = 100_000
ALEX = "alex@marlow.example"


@pytest.fixture
def told(transactional_db, live_server, settings, tmp_path):
    cache.clear()
    settings.BASE_URL, settings.EMAIL_URL, settings.MAILBOX_DIR = live_server.url, "", tmp_path / "mailbox"
    settings.DEBUG = False
    return stage.set_up(tmp_path / "mailbox")


@pytest.fixture
def eyes(told, page, live_server):
    return Eyes(page, live_server.url)


def sign_in(page, base):
    page.goto(f"{base}{reverse('account_login')}")
    page.locator("input[name=login]").fill(ALEX)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def opened_by_hand(told):
    """What lies over a page until it is opened, and what a page says to a wrong or an empty answer."""
    at = f"/app/{told.slug}"
    ask, contact = told.rows["ask"].public_id, told.rows["contact"].public_id
    lists = f"{at}/customers/people"
    yield f"{at}/today/asks/{ask}", ["[data-opens=preview]"]
    yield f"{at}/today/asks/{ask}", ["[data-opens=skip]"]
    yield f"{at}/customers/people/{contact}", ["[data-opens=place-hold]"]
    yield f"{at}/customers/people/{contact}", ["[data-opens=add-outcome]"]
    yield lists, ["summary:has-text('Views')", "[data-opens=keep-view]"]
    yield lists, ["summary:has-text('Columns')"]
    yield lists, ["[data-pick]", "[data-opens=bulk-hold]"]
    yield f"{lists}?q=nobody+is+called+that", []
    yield f"{at}/imports/", ["button:has-text('Look at it')"]
    yield f"{at}/settings/team", ["main button[type=submit]"]
    yield f"{at}/you", [".who > summary"]


def test_the_pages_of_a_workspace(told, eyes, live_server):
    sign_in(eyes.page, live_server.url)
    eyes.page.wait_for_url("**/today")

    for _name, path in everywhere.inside(told):
        eyes.open(path)

    assert not eyes.found, "\n".join(eyes.found)


def test_what_opens_over_a_page(told, eyes, live_server):
    sign_in(eyes.page, live_server.url)
    eyes.page.wait_for_url("**/today")

    for path, selectors in opened_by_hand(told):
        eyes.page.goto(live_server.url + path)
        for selector in selectors:
            eyes.page.locator(selector).first.click()
        eyes.look(f"{path} {selectors}")
    eyes.page.keyboard.press("Control+k")
    eyes.page.keyboard.type("ja")
    expect(eyes.page.get_by_role("option", name="Jamie Okafor").first).to_be_visible()
    eyes.look("the palette")

    assert not eyes.found, "\n".join(eyes.found)


def test_the_public_pages_and_dead_ends(told, eyes, settings):
    settings.DEBUG = True
    for address in everywhere.PUBLIC.values():
        eyes.open(address(told))
    settings.DEBUG = False
    for path, status in everywhere.DEAD_ENDS.items():
        eyes.open(path, status)
    weighed = {
        name: weight(eyes.page.context.browser, eyes.base + address(told))
        for name, address in everywhere.PUBLIC.items()
        if name not in OF_THE_HOUSE
    }

    assert not eyes.found, "\n".join(eyes.found)
    assert {name: size for name, size in weighed.items() if size >= LIGHT_ENOUGH} == {}
    # The page, its stylesheet and a typeface at least: everything was counted.
    assert min(weighed.values()) > 40_000, weighed


def test_the_ways_in(told, eyes, live_server):
    page = eyes.page
    for name in everywhere.OUTSIDE:
        eyes.open(reverse(name))
    eyes.open(reverse("account_confirm_email", args=["nothing"]))
    sign_in_wrong(page, live_server.url)
    eyes.look("a wrong password")
    a_code_by_mail(eyes)
    a_new_password(eyes)

    assert not eyes.found, "\n".join(eyes.found)


def test_the_pages_about_oneself(told, eyes, live_server):
    page = eyes.page
    sign_in(page, live_server.url)
    page.wait_for_url("**/today")
    for name in everywhere.OWN:
        eyes.open(reverse(name))
    for name in ("second-factor-wanted", "sign-on-wanted"):
        eyes.open(reverse(name, args=[told.slug]))
    a_second_factor(eyes)

    assert not eyes.found, "\n".join(eyes.found)


def sign_in_wrong(page, base):
    page.goto(f"{base}{reverse('account_login')}")
    page.locator("input[name=login]").fill(ALEX)
    page.locator("input[name=password]").fill("no such words")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".note.fail, .err").first).to_be_visible()


def a_code_by_mail(eyes):
    page = eyes.page
    page.goto(eyes.base + reverse("account_request_login_code"))
    page.get_by_label("E-mail").fill(ALEX)
    page.get_by_role("button", name="Mail me the code").click()
    expect(page.locator("h1")).to_have_text("Type the code.")
    eyes.look("account_confirm_login_code")


def a_new_password(eyes):
    page = eyes.page
    page.context.clear_cookies()
    page.goto(eyes.base + reverse("account_reset_password"))
    page.locator("input[name=email]").fill(ALEX)
    page.locator("main form button").first.click()
    page.wait_for_url("**/done/")
    mail = AccountMessage.objects.filter(to_email=ALEX).latest("created_at")
    page.goto(re.search(r"http\S+/password/reset/key/\S+", mail.body_text)[0])
    eyes.look("account_reset_password_from_key")


def a_second_factor(eyes):
    """An app, recovery codes and a passkey, with every page about them; then the door that asks for one."""
    page, user = eyes.page, User.objects.get(email=ALEX)
    totp.TOTP.activate(user, totp.generate_totp_secret())
    RecoveryCodes.activate(user)
    a_passkey(page, eyes.base)
    for name in everywhere.GUARDED:
        eyes.open(reverse(name))
    key = user.authenticator_set.get(type="webauthn")
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        eyes.open(reverse(name, args=[key.pk]))
    eyes.open(reverse("mfa_index") + "?again")
    page.context.clear_cookies()
    sign_in(page, eyes.base)
    expect(page.locator("h1")).to_have_text("One more thing.")
    eyes.look("mfa_authenticate")


def a_passkey(page, base):
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    options |= {"hasResidentKey": True, "automaticPresenceSimulation": True}
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(base + reverse("mfa_add_webauthn"))
    page.get_by_label("What to call it").fill("My laptop")
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url(lambda url: "webauthn/add" not in url)
