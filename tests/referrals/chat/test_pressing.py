"""Send, edit and skip from Slack: by whom, once, under the rules of the desk; the message says what became of it."""

import json
import time
from datetime import timedelta

import pytest
from django.db import connection as database
from django.utils import timezone

from accounts.events.models import Event
from accounts.mail.models import Message
from accounts.slack import dispatcher
from accounts.slack.models import SlackPost
from accounts.tenancy.scope import workspace_scope
from referrals.asks import actions as asks
from referrals.chat import actions as chat
from tests.factories import accounts as make
from tests.referrals.chat.conftest import button_of, buttons, post
from tests.slack import SECRET, pressed, signed


def fresh(ask):
    with workspace_scope(ask.workspace_id):
        ask.refresh_from_db()
    return ask


def test_the_message_has_the_words_the_letter_and_what_can_be_done(slack, ts, ask):
    message = slack.said[ts]
    text = json.dumps(message["blocks"], ensure_ascii=False)

    assert message["text"] == "Jamie Okafor gave you a 10"
    assert ("> Love &lt;it&gt; &amp; you" in text, ask.subject in text) == (True, True)
    assert buttons(message) == ["ask:send", "ask:edit", "ask:skip", "open"]
    assert "unfurl_links" in slack.calls[-1][1]


def test_send_sends_as_the_member_and_the_message_says_so(acme, ana, slack, ts, ask, press):
    answer = press("ask:send")

    assert (answer.status_code, answer.content) == (200, b"")
    assert (fresh(ask).state, ask.sent_by_person) == ("sending", True)
    with workspace_scope(acme.pk):
        event = Event.objects.get(type="ask.approved")
    assert (event.actor_kind, event.actor_id) == ("member", ana.pk)
    assert "is on its way" in slack.said[ts]["text"]
    assert buttons(slack.said[ts]) == ["ask:undo", "open"]


def test_undo_brings_the_letter_back(slack, ts, ask, press):
    press("ask:send")

    press("ask:undo")

    assert fresh(ask).state == "queued"
    assert "ask:send" in buttons(slack.said[ts])


def test_skip_takes_the_reason(slack, ts, ask, press):
    press("ask:skip")

    assert (fresh(ask).state, ask.ended_reason) == ("skipped", "Not the right moment")
    assert (slack.said[ts]["text"], buttons(slack.said[ts])) == (
        "Jamie Okafor: skipped. Not the right moment",
        ["open"],
    )


@pytest.mark.parametrize("number", ["9", "-1", "x", "", "1" * 30])
def test_a_reason_nobody_offered_skips_nothing(slack, ask, press, number):
    press("ask:skip", option=f"{ask.public_id}|{number}")

    assert (fresh(ask).state, slack.whispers) == ("queued", ["Choose one of the reasons."])


def test_edit_opens_a_window_with_the_words_and_saves_others(acme, slack, ts, ask, press, submit):
    press("ask:edit")
    [window] = slack.windows
    assert [block["element"]["initial_value"] for block in window["blocks"]] == [ask.subject, ask.body]

    answer = submit(subject="Another subject", body="Hi Jamie,\n\nwho else?")

    assert (answer.status_code, answer.content) == (200, b"")
    assert (fresh(ask).subject, ask.body) == ("Another subject", "Hi Jamie,\n\nwho else?")
    assert "Another subject" in json.dumps(slack.said[ts]["blocks"])
    press("ask:send")
    with workspace_scope(acme.pk):
        assert Message.objects.get(kind="ask").subject == "Another subject"


def test_words_that_can_not_stay_are_said_in_the_window(slack, ask, press, submit):
    press("ask:edit")

    answer = submit(subject="Fine", body="  ")

    assert answer.json() == {"response_action": "errors", "errors": {"body": "It needs words."}}
    assert fresh(ask).subject != "Fine"


def test_words_changed_meanwhile_are_not_written_over(acme, slack, ask, press, submit, by_ana):
    press("ask:edit")
    with workspace_scope(acme.pk):
        asks.edit(ask=ask, by=by_ana, now=timezone.now(), subject="From the desk")

    answer = submit(subject="From Slack", body="Hi")

    assert "changed since" in answer.json()["errors"]["body"]
    assert fresh(ask).subject == "From the desk"


def test_nobody_sends_words_they_have_not_seen(acme, slack, ts, ask, press, by_ana):
    with workspace_scope(acme.pk):
        asks.edit(ask=ask, by=by_ana, now=timezone.now(), subject="From the desk")

    press("ask:send")

    assert (fresh(ask).state, slack.whispers) == ("queued", ["The words have changed since. Read them once more."])
    assert "From the desk" in json.dumps(slack.said[ts]["blocks"])


def test_a_trigger_that_is_too_old_opens_nothing_and_is_not_tried_again(acme, slack, press):
    press("ask:edit", follow=False)
    slack.triggers = {name: at - 3.5 for name, at in slack.triggers.items()}

    dispatcher.dispatch(acme.pk)
    dispatcher.dispatch(acme.pk)

    assert (slack.windows, slack.methods().count("views.open")) == ([], 1)


def test_a_window_whose_three_seconds_are_over_is_not_asked_for(acme, slack, press):
    press("ask:edit", follow=False)
    with workspace_scope(acme.pk):
        SlackPost.objects.filter(method="views.open").update(expires_at=timezone.now() - timedelta(seconds=1))

    dispatcher.dispatch(acme.pk)

    assert "views.open" not in slack.methods()


def test_a_repeated_request_does_nothing(client, slack, hook, ts, ask, ana_there):
    send = pressed(slack, ana_there, ts, "ask:send", value=button_of(slack.said[ts], "ask:send")["value"])
    request = signed(send)

    answers = [post(client, hook, *request).status_code for _ in range(3)]

    assert (answers, fresh(ask).state) == ([200] * 3, "sending")
    with workspace_scope(ask.workspace_id):
        assert Event.objects.filter(type="ask.approved").count() == 1


