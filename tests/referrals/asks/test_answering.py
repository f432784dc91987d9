from datetime import timedelta

import pytest
from django.db import transaction

from accounts.events.models import Event
from accounts.mail.models import Message
from accounts.tenancy.actor import SYSTEM
from feedback.responses.signals import low_answer_recorded
from referrals.asks import actions as asks
from referrals.asks.errors import AskNotOpen
from referrals.asks.models import Ask
from tests.factories import feedback as said
from tests.factories.accounts import NOW

LATER = NOW + timedelta(minutes=2)


@pytest.mark.parametrize(
    ("answer", "days", "reason"),
    [
        ("introduced", 90, "answered"),
        ("shared", 90, "answered"),
        ("already_referred", 90, "answered"),
        ("wrong_person", 90, "answered"),
        ("snoozed", 90, "snoozed"),
        ("declined", 365, "declined"),
        ("not_allowed", 365, "declined"),
    ],
)
def test_an_answer_takes_the_mail_back_and_lets_them_rest(queue, jamie, by_jamie, answer, days, reason):
    jamie.silences = 1
    jamie.save()

    ask = asks.answer(ask=queue(jamie), answer=answer, by=by_jamie, now=LATER)

    jamie.refresh_from_db()
    assert (ask.state, ask.answer, ask.answered_at, ask.channel) == ("answered", answer, LATER, "same_breath")
    assert Message.objects.get().state == "cancelled"
    assert (jamie.rest.until, jamie.rest.reason, jamie.silences) == (LATER + timedelta(days=days), reason, 0)
    assert Event.objects.get(type="ask.answered").data["answer"] == answer


@pytest.mark.parametrize("state", ["sent", "unconfirmed"])
def test_an_answer_to_the_mail_ends_the_reminder(queue, jamie, by_jamie, settled, state):
    ask = queue(jamie)
    settled(ask.message, state)

    ask = asks.answer(ask=ask, answer="introduced", by=by_jamie, now=LATER)

    assert (ask.state, ask.channel, ask.reminder_due_at) == ("answered", "mail", None)


def test_a_warmer_answer_replaces_a_cooler_one_and_not_the_other_way(queue, jamie, by_jamie):
    ask = asks.answer(ask=queue(jamie), answer="shared", by=by_jamie, now=LATER)

    introduced = asks.answer(ask=ask, answer="introduced", by=by_jamie, now=LATER)
    declined = asks.answer(ask=ask, answer="declined", by=by_jamie, now=LATER)

    assert (introduced.answer, declined.answer) == ("introduced", "introduced")


def test_a_skipped_ask_takes_no_answer(queue, jamie, by_ana, by_jamie):
    ask = asks.skip(ask=queue(jamie), reason="not now", by=by_ana, now=LATER)

    with pytest.raises(AskNotOpen):
        asks.answer(ask=ask, answer="shared", by=by_jamie, now=LATER)


def test_a_low_answer_cancels_in_the_same_transaction(in_acme, queue, jamie):
    ask = queue(jamie)
    low = said.ResponseFactory(contact=jamie, score=3, category="detractor", is_high=False, is_low=True)

    undone = transaction.savepoint()
    low_answer_recorded.send_robust(None, workspace=in_acme, contact=jamie, response=low, by=SYSTEM, now=LATER)
    after = (Ask.objects.get().state, Message.objects.get(kind="ask").state)
    transaction.savepoint_rollback(undone)

    assert after == ("skipped", "cancelled")
    assert (Ask.objects.get(), Ask.objects.get().state, Message.objects.get(kind="ask").state) == (
        ask,
        "queued",
        "queued",
    )


def test_a_low_answer_cancels_a_mail_that_was_just_sent_and_the_reminder(in_acme, queue, jamie, by_ana):
    asks.send(ask=queue(jamie), by=by_ana, now=LATER)

    cancelled = asks.cancel_for(workspace=in_acme, contact=jamie, reason="A low answer", by=SYSTEM, now=LATER)

    ask = Ask.objects.get()
    assert (cancelled, ask.state, ask.ended_reason) == (1, "skipped", "A low answer")
    assert Message.objects.get().state == "cancelled"


def test_a_reminder_in_the_outbox_is_taken_back(in_acme, queue, jamie, settled):
    ask = queue(jamie)
    settled(ask.message, "sent")
    ask.refresh_from_db()
    asks.remind_due(workspace=in_acme, now=ask.reminder_due_at)
    ask.refresh_from_db()
    assert ask.reminder.state == "queued"

    asks.cancel_for(workspace=in_acme, contact=jamie, reason="A low answer", by=SYSTEM, now=LATER)

    ask.reminder.refresh_from_db()
    assert ask.reminder.state == "cancelled"


def test_a_mail_that_is_leaving_is_recorded_as_it_is(in_acme, queue, jamie):
    queue(jamie)
    Message.objects.update(state="sending", handed_at=LATER)

    assert asks.cancel_for(workspace=in_acme, contact=jamie, reason="A low answer", by=SYSTEM, now=LATER) == 0
    assert Ask.objects.get().state == "queued"
