"""What is said in Slack: a row first, once, with patience, never inside a transaction."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.notices.models import Notice
from accounts.slack import actions, cards, dispatcher
from accounts.slack.models import SlackConnection, SlackPost
from accounts.tenancy.scope import workspace_scope
from tests.factories.accounts import NOW


@pytest.fixture
def post(acme, bot, ana, slack):
    """`post("1")` puts a message to Ana on its way."""
    slack.add("ana@acme.example")

    def post(key="1", **times):
        now = timezone.now()
        with workspace_scope(acme.pk):
            return actions.queue(
                workspace=acme,
                key=key,
                member=ana,
                card=cards.plain(title="Jamie & Kim <3", text="Hello", url="https://goodword.example/x"),
                due_at=times.get("due_at", now),
                expires_at=times.get("expires_at", now + timedelta(hours=1)),
            )

    return post


@pytest.fixture
def states(acme):
    def read():
        with workspace_scope(acme.pk):
            return {post.key: (post.state, post.error) for post in SlackPost.objects.all()}

    return read


def make_due(acme):
    with workspace_scope(acme.pk):
        SlackPost.objects.update(due_at=NOW)
        SlackConnection.objects.update(paused_until=None)


def test_a_message_reaches_the_person_with_the_members_address_once(acme, post, slack, states):
    post(), post()

    assert dispatcher.dispatch(acme.pk) == 1
    assert dispatcher.dispatch(acme.pk) == 0

    [message] = slack.said.values()
    assert (message["channel"], message["text"]) == ("D00001", "Jamie & Kim <3")
    assert message["blocks"][0]["text"]["text"] == "*Jamie &amp; Kim &lt;3*\nHello"
    assert slack.methods() == ["users.lookupByEmail", "chat.postMessage"]
    assert states() == {"1": ("sent", "")}


def test_who_was_found_is_not_looked_for_again(acme, post, slack):
    post("1"), post("2")

    dispatcher.dispatch(acme.pk)

    assert slack.methods() == ["users.lookupByEmail", "chat.postMessage", "chat.postMessage"]


def test_workspaces_with_something_due_are_found(acme, globex, post):
    assert dispatcher.workspaces_with_due_posts() == []
    post()

    assert dispatcher.workspaces_with_due_posts() == [acme.pk]


def test_inside_a_transaction_nothing_is_said(acme, post, slack):
    post()

    with pytest.raises(RuntimeError), transaction.atomic():
        dispatcher.dispatch(acme.pk)

    assert slack.calls == []


def test_somebody_slack_does_not_know_is_told_elsewhere(acme, post, slack, states):
    slack.people.clear()
    post()

    dispatcher.dispatch(acme.pk)

    assert states() == {"1": ("failed", "Slack knows nobody with this member's address.")}


def test_told_to_be_slower_everything_waits_as_long_as_slack_says(acme, post, slack, states):
    slack.script = [
        (200, {"ok": True, "user": {"id": slack.people["ana@acme.example"]}}),
        (429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "30"}),
    ]
    post("1"), post("2")

    assert dispatcher.dispatch(acme.pk) == 1
    assert dispatcher.dispatch(acme.pk) == 0

    assert slack.said == {}
    with workspace_scope(acme.pk):
        connection = SlackConnection.objects.get()
        waits = SlackPost.objects.get(key="1").due_at - timezone.now()
    assert timedelta(seconds=20) < waits <= timedelta(seconds=30)
    assert connection.paused_until > timezone.now() + timedelta(seconds=20)
    make_due(acme)
    dispatcher.dispatch(acme.pk)
    assert {key: state for key, (state, _error) in states().items()} == {"1": "sent", "2": "sent"}


def test_a_lost_answer_is_not_repeated(acme, post, slack, states):
    post("first")
    dispatcher.dispatch(acme.pk)
    slack.script_after = ["lose reply"]
    post()

    dispatcher.dispatch(acme.pk)
    make_due(acme)
    dispatcher.dispatch(acme.pk)

    assert (len(slack.said), states()["1"][0]) == (2, "unconfirmed")


def test_a_slack_that_is_not_there_is_tried_again(acme, post, slack, settings, states):
    there = settings.SLACK_API_URL
    settings.SLACK_API_URL = "http://127.0.0.1:9/api/"
    post()
    dispatcher.dispatch(acme.pk)
    assert (states()["1"][0], slack.said) == ("queued", {})

    settings.SLACK_API_URL = there
    make_due(acme)
    dispatcher.dispatch(acme.pk)

    assert states() == {"1": ("sent", "")}


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ((200, {"ok": False, "error": "channel_not_found"}), "failed"),
        ((200, {"ok": False, "error": "internal_error"}), "unconfirmed"),
        ((200, {"ok": False, "error": "service_unavailable"}), "queued"),
        ((503, {}), "unconfirmed"),
        ((200, ["not", "an", "object"]), "unconfirmed"),
    ],
)
def test_what_slack_answers_decides(acme, post, slack, states, answer, state):
    post("first")
    dispatcher.dispatch(acme.pk)
    slack.script = [answer]
    post()

    dispatcher.dispatch(acme.pk)

    assert states()["1"][0] == state


def test_a_token_taken_back_is_said_once_to_the_leaders_and_messages_wait(acme, post, slack, states):
    post("first")
    dispatcher.dispatch(acme.pk)
    slack.script = [(200, {"ok": False, "error": "token_revoked"})]
    post("1"), post("2")

    dispatcher.dispatch(acme.pk)
    dispatcher.dispatch(acme.pk)

    with workspace_scope(acme.pk):
        connection, notice = SlackConnection.objects.get(), Notice.objects.get()
    assert (connection.state, connection.words) == ("broken", "The token was taken back.")
    assert (notice.kind, notice.title) == ("connection", "Slack takes nothing from us any more")
    assert {key: state for key, (state, _error) in states().items()} == {"first": "sent", "1": "queued", "2": "queued"}


def test_what_is_too_late_is_not_said(acme, post, slack, states):
    post(expires_at=timezone.now() - timedelta(seconds=1))

    assert dispatcher.dispatch(acme.pk) == 0

    assert (slack.said, states()["1"]) == ({}, ("cancelled", "It could not be said in time."))


def test_a_worker_that_died_leaves_a_message_in_doubt_and_a_change_to_be_made(acme, post, slack, states):
    message = post()
    dispatcher.dispatch(acme.pk)
    with workspace_scope(acme.pk):
        message.refresh_from_db()
        message.workspace = acme
        card = cards.plain(title="Changed", text="", url="https://goodword.example/x")
        actions.change(post=message, key="change", card=card, now=timezone.now())
    post("2")
    with workspace_scope(acme.pk):
        SlackPost.objects.filter(key__in=["2", "change"]).update(state="sending", lease_until=NOW)

    dispatcher.dispatch(acme.pk)

    assert {key: state for key, (state, _error) in states().items()} == {
        "1": "sent",
        "2": "unconfirmed",
        "change": "sent",
    }
    assert slack.said[message.ts]["text"] == "Changed"


def test_a_change_of_a_message_that_has_not_left_takes_it_back(acme, post, slack, states):
    message = post()
    with workspace_scope(acme.pk):
        card = cards.plain(title="Changed", text="", url="https://goodword.example/x")
        assert actions.change(post=message, key="change", card=card, now=timezone.now()) is None

    dispatcher.dispatch(acme.pk)

    assert (slack.said, states()) == ({}, {"1": ("cancelled", "")})


def test_another_team_forgets_who_is_who_and_what_waits(acme, post, slack, by_ana, states):
    post("1")
    dispatcher.dispatch(acme.pk)
    post("2")
    with workspace_scope(acme.pk):
        team = {"team_id": "T0OTHER", "team": "Other"}
        actions.connect(workspace=acme, token="xoxb-2", signing_secret="s", team=team, by=by_ana, now=NOW)
        assert acme.slack_people.count() == 0

    assert states()["2"][0] == "cancelled"


def test_old_calls_and_messages_are_forgotten(acme, post, slack):
    message = post()
    dispatcher.dispatch(acme.pk)
    now = timezone.now()
    with workspace_scope(acme.pk):
        message.refresh_from_db()
        message.workspace = acme
        actions.whisper(post=message, key="whisper", words="No.", now=now)
        acme.slack_calls.create(key="pressed")
        assert actions.forget_old(workspace=acme, now=now + timedelta(minutes=59)) == 0
        assert actions.forget_old(workspace=acme, now=now + timedelta(hours=2)) == 1
        assert actions.forget_old(workspace=acme, now=now + timedelta(days=31)) == 2


def test_a_workspace_that_rests_says_nothing(acme, post, slack):
    post()
    acme.state = "suspended"
    acme.save()

    assert (dispatcher.workspaces_with_due_posts(), dispatcher.dispatch(acme.pk), slack.said) == ([], 0, {})
