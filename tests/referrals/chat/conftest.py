"""Ana reads in Slack that Jamie gave a ten, and may act there."""

import pytest
from django.utils import timezone

from accounts.notices.models import Kind, Notice
from accounts.slack import actions, dispatcher
from accounts.slack.models import SlackPost
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.scope import workspace_scope
from referrals.asks import actions as asks
from tests.factories import accounts as make
from tests.factories import feedback as said
from tests.factories import referrals as refer
from tests.slack import SECRET, TEAM, TOKEN, pressed, sent_off, signed


@pytest.fixture
def ana_there(acme, ana, slack):
    """Who Ana is in Slack; the bot is connected."""
    with workspace_scope(acme.pk):
        team = {"team_id": TEAM, "team": "Acme Inc", "user": "goodword"}
        actions.connect(workspace=acme, token=TOKEN, signing_secret=SECRET, team=team, by=SYSTEM, now=timezone.now())
    return slack.add(ana.email)


@pytest.fixture
def hook(acme, ana_there):
    with workspace_scope(acme.pk):
        return actions.hook_url(acme.slack_connections.get())


@pytest.fixture
def ask(acme, ana, ana_there):
    """A draft in Ana's name, told in Slack."""
    now = timezone.now()
    with workspace_scope(acme.pk):
        company = make.CompanyFactory(workspace=acme, owner=ana)
        jamie = make.ContactFactory(workspace=acme, company=company)
        response = said.ResponseFactory(contact=jamie, comment="Love <it> & you", responded_at=now, received_at=now)
        ask = asks.queue(
            workspace=acme,
            contact=jamie,
            moment=said.MomentFactory(response=response, occurred_at=now),
            program=refer.ProgramFactory(workspace=acme),
            also_matched=[],
            verdict={"ok": True, "reasons": []},
            responded_at=now,
            now=now,
            by=SYSTEM,
        )
        asks.give_notices(workspace=acme, now=now)
        assert Notice.objects.get().kind == Kind.ASK_NEW
    dispatcher.dispatch(acme.pk)
    return ask


@pytest.fixture
def ts(slack, ask):
    [ts] = slack.said
    return ts


@pytest.fixture
def press(client, acme, slack, hook, ts, ana_there):
    """`press("ask:send")` as Ana, with the value the button carries; then what follows is said."""

    def press(action_id, *, user=ana_there, follow=True, **given):
        button = button_of(slack.said[ts], action_id)
        if not given:
            given = {"value": button["value"]} if "value" in button else {"option": button["options"][0]["value"]}
        body, headers = signed(pressed(slack, user, ts, action_id, **given))
        answer = post(client, hook, body, headers)
        if follow:
            dispatcher.dispatch(acme.pk)
        return answer

    return press


@pytest.fixture
def submit(client, acme, slack, hook, ana_there):
    """`submit(subject=..., body=...)` the window that was opened last."""

    def submit(**fields):
        body, headers = signed(sent_off(ana_there, slack.windows[-1], **fields))
        answer = post(client, hook, body, headers)
        dispatcher.dispatch(acme.pk)
        return answer

    return submit


def post(client, hook, body, headers):
    path = hook.partition("8000")[2]
    return client.post(path, body, content_type="application/x-www-form-urlencoded", headers=headers)


def button_of(message, action_id):
    found = [
        element
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"] == action_id
    ]
    return found[0] if found else None


def buttons(message):
    return [
        element["action_id"]
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def posts(workspace):
    with workspace_scope(workspace.pk):
        return list(SlackPost.objects.order_by("pk").values_list("method", "state"))
