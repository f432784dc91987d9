"""A newcomer alone with a browser: from signing up to the first real ask."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from accounts.imports import tasks as imports
from accounts.mail.models import AccountMessage
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope
from referrals.landing import seals

pytestmark = pytest.mark.browser

ROWS = "email,first_name,last_name,company,score,date,comment\n" + "".join(
    f"{name.lower()}@{name.lower()}-works.example,{name},Berg,{name} Works,{score},2026-0{month}-12,{comment}\n"
    for name, score, month, comment in [
        ("Ada", 10, 6, "Best tool we have"),
        ("Ben", 9, 7, "Month-end is easy now"),
        ("Cleo", 10, 8, "I would not go back"),
        ("Emil", 5, 8, "Too slow"),
    ]
)
SAY_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.effectiveDirective} forbids ${event.blockedURI} in ${location.pathname}`));
"""


@pytest.fixture
def robin(page, live_server, settings, monkeypatch):
    """A browser nobody has used. What it complains of fails the test."""
    settings.SIGN_UP = True
    settings.BASE_URL = live_server.url
    # Whoever fills in a form by program is faster than anybody.
    monkeypatch.setattr(seals, "_LEAST_SECONDS", 0)
    complaints = []
    page.context.add_init_script(SAY_VIOLATIONS)
    page.context.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.set_default_timeout(15_000)
    yield page
    assert complaints == []


def sign_up(page, url):
    page.goto(f"{url}/accounts/login/")
    page.get_by_role("link", name="Make a workspace of your own").click()
    # How often an address is written to is remembered longer than a test lasts.
    page.locator("input[name=email]").fill(f"robin-{uuid4().hex}@vale-software.example")
    page.locator("input[name=password1]").fill("three unlikely words")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name="One look in your mail.")).to_be_visible()
    letter = AccountMessage.objects.latest("created_at").body_text
    page.goto(url + re.search(r"/accounts/confirm-email/\S+", letter)[0])
    page.get_by_role("button", name="Yes, confirm").click()
    page.locator("input[name=name]").fill("Vale Software")
    page.locator("input[name=owner_name]").fill("Robin Vale")
    page.get_by_role("button", name="Make the workspace").click()
    page.wait_for_url("**/app/vale-software/start")


def be_jamie(page):
    page.get_by_role("link", name="Go on: Be Jamie").click()
    page.get_by_role("button", name="Switch it on").click()
    phone = page.frame_locator("iframe")
    phone.get_by_role("button", name="10", exact=True).click()
    phone.get_by_label("In your own words").fill("You gave me my evenings back.")
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("heading", name=re.compile("Who else at another company"))).to_be_visible()
    expect(page.get_by_text("It starts a clock of 24 hours.")).to_be_visible()
    page.get_by_role("link", name="The friend’s phone").click()
    phone.get_by_label("Your name").fill("Kim Park")
    phone.get_by_label("Work e-mail").fill("kim@globex.example")
    phone.get_by_role("button", name="Ask for the call").click()
    page.get_by_role("link", name="on Today now").click()
    expect(page.get_by_text("Call Kim Park")).to_be_visible()
    page.get_by_role("link", name="Go on").click()


def carry_on(page):
    """What the worker does."""
    expect(page.locator("#progress")).to_be_visible()
    home = Workspace.objects.get(slug="vale-software")
    with workspace_scope(home.pk):
        job = home.import_jobs.get(state__in=["trying", "running"])
    imports.work(workspace_id=str(home.pk), job_id=str(job.pk))


def bring_scores(page):
    page.get_by_role("link", name="Go on: Bring what you have").click()
    page.locator("textarea[name=pasted]").fill(ROWS)
    page.get_by_role("button", name="Look at it").click()
    page.get_by_role("button", name="Try it, change nothing").click()
    carry_on(page)
    page.get_by_role("button", name="Import 4 rows").click()
    carry_on(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("4 rows of responses are in")
    page.goto(page.url.split("/imports/")[0] + "/start/people")


def choose_three(page):
    for name in ("Ada", "Ben", "Cleo"):
        page.get_by_role("link", name=f"Choose {name} Berg").click()
        page.get_by_label("What was hard before?").fill("closing the month in five days")
        page.get_by_label("What got better").fill("days to close")
        page.get_by_label("Who there said that you may tell it?").fill(f"{name} Berg")
        page.get_by_role("button", name="Keep it").click()
        page.wait_for_url("**/start/people")
    page.get_by_role("link", name="Next: Say what people get").click()


def test_from_signing_up_to_the_first_real_ask(robin, live_server):
    page = robin
    sign_up(page, live_server.url)
    be_jamie(page)
    bring_scores(page)
    choose_three(page)
    page.get_by_role("button", name=re.compile("our thanks")).click()
    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_have_text(
        "You’ve been referred by Jamie at Northwind."
    )
    page.get_by_role("button", name="This is right").click()
    expect(page.locator("input[name=timezone]")).not_to_have_value("")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Write the letter to Ada Berg").click()
    expect(page.get_by_role("link", name="Open in Gmail")).to_have_attribute(
        "href", re.compile(r"view=cm.*ada%40ada-works\.example.*closing%20the%20month%20in%20five%20days")
    )
    page.get_by_role("button", name="Yes, it is sent").click()
    expect(page.get_by_text("The first ask is out.")).to_be_visible()
    page.get_by_role("link", name="Next: Confirm the guardrails").click()
    page.get_by_role("button", name="These are right for us").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are on your way. 8 of 8 done.")

    home = Workspace.objects.get(slug="vale-software")
    with workspace_scope(home.pk):
        assert list(home.asks.values_list("contact__first_name", "state")) == [("Ada", "sent")]
        assert home.messages.exclude(kind="notice").count() == 0
