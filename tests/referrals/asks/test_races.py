"""What happens at the same moment, with real transactions."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from accounts.mail.models import Message
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope
from referrals.asks import actions as asks
from referrals.asks.errors import AskNotOpen, MailIsLeaving
from referrals.asks.models import Ask
from tests.factories import accounts as make
from tests.factories import feedback as said
from tests.factories import referrals as refer
from tests.factories.accounts import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def workspace():
    return make.WorkspaceFactory(slug="acme")


@pytest.fixture
def moments(workspace):
    """Twenty tens of one person, of four channels."""
    with workspace_scope(workspace.pk):
        contact = make.ContactFactory(workspace=workspace)
        refer.ProgramFactory(workspace=workspace)
        channels = ["page", "api", "import", "call"] * 5
        return [
            said.MomentFactory(response=said.ResponseFactory(contact=contact, channel=channel)) for channel in channels
        ]


def at_once(workspace, work, arguments):
    """Run `work(argument)` in a thread and a transaction each, all starting together; what each gave or raised."""
    start = threading.Barrier(len(arguments))

    def run(argument):
        try:
            start.wait(timeout=30)
            with workspace_scope(workspace.pk):
                return work(argument)
        except (AskNotOpen, MailIsLeaving) as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(run, arguments))


def test_twenty_moments_of_one_person_at_once_make_one_ask(workspace, moments):
    def queue(moment):
        return asks.queue(
            workspace=Workspace.objects.get(pk=workspace.pk),
            contact=moment.contact,
            moment=moment,
            program=workspace.programs.get(),
            also_matched=[],
            verdict={},
            responded_at=NOW,
            now=NOW,
            by=SYSTEM,
        ).pk

    queued = at_once(workspace, queue, moments)

    with workspace_scope(workspace.pk):
        assert set(queued) == {Ask.objects.get().pk}
        assert Message.objects.count() == 1
        assert workspace.moments.filter(not_asked__isnull=False).count() == 19
        assert workspace.links.count() == 1


def test_send_and_low_answer_at_once_leave_no_mail_behind(workspace, moments):
    with workspace_scope(workspace.pk):
        ask = asks.queue(
            workspace=workspace,
            contact=moments[0].contact,
            moment=moments[0],
            program=workspace.programs.get(),
            also_matched=[],
            verdict={},
            responded_at=NOW,
            now=NOW,
            by=SYSTEM,
        )

    def move(name):
        mine = workspace.asks.select_related("workspace").get(pk=ask.pk)
        if name == "send":
            return asks.send(ask=mine, by=SYSTEM, now=NOW + timedelta(minutes=5)).state
        return asks.cancel_for(workspace=workspace, contact=ask.contact, reason="Low", by=SYSTEM, now=NOW)

    outcomes = at_once(workspace, move, ["send", "cancel", "send", "cancel"])

    with workspace_scope(workspace.pk):
        assert (Ask.objects.get().state, Message.objects.get().state) == ("skipped", "cancelled"), outcomes
