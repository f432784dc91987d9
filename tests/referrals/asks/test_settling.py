from datetime import timedelta

import pytest

from accounts.events.models import Event
from accounts.mail import confirming
from accounts.mail.models import Message
from referrals.asks import actions as asks
from tests.factories.accounts import NOW

SENT = NOW + timedelta(hours=5)


def test_a_sent_mail_makes_the_ask_sent_and_starts_the_rest(queue, jamie, settled):
    ask = queue(jamie)

    settled(ask.message, "sent", at=SENT)

    ask.refresh_from_db()
    jamie.refresh_from_db()
    assert (ask.state, ask.sent_at, ask.sent_by_person) == ("sent", SENT, False)
    assert ask.reminder_due_at == SENT + timedelta(days=7)
    assert (jamie.rest.until, jamie.rest.reason) == (SENT + timedelta(days=180), "silence")
    assert Event.objects.filter(type="ask.sent", subject_id=ask.pk).count() == 1


@pytest.mark.parametrize(
    ("state", "error", "ends", "event"),
    [
        ("failed", "550 no such user", "failed", "ask.failed"),
        ("cancelled", "suppressed", "skipped", "ask.skipped"),
    ],
)
def test_a_mail_that_never_arrived_does_not_count_as_an_ask(queue, jamie, settled, state, error, ends, event):
    ask = queue(jamie)

    settled(ask.message, state, error=error)

    ask.refresh_from_db()
    jamie.refresh_from_db()
    assert (ask.state, bool(ask.ended_reason), ask.send_at) == (ends, True, None)
    assert (jamie.asked_at, hasattr(jamie, "rest")) == (None, False)
    assert Event.objects.filter(type=event, subject_id=ask.pk).count() == 1


def test_an_unconfirmed_mail_blocks_until_a_person_knows(queue, jamie, settled, by_ana):
    ask = queue(jamie)
    settled(ask.message, "unconfirmed")
    ask.refresh_from_db()
    assert ask.state == "unconfirmed"

    confirming.confirm_arrival(workspace=jamie.workspace, message=ask.message, by=by_ana, now=SENT)

    ask.refresh_from_db()
    assert (ask.state, Message.objects.get().state) == ("sent", "sent")


def test_an_unconfirmed_mail_may_go_out_again(queue, jamie, settled, by_ana):
    ask = queue(jamie)
    settled(ask.message, "unconfirmed")

    confirming.send_again(workspace=jamie.workspace, message=ask.message, by=by_ana, now=SENT)

    ask.refresh_from_db()
    message = Message.objects.get()
    assert (ask.state, message.state, message.due_at) == ("sending", "queued", SENT + timedelta(seconds=60))


def test_proof_that_comes_later_settles_an_unconfirmed_mail(queue, jamie, settled):
    ask = queue(jamie)
    settled(ask.message, "unconfirmed")

    settled(ask.message, "sent", at=SENT)

    ask.refresh_from_db()
    assert (ask.state, ask.sent_at) == ("sent", SENT)


def test_who_answered_while_the_mail_left_stays_answered(queue, jamie, settled, by_jamie):
    ask = queue(jamie)
    Message.objects.update(state="sending", handed_at=NOW)
    asks.answer(ask=ask, answer="introduced", by=by_jamie, now=NOW)

    settled(ask.message, "sent", at=SENT)

    ask.refresh_from_db()
    jamie.refresh_from_db()
    assert (ask.state, ask.answer, ask.sent_at) == ("answered", "introduced", SENT)
    assert jamie.rest.reason == "answered"


def test_an_outcome_nobody_heard_of_is_taken_up_later(in_acme, queue, jamie):
    ask = queue(jamie)
    Message.objects.update(state="sent", sent_at=SENT)

    assert asks.settle_left(workspace=in_acme, now=SENT + timedelta(minutes=1)) == 1
    assert asks.settle_left(workspace=in_acme, now=SENT + timedelta(minutes=1)) == 0

    ask.refresh_from_db()
    assert (ask.state, ask.sent_at) == ("sent", SENT)


def test_a_mail_we_took_back_ourselves_is_no_outcome(in_acme, queue, jamie, by_ana):
    ask = asks.edit(ask=queue(jamie), by=by_ana, now=NOW, body="[outcome.summary]")
    assert ask.message.state is not None

    assert asks.settle_left(workspace=in_acme, now=SENT) == 0


def test_a_mail_taken_back_after_a_failed_try_leaves_its_ask_on_the_desk(queue, jamie, in_acme, by_ana):
    """The mail server was away at the first try; then a person changed the draft so that it needs a hand."""
    ask = queue(jamie)
    Message.objects.update(error="ConnectionRefusedError: [Errno 111] Connection refused")

    ask = asks.edit(ask=ask, body="Hi [contact.first_name], one gap is left.", by=by_ana, now=NOW)
    changed = asks.settle_left(workspace=in_acme, now=SENT)

    ask.refresh_from_db()
    assert (ask.state, ask.send_at, ask.problems != []) == ("queued", None, True)
    assert (Message.objects.get().state, Message.objects.get().error, changed) == ("cancelled", "", 0)
