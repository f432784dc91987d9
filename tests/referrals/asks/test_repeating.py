"""Asks in the outbox: a person lets a mail go out once more, where the gate and the clock agree."""

from datetime import timedelta

import pytest

from accounts.mail import actions as mail
from accounts.mail import confirming, outbox
from accounts.mail.errors import MailMovedOn
from accounts.mail.models import Message
from accounts.tenancy.errors import InvalidInput
from referrals.asks import actions as asks
from referrals.asks.errors import AskNotOpen, LeaveAlone, MailIsLeaving, TooLate
from tests.factories import accounts as make
from tests.factories.accounts import NOW

LATER = NOW + timedelta(hours=6)


@pytest.fixture
def again(by_ana):
    def again(ask, *, now=LATER, message=None):
        about = message or ask.message
        confirming.send_again(workspace=ask.workspace, message=about, by=by_ana, now=now)
        ask.refresh_from_db()
        return ask

    return again


@pytest.fixture
def failed(queue, jamie, settled):
    ask = queue(jamie)
    settled(ask.message, "failed", error="550 No such user")
    ask.refresh_from_db()
    return ask


@pytest.fixture
def unconfirmed(queue, jamie, settled):
    ask = queue(jamie)
    settled(ask.message, "unconfirmed")
    ask.refresh_from_db()
    return ask


def rows_of(workspace, tab, now=LATER):
    return outbox.leaf(workspace=workspace, tab=tab, search="", before="", now=now).rows


def test_a_mail_that_came_back_goes_to_the_corrected_address(jamie, failed, again, by_ana):
    jamie.email = jamie.email_normalized = "jamie.okafor@northwind.example"
    jamie.save()

    ask = again(failed)

    message = Message.objects.get()
    assert (ask.state, ask.send_at, ask.sent_by_person) == ("sending", LATER + timedelta(seconds=60), True)
    assert (message.state, message.to_email, message.due_at) == ("queued", jamie.email, ask.send_at)
    assert bytes(message.email_hash) == mail.email_hash(jamie.email)
    jamie.refresh_from_db()
    assert jamie.asked_at == ask.queued_at

    asks.undo(ask=ask, by=by_ana, now=LATER + timedelta(seconds=30))

    message.refresh_from_db()
    assert message.due_at != ask.send_at


def test_the_gate_is_asked_again(failed, northwind, again):
    make.HoldFactory(workspace=northwind.workspace, company=northwind)

    with pytest.raises(LeaveAlone):
        again(failed)
    assert Message.objects.get().state == "failed"


def test_without_an_address_nothing_goes_out(jamie, failed, again):
    jamie.email = jamie.email_normalized = ""
    jamie.save()

    with pytest.raises(InvalidInput, match="no address of Jamie"):
        again(failed)


def test_two_days_after_the_deadline_it_is_not_offered_and_not_done(in_acme, unconfirmed, again):
    end = unconfirmed.deadline_at + timedelta(hours=48)

    assert [row.may_repeat for row in rows_of(in_acme, "unconfirmed", end - timedelta(seconds=1))] == [True]
    assert [row.may_repeat for row in rows_of(in_acme, "unconfirmed", end)] == [False]
    with pytest.raises(TooLate):
        again(unconfirmed, now=end)


def test_proof_that_came_first_wins_over_sending_again(unconfirmed, again):
    Message.objects.update(state="sent", sent_at=NOW)

    with pytest.raises(MailMovedOn):
        again(unconfirmed)


def test_proof_that_comes_between_the_look_and_the_lock_wins_as_well(unconfirmed, by_ana):
    Message.objects.update(state="sent", sent_at=NOW)

    with pytest.raises(MailIsLeaving):
        asks.send_again(ask=unconfirmed, by=by_ana, now=LATER)


def test_pressed_twice_it_goes_once(unconfirmed, again):
    again(unconfirmed)
    ask = again(unconfirmed, now=LATER + timedelta(seconds=5))

    assert ask.send_at == LATER + timedelta(seconds=60)


def test_the_outbox_knows_the_ask_behind_a_mail(in_acme, unconfirmed, jamie):
    [row] = rows_of(in_acme, "unconfirmed")

    assert row.belonging.label == "Ask to Jamie Okafor"
    assert row.belonging.url == f"/app/acme/asks/{unconfirmed.public_id}"
    assert row.belonging.undo_url == f"/app/acme/today/asks/{unconfirmed.public_id}/undo"
    assert (row.belonging.contact_id, row.may_confirm, row.may_repeat) == (jamie.pk, True, True)


def test_what_a_person_decided_stands_on_the_timeline_of_the_customer(in_acme, unconfirmed, jamie, by_ana):
    confirming.confirm_arrival(workspace=in_acme, message=unconfirmed.message, by=by_ana, now=LATER)

    decided = in_acme.events.get(type="message.confirmed")
    assert (decided.contact_id, decided.actor_id) == (jamie.pk, by_ana.id)


@pytest.fixture
def reminded(in_acme, queue, jamie, settled):
    ask = queue(jamie)
    settled(ask.message, "sent", at=LATER)
    asks.remind_due(workspace=in_acme, now=LATER + timedelta(days=7))
    ask.refresh_from_db()
    settled(ask.reminder, "unconfirmed")
    return ask


def test_a_reminder_nobody_heard_of_goes_out_again(in_acme, reminded, again):
    now = LATER + timedelta(days=8)
    assert [row.may_repeat for row in rows_of(in_acme, "unconfirmed", now)] == [True]

    again(reminded, message=reminded.reminder, now=now)

    reminded.reminder.refresh_from_db()
    assert (reminded.reminder.state, reminded.reminder.due_at) == ("queued", now + timedelta(seconds=60))
    assert reminded.state == "sent"


def test_a_reminder_is_not_repeated_once_they_answered_or_are_unhappy(reminded, again, northwind, by_jamie):
    make.HoldFactory(workspace=northwind.workspace, company=northwind)
    with pytest.raises(LeaveAlone):
        again(reminded, message=reminded.reminder)

    asks.answer(ask=reminded, answer="introduced", by=by_jamie, now=LATER)
    with pytest.raises(AskNotOpen):
        again(reminded, message=reminded.reminder)
