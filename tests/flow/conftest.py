"""A workspace as an operator makes it, and the minutes that pass."""

import datetime
import json
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.mail import tasks as mail_tasks
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope
from referrals.landing import seals
from tests.browser.conftest import browser_context_args, browser_type_launch_args  # noqa: F401 -- fixtures
from tests.flow.outside import Api


@pytest.fixture
def served(transactional_db, live_server, settings):
    """The address of a running Goodword; every link in a mail leads there."""
    settings.BASE_URL = live_server.url
    return live_server.url


@pytest.fixture
def northstar(served):
    """What `create_workspace` prints, with the row and a program that holds its key."""
    out = StringIO()
    call_command("create_workspace", "Northstar", owner="dana.reyes@northstar.example", stdout=out)
    made = json.loads(out.getvalue())
    workspace = Workspace.objects.get(slug=made["slug"])
    return SimpleNamespace(**made, row=workspace, api=Api(served, made["api_key"]))


@pytest.fixture
def minute_passes(sink):
    """`minute_passes(workspace)`: the minute in which a mail can be taken back is over, and a worker comes by.

    Gives the mails the mail server took meanwhile.
    """

    def pass_by(workspace):
        before = len(sink.taken)
        with workspace_scope(workspace.pk):
            waiting = workspace.messages.filter(
                state="queued", due_at__lte=timezone.now() + datetime.timedelta(minutes=1)
            )
            waiting.update(due_at=timezone.now() - datetime.timedelta(seconds=1))
        mail_tasks.tick()
        return sink.taken[before:]

    return pass_by


@pytest.fixture
def seal_of_before():
    """`seal_of_before(workspace, code)`: the seal the form of this link carried half a minute ago."""

    def make(workspace, code):
        with workspace_scope(workspace.pk):
            link = workspace.links.get(code=code)
        return seals.seal(link.pk, timezone.now() - datetime.timedelta(seconds=30))

    return make
