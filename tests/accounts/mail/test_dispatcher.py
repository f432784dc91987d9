import datetime

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.mail import actions, claims, dispatcher
from accounts.mail.models import Message
from accounts.tenancy.scope import workspace_scope


def lease_runs_out(workspace):
    with workspace_scope(workspace.pk):
        workspace.messages.update(lease_until=timezone.now() - datetime.timedelta(seconds=1))


def test_due_mail_reaches_the_server_once_and_is_recorded_with_its_signal(acme, sink, post, states, settled):
    post(acme)
    post(acme, "later@northwind.example", due_in=600)

    dispatcher.dispatch(acme.pk)
    dispatcher.dispatch(acme.pk)

    assert [(one.sender, one.recipients) for one in sink.taken] == [("ana@acme.example", ["jamie@northwind.example"])]
    assert states(acme) == {"jamie@northwind.example": ("sent", ""), "later@northwind.example": ("queued", "")}
    assert settled == [("ask:jamie@northwind.example", "sent", "")]
    with workspace_scope(acme.pk):
        message = acme.messages.get(state="sent")
    assert message.transport == "smtp"
    assert abs(message.sent_at - timezone.now()) < datetime.timedelta(seconds=20)


def test_asks_leave_before_everything_else_and_a_batch_is_bounded(acme, sink, post):
    post(acme, "notice@acme.example", kind="notice", due_in=-500)
    post(acme, "ask@northwind.example", kind="ask", due_in=-1)

    handed = dispatcher.dispatch(acme.pk, limit=1)

    assert handed == 1
    assert [one.recipients for one in sink.taken] == [["ask@northwind.example"]]


def test_several_mails_share_one_connection(acme, sink, post):
    for number in range(3):
        post(acme, f"jamie{number}@northwind.example")

    dispatcher.dispatch(acme.pk)

    assert len(sink.taken) == 3
    assert len({one.connection for one in sink.taken}) == 1


def test_expired_and_suppressed_mail_stays_here_and_says_so(acme, sink, post, states, settled):
    post(acme, "old@northwind.example", expires_in=-1)
    post(acme, "no-asks@northwind.example")
    post(acme, "nothing@northwind.example", kind="thanks")
    post(acme, "no-asks@northwind.example", kind="survey")
    post(acme, "Nothing@northwind.example", kind="notice")
    with workspace_scope(acme.pk):
        actions.suppress(workspace=acme, email="No-Asks@northwind.example", purpose="asks", reason="asked")
        actions.suppress(workspace=acme, email="nothing@northwind.example", purpose="all", reason="asked")

    dispatcher.dispatch(acme.pk)

    assert sorted(settled) == [
        ("ask:no-asks@northwind.example", "cancelled", "suppressed"),
        ("ask:old@northwind.example", "cancelled", "expired"),
        ("notice:Nothing@northwind.example", "sent", ""),
        ("survey:no-asks@northwind.example", "sent", ""),
        ("thanks:nothing@northwind.example", "cancelled", "suppressed"),
    ]
    assert len(sink.taken) == 2


def test_a_suppression_of_another_workspace_stops_nothing_here(acme, globex, sink, post):
    with workspace_scope(globex.pk):
        actions.suppress(workspace=globex, email="jamie@northwind.example", purpose="all", reason="asked")
    post(acme)

    dispatcher.dispatch(acme.pk)

    assert len(sink.taken) == 1


def test_a_mail_taken_back_does_not_leave(acme, sink, post):
    message = post(acme)
    with workspace_scope(acme.pk):
        assert actions.cancel(workspace=acme, message_id=message.pk) is True

    assert dispatcher.dispatch(acme.pk) == 0
    assert sink.taken == []


def test_a_claimed_mail_cannot_be_taken_back(acme, sink, post):
    message = post(acme)
    claims.claim(acme, limit=1, transport="smtp")

    with workspace_scope(acme.pk):
        assert actions.cancel(workspace=acme, message_id=message.pk) is False


def test_a_slow_server_gets_no_more_of_a_batch_and_the_rest_waits_in_the_queue(acme, sink, post, states, monkeypatch):
    monkeypatch.setattr(dispatcher, "_PATIENCE_S", 0.3)
    sink.reply_after_s = 0.2
    for number in range(8):
        post(acme, f"jamie{number}@northwind.example")

    dispatcher.dispatch(acme.pk)

    taken = len(sink.taken)
    assert 1 <= taken < 8
    found = [state for state, _error in states(acme).values()]
    assert (found.count("sent"), found.count("queued")) == (taken, 8 - taken)
    with workspace_scope(acme.pk):
        assert set(acme.messages.filter(state="queued").values_list("attempts", "handed_at")) == {(0, None)}


def test_a_permanent_refusal_fails_with_the_servers_words_and_the_next_mail_goes(acme, sink, post, states):
    sink.refuse["gone@northwind.example"] = "550 No such person here"
    sink.refuse_content["spam@northwind.example"] = "554 We do not like this"
    for address in ["gone@northwind.example", "spam@northwind.example", "jamie@northwind.example"]:
        post(acme, address)

    dispatcher.dispatch(acme.pk)

    assert states(acme) == {
        "gone@northwind.example": ("failed", "550 No such person here"),
        "spam@northwind.example": ("failed", "554 We do not like this"),
        "jamie@northwind.example": ("sent", ""),
    }


