"""Chromium for the browser tests: the system's own, because browsers are not downloaded."""

import os
import shutil

import pytest

from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as make

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
PASSWORD = "correct horse battery"
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Playwright's own event loop runs in the test's thread, where Django would refuse queries.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if CHROMIUM is None:
        pytest.skip("There is no Chromium here: install it, or name it in CHROMIUM.")
    # As root Chromium refuses its sandbox.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": [*FLAGS, *sandbox]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "viewport": {"width": 1440, "height": 900}, "locale": "en-GB"}


@pytest.fixture
def house(transactional_db):
    """Acme, stored for real, so that the server's threads see it."""
    return make.WorkspaceFactory(slug="acme", name="Acme")


@pytest.fixture
def alex(house):
    """A CS manager of Acme who can sign in."""
    with workspace_scope(house.pk):
        member = make.MemberFactory(
            workspace=house, user__email="alex@acme.example", name="Alex Rivera", role="manager"
        )
    member.user.emailaddress_set.create(email=member.user.email, verified=True, primary=True)
    return member


@pytest.fixture
def signed_in(live_server, page, alex):
    """The page of somebody who came in by the sign-in form."""
    page.set_default_timeout(10_000)
    page.goto(f"{live_server.url}/accounts/login/")
    page.locator("input[name=login]").fill(alex.user.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/app/acme/today")
    return page