@pytest.mark.parametrize("age_s", [301, -301, 86_400])
def test_an_old_request_is_refused_however_well_signed(client, slack, hook, ts, ask, ana_there, age_s):
    send = pressed(slack, ana_there, ts, "ask:send", value=button_of(slack.said[ts], "ask:send")["value"])

    answer = post(client, hook, *signed(send, at=time.time() - age_s))

    assert (answer.status_code, fresh(ask).state) == (403, "queued")


def test_a_forged_request_is_refused(client, slack, hook, ts, ask, ana_there):
    send = pressed(slack, ana_there, ts, "ask:send", value=button_of(slack.said[ts], "ask:send")["value"])
    body, headers = signed(send)
    wrong = [
        signed(send, secret="another"),
        (body + b"&x=1", headers),
        (body, {**headers, "X-Slack-Signature": "v0="}),
        (body, {**headers, "X-Slack-Signature": "v0=é"}),
        (body, {**headers, "X-Slack-Request-Timestamp": "soon"}),
        (body, {}),
        signed({**send, "team": {"id": "T0OTHER"}}),
    ]

    assert [post(client, hook, *one).status_code for one in wrong] == [403] * len(wrong)
    assert fresh(ask).state == "queued"


def test_another_address_is_none(client, slack, hook, ts, ana_there):
    body, headers = signed(pressed(slack, ana_there, ts, "ask:send", value="x"))

    assert post(client, hook[:-4] + "AAAA", body, headers).status_code == 404
    assert client.get(hook.partition("8000")[2]).status_code == 405


@pytest.mark.parametrize("payload", [[], "text", {}, {"type": "block_actions"}, {"type": 7, "user": [], "actions": 3}])
def test_whatever_is_signed_and_makes_no_sense_changes_nothing(client, hook, ask, payload):
    if isinstance(payload, dict):
        payload = {**payload, "team": {"id": "T0ACME"}}

    answer = post(client, hook, *signed(payload))

    assert answer.status_code in (200, 400)
    assert fresh(ask).state == "queued"


def test_a_colleague_in_slack_does_not_press_anas_buttons(acme, slack, ask, press):
    with workspace_scope(acme.pk):
        ben = make.MemberFactory(workspace=acme, user__email="ben@acme.example")
        acme.slack_people.create(member=ben, email=ben.email, slack_id="U0BEN", looked_up_at=timezone.now())

    press("ask:send", user="U0BEN")
    press("ask:send", user="U0NOBODY")

    assert (fresh(ask).state, slack.whispers) == ("queued", [])


def test_who_may_not_send_is_told_so(acme, ana, slack, ask, press):
    with workspace_scope(acme.pk):
        acme.members.filter(pk=ana.pk).update(role="analyst")

    press("ask:send")

    assert fresh(ask).state == "queued"
    assert slack.whispers == ["As analyst you can't do this. An owner or admin can."]


def test_who_has_left_the_team_does_nothing(acme, ana, ask, press):
    with workspace_scope(acme.pk):
        acme.members.filter(pk=ana.pk).update(is_active=False)

    press("ask:send")

    assert fresh(ask).state == "queued"


def test_the_gate_holds_in_slack_too(acme, slack, ask, press):
    with workspace_scope(acme.pk):
        make.HoldFactory(workspace=acme, company=ask.contact.company, reason="escalated_ticket")

    press("ask:send")

    assert fresh(ask).state == "queued"
    assert "escalated" in slack.whispers[0]


def test_a_value_of_another_ask_is_not_taken(slack, ask, press):
    other = ask.public_id[:-1] + ("0" if ask.public_id[-1] != "0" else "1")

    press("ask:send", value=f"{other}|x")
    press("ask:send", value="nonsense")

    assert fresh(ask).state == "queued"


def test_the_answer_does_not_wait_for_slack(slack, press, ask):
    slack.calls.clear()

    press("ask:send", follow=False)

    assert (slack.calls, fresh(ask).state) == ([], "sending")


def test_what_is_done_elsewhere_is_shown_in_slack_once(acme, slack, ts, ask, by_ana):
    with workspace_scope(acme.pk):
        asks.skip(ask=ask, reason="I will ask in person", by=by_ana, now=timezone.now())
        assert chat.show_what_became(workspace=acme, now=timezone.now()) == 1
        assert chat.show_what_became(workspace=acme, now=timezone.now()) == 0

    dispatcher.dispatch(acme.pk)

    assert slack.said[ts]["text"] == "Jamie Okafor: skipped. I will ask in person"
    assert slack.methods().count("chat.update") == 1


def test_a_missed_ask_says_so_in_slack(acme, slack, ts, ask):
    with workspace_scope(acme.pk):
        asks.expire_overdue(workspace=acme, now=ask.deadline_at)
        chat.show_what_became(workspace=acme, now=timezone.now())
    dispatcher.dispatch(acme.pk)

    assert slack.said[ts]["text"] == "Jamie Okafor: missed. The 24 hours are over"


def test_a_locked_row_is_not_waited_for_longer_than_slack_waits(client, slack, hook, ts, ana_there, monkeypatch):
    asked = []
    execute = database.execute_wrapper

    def note(run, sql, params, many, context):
        if "lock_timeout" in sql:
            asked.append(params)
        return run(sql, params, many, context)

    with execute(note):
        post(client, hook, *signed(pressed(slack, ana_there, ts, "ask:send", value="x")))

    assert asked == [["1500ms"]]
    assert SECRET not in str(asked)
