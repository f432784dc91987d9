"""A file from a customer's tool: looked at, tried, imported, its bad row mended, by keyboard where it counts."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from accounts.customers.models import Company
from accounts.imports import tasks
from accounts.imports.models import ImportJob
from accounts.tenancy.scope import workspace_scope

pytestmark = pytest.mark.browser
TEXT = "Account ID;Account;Signed up;Seats\nA-1;Northwind;03.02.2024;5\nA-2;Osterberg;14.02.2024;many\n"


def carry_on(house):
    """What the worker does."""
    with workspace_scope(house.pk):
        job = ImportJob.objects.filter(workspace=house, state__in=["trying", "running"]).get()
    tasks.work(workspace_id=str(house.pk), job_id=str(job.pk))


def test_a_file_is_imported_and_its_refused_row_mended(house, signed_in, tmp_path):
    page, file = signed_in, Path(tmp_path) / "accounts.csv"
    file.write_text(TEXT)

    page.goto(page.url.rpartition("/")[0] + "/customers/companies")
    page.get_by_role("link", name="Import", exact=True).click()
    page.get_by_label("A CSV file").set_input_files(file)
    page.get_by_role("button", name="Look at it").press("Enter")
    expect(page.get_by_label("What “Account” tells")).to_have_value("name")
    page.get_by_label("What “Signed up” tells").select_option("customer_since")
    page.get_by_role("button", name="Try it, change nothing").press("Enter")
    expect(page.locator("#progress")).to_contain_text("You can leave this page.")
    carry_on(house)
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 row of companies would come in, 1 refused.")
    page.get_by_role("button", name="Import 1 row").press("Enter")
    expect(page.locator("#progress")).to_be_visible()
    carry_on(house)
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 row of companies is in, 1 refused.")
    page.get_by_role("link", name="Mend here").press("Enter")
    page.get_by_label("Seats, line 3").fill("7")
    page.get_by_label("Seats, line 3").press("Enter")
    expect(page.locator("#progress")).to_be_visible()
    carry_on(house)
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 row of companies is in.")

    with workspace_scope(house.pk):
        found = Company.objects.filter(workspace=house).exclude(external_id__startswith="company")
        assert list(found.order_by("external_id").values_list("name", "seats")) == [("Northwind", 5), ("Osterberg", 7)]
