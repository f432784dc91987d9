"""The demo: made once, the same for everybody, and its mail stays in the house."""

import datetime
import json
import re
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.mail import tasks as mail_tasks
from accounts.members.models import User
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope
from referrals.demo import actions as demo
from tests.factories.accounts import NOW

PASSWORD = "a demo for this test"


def load():
    out = StringIO()
    call_command("load_demo", password=PASSWORD, stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


@pytest.fixture
def marlow(db):
    """The demo as it stands at ten o'clock on a Tuesday."""
    with time_machine.travel(NOW, tick=False):
        load()
        yield Workspace.objects.get()


def told(workspace):
    """Everything a visitor could compare: how many rows of each kind there are, and what the story says."""
    kinds = ("companies", "contacts", "outcomes", "responses", "moments", "links", "messages", "events")
    with workspace_scope(workspace.pk):
        return {kind: getattr(workspace, kind).count() for kind in kinds} | {
            "asks": sorted(workspace.asks.values_list("contact__first_name", "state", "subject", "send_at", "sent_at")),
            "referrals": sorted(workspace.referrals.values_list("referee_name", "stage", "deal_value_minor")),
            "rewards": sorted(workspace.rewards.values_list("side", "state", "amount_minor", "granted_at")),
            "thank_yous": sorted(workspace.thank_yous.values_list("subject", "state", "due_at")),
            "facts": list(workspace.events.order_by("pk").values_list("type", flat=True)),
            "experts": list(workspace.contacts.order_by("external_id").values_list("external_id", "expert_score")),
        }


def test_loading_it_again_changes_nothing(marlow):
    before = told(marlow)

    again = load()

    assert (again["made"], Workspace.objects.count(), told(marlow)) == (False, 1, before)


@time_machine.travel(NOW, tick=False)
def test_every_run_on_one_day_tells_the_same_story(db):
    def tell():
        load()
        return told(Workspace.objects.get())

    with transaction.atomic():
        first = tell()
        transaction.set_rollback(True)

    assert first["companies"] == 12
    assert first == tell()


@pytest.mark.parametrize(
    "now",
    [
        datetime.datetime(2026, 11, 21, 2, 30, tzinfo=datetime.UTC),
        datetime.datetime(2026, 12, 31, 23, 59, tzinfo=datetime.UTC),
        datetime.datetime(2027, 3, 28, 1, 30, tzinfo=datetime.UTC),
    ],
    ids=["a Saturday night", "the last minute of a year", "the night the clocks go forward"],
)
def test_it_can_be_shown_at_any_hour(db, client, now):
    with time_machine.travel(now, tick=False):
        load()
        client.force_login(User.objects.get(email="alex@marlow.example"))

        assert client.get("/app/marlow/today").context["top"].lead == "Five people just said they love it."


def test_today_of_the_demo_says_in_one_sentence_what_to_do(marlow, client):
    client.force_login(User.objects.get(email="alex@marlow.example"))

    page = client.get("/app/marlow/today")

    (heading,) = re.findall(r"<h1.*?</h1>", page.content.decode(), re.DOTALL)
    assert " ".join(strip_tags(heading).split()) == "Five people just said they love it. Ask them before 15:14."


@pytest.mark.django_db(transaction=True)
def test_no_mail_of_the_demo_reaches_a_mail_server(sink):
    demo.load(password=PASSWORD, now=timezone.now())
    marlow = Workspace.objects.get()
    with workspace_scope(marlow.pk):
        marlow.messages.filter(state="queued").update(
            due_at=timezone.now() - datetime.timedelta(seconds=1),
            expires_at=timezone.now() + datetime.timedelta(hours=1),
            approved_until=None,
        )
        waiting = marlow.messages.filter(state="queued").count()

    mail_tasks.tick()

    with workspace_scope(marlow.pk):
        ways = set(marlow.messages.exclude(transport="").values_list("transport", flat=True))
        left = marlow.messages.filter(state="queued").count()
    assert waiting > 0
    assert (sink.taken, ways, left) == ([], {"kept", "mailbox"}, 0)
