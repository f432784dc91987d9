"""A CS manager's whole day without a mouse: nothing here clicks, fills or focuses; there are only keys."""

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope
from referrals.demo import actions as demo
from tests.browser.conftest import PASSWORD

pytestmark = pytest.mark.browser
MOST_TABS = 80
NAME_OF_FOCUSED = """() => {
  const at = document.activeElement;
  const labels = [...(at.labels ?? [])].map((label) => label.textContent);
  const name = at.getAttribute("aria-label") || labels.join(" ") || at.textContent || at.value || "";
  return `${at.localName} ${name.replace(/\\s+/g, " ").trim()}`;
}"""
# A ring or a border that changes: somebody who sees must see where they are. The palette's field carries a line.
IS_SEEN = """() => {
  const at = document.activeElement;
  const how = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  return at === document.body || at.id === "main"
    || (box.width > 0 && box.height > 0 && (how.outlineStyle !== "none" || at.matches(".jump-field")))
    || [...(at.labels ?? [])].some((label) => getComputedStyle(label).outlineStyle !== "none");
}"""


class Hands:
    """What two hands on a keyboard do."""

    def __init__(self, page):
        self.page = page

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words):
        self.page.keyboard.type(words)

    def tab_to(self, name, key="Tab"):
        """Tab until the thing of this name has the focus; every stop on the way must be seen."""
        passed = []
        for _step in range(MOST_TABS):
            self.press(key)
            here = self.page.evaluate(NAME_OF_FOCUSED)
            assert self.page.evaluate(IS_SEEN), f"The focus cannot be seen on: {here}"
            if name in here:
                return
            passed.append(here)
        raise AssertionError(f"{name} is not reached by {key}; it stopped at {passed}")

    def are_on(self, name):
        """What was swapped under the hands left the focus on this."""
        expect(self.page.locator("*:focus")).to_contain_text(name)

    def replace(self, words):
        self.press("Control+a")
        self.type(words)


@pytest.fixture
def hands(transactional_db, live_server, settings, tmp_path, page):
    cache.clear()
    settings.BASE_URL, settings.EMAIL_URL, settings.MAILBOX_DIR = live_server.url, "", tmp_path / "mailbox"
    demo.load(password=PASSWORD, now=timezone.now())
    page.set_default_timeout(15_000)
    page.goto(live_server.url)
    return Hands(page)


def test_a_day(hands):
    page = hands.page
    sign_in(hands)
    ask_jamie(hands)
    skip_the_next(hands)
    write_a_note(hands)
    keep_a_view_and_take_the_file(hands)
    look_at_the_import_centre(hands)
    change_a_setting(hands)
    sign_out(hands)

    workspace = Workspace.objects.get(slug=demo.SLUG)
    with workspace_scope(workspace.pk):
        assert workspace.notes.get().body == "Prefers calls before nine."
        assert workspace.saved_views.get().name == "Halden people"
        assert workspace.exports.count() == 1
        assert workspace.asks.filter(state="skipped").count() == 1
    workspace.refresh_from_db()
    assert workspace.name == "Marlow & Sons"
    assert "/accounts/login/" in page.url


def sign_in(hands):
    hands.tab_to("E-mail")
    hands.type("alex@marlow.example")
    hands.tab_to("Password")
    hands.type(PASSWORD)
    hands.press("Enter")
    hands.page.wait_for_url("**/today")


def ask_jamie(hands):
    page = hands.page
    hands.press("j")
    hands.press("Enter")
    expect(page.locator(".slip[aria-current]")).to_contain_text("Jamie Okafor")
    hands.press("e")
    expect(page.get_by_label("Letter")).to_be_focused()
    hands.press("Control+Home")
    hands.type("Good morning. ")
    hands.tab_to("Save")
    hands.press("Enter")
    expect(page.locator(".letter .body")).to_contain_text("Good morning.")
    hands.are_on("Jamie Okafor")
    hands.press("s")
    expect(page.locator("#toasts")).to_contain_text("Sent to Jamie Okafor.")
    hands.are_on("Jamie Okafor is leaving now")
    hands.press("z")
    expect(page.locator("#toasts")).to_contain_text("Taken back.")


def skip_the_next(hands):
    page = hands.page
    hands.press("x")
    expect(page.locator("#skip")).to_be_visible()
    hands.press("Escape")
    expect(page.locator("#skip")).not_to_be_visible()
    hands.press("x")
    expect(page.locator("#skip select").first).to_be_focused()
    hands.press("ArrowDown")
    hands.tab_to("Skip")
    hands.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Skipped")
    hands.are_on("Marta Lindqvist")


def write_a_note(hands):
    page = hands.page
    hands.press("Control+k")
    hands.type("priya ram")
    expect(page.get_by_role("option", name="Priya Raman")).to_have_attribute("aria-selected", "true")
    hands.press("Enter")
    expect(page.get_by_role("heading", name="Priya Raman")).to_be_visible()
    hands.tab_to("Skip to the page")
    hands.press("Enter")
    hands.tab_to("A note for the team")
    hands.type("Prefers calls before nine.")
    hands.tab_to("Keep the note")
    hands.press("Enter")
    expect(page.locator(".noted")).to_contain_text("Prefers calls before nine.")


def keep_a_view_and_take_the_file(hands):
    page = hands.page
    hands.press("g", "c")
    page.wait_for_url("**/customers/people")
    hands.press("/")
    hands.type("halden")
    hands.press("Enter")
    page.wait_for_url("**q=halden**")
    hands.tab_to("Skip to the page")
    hands.press("Enter")
    hands.tab_to("summary Views")
    hands.press("Enter")
    hands.tab_to("Keep this view…")
    hands.press("Enter")
    hands.type("Halden people")
    hands.press("Enter")
    expect(page.locator("summary", has_text="Halden people")).to_be_visible()
    hands.tab_to("as CSV")
    hands.press("Enter")
    page.wait_for_url("**/exports/")


def look_at_the_import_centre(hands):
    page = hands.page
    hands.press("g", "c")
    page.wait_for_url("**/customers/people**")
    hands.tab_to("Import")
    hands.press("Enter")
    page.wait_for_url("**/imports/")
    hands.tab_to("Or paste the rows")
    hands.type("Account ID,Account")
    hands.press("Enter")
    hands.type("A-1,Northwind")
    hands.tab_to("Look at it")
    hands.press("Enter")
    expect(page.get_by_label("What “Account” tells")).to_have_value("name")


def change_a_setting(hands):
    page = hands.page
    hands.tab_to("a Settings")
    hands.press("Enter")
    page.wait_for_url("**/settings/**")
    hands.tab_to("a General")
    hands.press("Enter")
    page.wait_for_url("**/settings/workspace")
    hands.tab_to("input Name")
    hands.replace("Marlow & Sons")
    hands.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Saved")


def sign_out(hands):
    hands.tab_to("summary AR", "Shift+Tab")
    hands.press("Enter")
    hands.tab_to("Sign out")
    hands.press("Enter")
    hands.page.wait_for_url("**/accounts/login/**")