def test_a_temporary_refusal_waits_longer_each_time_and_leaves_in_the_end(acme, sink, post, states, settled):
    sink.refuse["jamie@northwind.example"] = "451 Greylisted"
    message = post(acme)
    waits = []
    for _try in range(3):
        dispatcher.dispatch(acme.pk)
        with workspace_scope(acme.pk):
            message.refresh_from_db()
            waits.append(round((message.due_at - timezone.now()).total_seconds() / 10) * 10)
            acme.messages.update(due_at=timezone.now())
    assert (message.state, message.error, message.attempts) == ("queued", "451 Greylisted", 3)
    assert waits == [30, 60, 120]
    assert settled == []

    sink.refuse.clear()
    dispatcher.dispatch(acme.pk)

    assert states(acme) == {"jamie@northwind.example": ("sent", "")}
    assert len(sink.taken) == 1


def test_without_a_server_everything_waits_and_nothing_is_lost(acme, settings, post, states, settled):
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    post(acme)
    post(acme, "kim@northwind.example")

    dispatcher.dispatch(acme.pk)

    refused = ("queued", "ConnectionRefusedError: [Errno 111] Connection refused")
    assert states(acme) == {"jamie@northwind.example": refused, "kim@northwind.example": refused}
    assert settled == []


def test_a_mail_that_makes_the_server_hang_up_does_not_hold_up_the_others(acme, sink, post, states):
    sink.hang_up_at_rcpt.add("poison@northwind.example")
    post(acme, "poison@northwind.example", due_in=-9)
    post(acme, "jamie@northwind.example")

    dispatcher.dispatch(acme.pk)

    assert {address: state for address, (state, _error) in states(acme).items()} == {
        "poison@northwind.example": "queued",
        "jamie@northwind.example": "sent",
    }


def test_a_lost_reply_is_unconfirmed_and_never_repeated(acme, sink, post, states, settled):
    sink.drop_reply.add("jamie@northwind.example")
    post(acme)

    for _tick in range(3):
        dispatcher.dispatch(acme.pk)
        lease_runs_out(acme)

    assert states(acme)["jamie@northwind.example"][0] == "unconfirmed"
    assert [(key, state) for key, state, _error in settled] == [("ask:jamie@northwind.example", "unconfirmed")]
    assert len(sink.taken) == 1


def test_what_a_dead_worker_had_claimed_is_unconfirmed_and_the_rest_leaves(acme, sink, post, states):
    post(acme, "claimed@northwind.example", due_in=-9)
    post(acme, "waiting@northwind.example")
    claims.claim(acme, limit=1, transport="smtp")
    lease_runs_out(acme)

    assert dispatcher.workspaces_with_due_messages() == [acme.pk]
    dispatcher.dispatch(acme.pk)

    assert states(acme) == {
        "claimed@northwind.example": ("unconfirmed", "The worker died before the answer came."),
        "waiting@northwind.example": ("sent", ""),
    }
    assert [one.recipients for one in sink.taken] == [["waiting@northwind.example"]]


def test_a_worker_that_wakes_after_its_lease_hands_nothing_over(acme, sink, post):
    post(acme)
    claimed = claims.claim(acme, limit=1, transport="smtp")
    lease_runs_out(acme)
    dispatcher.dispatch(acme.pk)

    assert claims.look_again(acme, claimed) == set()
    assert sink.taken == []


def test_a_failing_receiver_loses_only_its_own_work(acme, sink, post, states, caplog):
    from accounts.mail.signals import messages_settled

    def fail(**kwargs):
        with transaction.atomic():
            raise ValueError("receiver")

    messages_settled.connect(fail, weak=False)
    try:
        post(acme)
        dispatcher.dispatch(acme.pk)
    finally:
        messages_settled.disconnect(fail)

    assert states(acme) == {"jamie@northwind.example": ("sent", "")}
    assert "A receiver of messages_settled failed" in caplog.text


def test_mail_inside_a_transaction_is_refused(acme, sink, post, states):
    post(acme)

    with transaction.atomic(), pytest.raises(RuntimeError, match="commit first"):
        dispatcher.dispatch(acme.pk)

    assert states(acme) == {"jamie@northwind.example": ("queued", "")}
    assert sink.taken == []


def test_a_suspended_workspace_sends_nothing(acme, sink, post):
    post(acme)
    acme.state = "suspended"
    acme.save()

    assert dispatcher.workspaces_with_due_messages() == []
    dispatcher.dispatch(acme.pk)

    assert sink.taken == []


def test_the_same_key_is_queued_once_and_the_first_words_stay(acme, post):
    first = post(acme, subject="First")
    second = post(acme, subject="Second")

    assert (second.pk, second.subject) == (first.pk, "First")
    with workspace_scope(acme.pk):
        assert Message.objects.count() == 1
        assert Message.objects.get().created_at == first.created_at


def test_queue_costs_one_statement(acme, post, django_assert_num_queries):
    with workspace_scope(acme.pk), django_assert_num_queries(5):  # four are the nested scope's
        post(acme)
