"""Lists and the palette by keyboard alone."""

import pytest
from playwright.sync_api import expect

from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as make

pytestmark = pytest.mark.browser


@pytest.fixture
def people(house):
    with workspace_scope(house.pk):
        company = make.CompanyFactory(workspace=house, name="Halden Freight")
        for first in ("Ana", "Bo", "Cy"):
            make.ContactFactory(workspace=house, company=company, first_name=first)
    return house


def test_rows_are_chosen_and_left_alone_by_keyboard(people, signed_in):
    page = signed_in
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/customers/people")

    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk] [role=status]")).to_have_text("2 chosen")
    page.get_by_role("button", name="Leave alone…").press("Enter")
    page.locator("#bulk-hold select[name='hold-reason']").select_option("requested")
    page.locator("#bulk-hold").get_by_role("button", name="Leave alone").press("Enter")

    expect(page.get_by_text("2 done.")).to_be_visible()
    with workspace_scope(people.pk):
        assert people.holds.count() == 2


def test_the_palette_finds_a_person_and_goes_there(people, signed_in):
    page = signed_in
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Jump to")
    expect(field).to_be_focused()

    page.keyboard.type("cy oka")
    expect(page.get_by_role("option", name="Cy Okafor")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Cy Okafor")).to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(page.locator("#jump")).not_to_be_visible()
    page.goto(page.url.replace(page.url.split("/app/acme/")[1], "today"))
    page.keyboard.press("Control+k")
    expect(page.locator("[data-recent]").get_by_role("option", name="Cy Okafor")).to_be_visible()


def test_a_view_is_kept_and_its_columns_come_back(people, signed_in):
    page = signed_in
    page.goto(page.url.replace("today", "customers/people?q=halden&cols=title&sort=-name"))
    page.locator("summary", has_text="Views").click()
    page.get_by_role("button", name="Keep this view…").click()
    page.get_by_label("Name", exact=True).fill("Halden people")
    page.get_by_role("button", name="Keep it").click()

    expect(page.locator("summary", has_text="Halden people")).to_be_visible()
    assert page.locator("thead th").all_inner_texts()[1:] == ["Person ↓", "Role"]
    assert page.locator("tbody a.strong").all_inner_texts() == ["Cy Okafor", "Bo Okafor", "Ana Okafor"]
