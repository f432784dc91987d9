from datetime import timedelta

import pytest

from accounts.mail.models import Message
from accounts.tenancy.errors import InvalidInput
from referrals.asks import actions as asks
from referrals.asks.errors import AskNotOpen, EnoughForToday, LeaveAlone, NoProgram
from tests.factories import accounts as make
from tests.factories import feedback as said
from tests.factories.accounts import NOW


@pytest.fixture
def said_long_ago(jamie):
    at = NOW - timedelta(days=40)
    return said.ResponseFactory(contact=jamie, score=9, responded_at=at, received_at=at)


def test_a_person_asks_without_a_clock_and_the_text_says_when_they_said_it(
    in_acme, jamie, program, said_long_ago, by_ana
):
    ask = asks.ask_by_hand(workspace=in_acme, contact=jamie, by=by_ana, now=NOW)

    assert (ask.state, ask.policy, ask.send_at, ask.has_clock) == ("queued", "manual", None, False)
    assert "you gave us a 9 on October 8." in ask.body
    assert ask.moment.kind == "manual"
    assert not Message.objects.exists()
    assert asks.give_notices(workspace=in_acme, now=NOW) == 0


def test_a_draft_by_hand_leaves_when_it_is_sent(in_acme, jamie, program, said_long_ago, by_ana):
    ask = asks.ask_by_hand(workspace=in_acme, contact=jamie, by=by_ana, now=NOW)

    asks.send(ask=ask, by=by_ana, now=NOW + timedelta(days=3))

    assert Message.objects.get().due_at == NOW + timedelta(days=3, seconds=60)


def test_a_draft_nobody_sends_lapses_without_being_called_missed(in_acme, jamie, program, said_long_ago, by_ana):
    ask = asks.ask_by_hand(workspace=in_acme, contact=jamie, by=by_ana, now=NOW)

    asks.expire_overdue(workspace=in_acme, now=NOW + timedelta(days=14))

    ask.refresh_from_db()
    assert (ask.state, ask.ended_reason) == ("skipped", "Nobody sent it")


def test_the_gate_is_asked_first_and_may_be_overruled(in_acme, jamie, northwind, program, said_long_ago, by_ana):
    northwind.trial = True
    northwind.save()
    with pytest.raises(LeaveAlone) as refused:
        asks.ask_by_hand(workspace=in_acme, contact=jamie, by=by_ana, now=NOW)
    assert [reason["code"] for reason in refused.value.extra["reasons"]] == ["trial"]

    ask = asks.ask_by_hand(workspace=in_acme, contact=jamie, by=by_ana, now=NOW, override=["trial"])

    assert asks.send(ask=ask, by=by_ana, now=NOW).state == "sending"


def test_somebody_who_is_being_asked_is_not_asked_again(in_acme, queue, jamie, by_ana):
    queue(jamie)

    with pytest.raises(AskNotOpen):
        asks.ask_by_hand(workspace=in_acme, contact=jamie, by=by_ana, now=NOW)


def test_only_some_are_asked_by_hand_a_day(in_acme, jamie, program, said_long_ago, by_ana):
    in_acme.warm_start_per_day = 1
    in_acme.save()
    asks.ask_by_hand(workspace=in_acme, contact=jamie, by=by_ana, now=NOW)
    other = make.ContactFactory(workspace=in_acme)

    with pytest.raises(EnoughForToday):
        asks.ask_by_hand(workspace=in_acme, contact=other, by=by_ana, now=NOW)
    assert asks.ask_by_hand(workspace=in_acme, contact=other, by=by_ana, now=NOW + timedelta(days=1)).state == "queued"


def test_without_a_program_nobody_is_asked(in_acme, jamie, by_ana):
    with pytest.raises(NoProgram):
        asks.ask_by_hand(workspace=in_acme, contact=jamie, by=by_ana, now=NOW)


def test_an_ask_made_elsewhere_counts_for_the_rest_and_takes_back_the_queued_one(in_acme, queue, jamie, by_ana):
    queued = queue(jamie)
    made_at = NOW - timedelta(hours=3)

    ask = asks.log_elsewhere(workspace=in_acme, contact=jamie, made_at=made_at, channel="elsewhere", by=by_ana, now=NOW)

    jamie.refresh_from_db()
    queued.refresh_from_db()
    assert (ask.state, ask.channel, ask.sent_at) == ("sent", "elsewhere", made_at)
    assert (queued.state, Message.objects.get().state) == ("skipped", "cancelled")
    assert (jamie.asked_at, jamie.rest.until) == (made_at, made_at + timedelta(days=180))


def test_an_ask_from_the_future_is_refused(in_acme, jamie, program, by_ana):
    with pytest.raises(InvalidInput):
        asks.log_elsewhere(
            workspace=in_acme, contact=jamie, made_at=NOW + timedelta(hours=1), channel="call", by=by_ana, now=NOW
        )
