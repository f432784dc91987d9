"""The whole story as people see it: the team at a desk, the customer and the friend with a phone."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1",
    "has_touch": True,
}
# What a page was not allowed to do is told to the page only, so the page says it aloud.
SAY_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.effectiveDirective} forbids ${event.blockedURI}`));
"""
LETTER = "Hi Jamie,\n\nwho else closes the month by hand? This page is yours: {}\n\nDana"


@pytest.fixture
def open_browser(browser, browser_context_args):
    """`open_browser(**how)` gives a page of somebody's own browser. What any of them complains of fails the test."""
    complaints, contexts = [], []

    def begin(**how):
        context = browser.new_context(**browser_context_args | how)
        contexts.append(context)
        context.add_init_script(SAY_VIOLATIONS)
        context.on("console", lambda said: complaints.append(_complaint(said)) if said.type == "error" else None)
        context.on("weberror", lambda failed: complaints.append(str(failed.error)))
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    yield begin
    for context in contexts:
        context.close()
    assert complaints == []


def _complaint(said):
    return f"{said.text} ({said.location['url']})"


@pytest.fixture
def jamie_said_ten(northstar):
    """Jamie of Acme Logistics gave a 10 a moment ago, through the program that collects the scores."""
    contact = {
        "external_id": "jamie-1",
        "email": "jamie@acme-logistics.example",
        "first_name": "Jamie",
        "last_name": "Okafor",
        "company": {"external_id": "acme-logistics", "name": "Acme Logistics"},
    }
    answer = {"contact": contact, "metric": "nps", "score": 10, "comment": "Two days instead of five!"}
    (ask,) = northstar.api.post("/responses", answer)["asks"]
    return ask


def test_from_the_first_ten_to_the_thank_you(
    northstar, jamie_said_ten, open_browser, served, sink, minute_passes, seal_of_before
):
    desk = sign_in(open_browser(), served, northstar)
    send_the_ask(desk, jamie_said_ten)
    (mail,) = [one.mail for one in minute_passes(northstar.row) if one.recipients == ["jamie@acme-logistics.example"]]
    link = introduce_kim(open_browser(**PHONE), mail)
    ask_for_the_call(open_browser(**PHONE), link, seal_of_before(northstar.row, jamie_said_ten["link"]["code"]))
    win_the_deal(desk, served, northstar)
    look_at_the_rewards(desk)
    thank_jamie(desk)
    subjects = [one.mail["Subject"] for one in minute_passes(northstar.row)]
    assert "Kim is with us now, thanks to you" in subjects


def sign_in(page, served, northstar):
    page.goto(f"{served}/")
    page.locator("input[name=login]").fill(northstar.owner_email)
    page.locator("input[name=password]").fill(northstar.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**/app/{northstar.slug}/today")
    return page


def send_the_ask(desk, ask):
    expect(desk.locator("h1")).to_contain_text("One person just said they love it.")
    expect(desk.locator(".slip[aria-current]")).to_contain_text("Jamie Okafor")
    desk.keyboard.press("e")
    letter = desk.get_by_label("Letter")
    expect(letter).to_be_focused()
    letter.fill(LETTER.format(ask["advocate_url"]))
    desk.get_by_role("button", name="Save").click()
    expect(desk.locator(".letter .body")).to_contain_text("who else closes the month by hand?")
    desk.keyboard.press("s")
    expect(desk.locator("#toasts")).to_contain_text("Sent to Jamie Okafor.")


def introduce_kim(phone, mail):
    (address,) = re.findall(r"http\S+/a/\S+", mail.get_content())
    phone.goto(address)
    fits_the_width(phone)
    link = phone.locator("#address").inner_text()
    phone.get_by_label("Their name").fill("Kim Park")
    phone.get_by_label("Their company").fill("Tarn & Co")
    phone.get_by_label("Their e-mail").fill("kim@tarn.example")
    phone.get_by_role("textbox", name="In your own words").fill("We were at Ferrow together. Kim still closes by hand.")
    phone.get_by_role("button", name="Introduce them").click()
    expect(phone.get_by_role("status")).to_contain_text("Thank you. We look after them the way we look after you")
    expect(phone.locator(".people")).to_contain_text("Kim")
    return link


def ask_for_the_call(phone, link, seal):
    phone.goto(link)
    fits_the_width(phone)
    phone.get_by_label("Your name").fill("Kim Park")
    phone.get_by_label("Work e-mail").fill("kim@tarn.example")
    phone.get_by_label("What would help you most?").fill("A quicker month-end")
    # Nobody types this fast: the form was opened half a minute ago.
    phone.locator("input[name=seal]").evaluate("(field, seal) => { field.value = seal; }", seal)
    phone.get_by_role("button", name="Ask for the call").click()
    phone.wait_for_url("**/thanks/**")
    expect(phone.locator("h1")).to_contain_text("We have you already, Kim.")
    fits_the_width(phone)


def fits_the_width(phone):
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]


def win_the_deal(desk, served, northstar):
    desk.goto(f"{served}/app/{northstar.slug}/today")
    expect(desk.locator("#pile")).to_contain_text("Call Kim Park")
    desk.get_by_role("link", name="Referrals").first.click()
    desk.get_by_role("link", name="Kim Park").click()
    expect(desk.locator("main")).to_contain_text("Kim still closes by hand.")
    expect(desk.locator("main")).to_contain_text("A quicker month-end")
    desk.get_by_role("button", name="We met").click()
    expect(desk.locator("#toasts")).to_contain_text("Kim Park: met.")
    desk.get_by_role("button", name="Won or lost…").click()
    desk.get_by_label("Worth, in the first year").fill("12000")
    desk.get_by_role("button", name="Won", exact=True).click()
    expect(desk.locator("main")).to_contain_text("$12,000")


def look_at_the_rewards(desk):
    desk.get_by_role("link", name="Rewards").first.click()
    desk.get_by_role("link", name="All").click()
    table = desk.get_by_role("table", name="Rewards")
    expect(table.get_by_role("row").filter(has_text="Jamie Okafor")).to_contain_text("$500")
    expect(table.get_by_role("row").filter(has_text="Tarn & Co")).to_contain_text("$250")


def thank_jamie(desk):
    desk.get_by_role("link", name="Today").first.click()
    desk.locator("#pile").get_by_role("link", name=re.compile("Kim( Park)? became a customer")).click()
    expect(desk.get_by_label("Subject")).to_have_value("Kim is with us now, thanks to you")
    desk.get_by_role("button", name="Send thank-you").click()
    expect(desk.locator("#toasts")).to_contain_text("Thanked Jamie Okafor.")
    expect(desk.locator("#pile")).not_to_contain_text("became a customer")
