from datetime import timedelta

import pytest

from accounts.customers.gate import judge
from accounts.events.models import Event
from accounts.mail.models import Message
from accounts.tenancy.errors import InvalidInput
from referrals.asks import actions as asks
from referrals.asks.errors import AskNotOpen, DraftStopped, LeaveAlone, MailIsLeaving, TooLate
from tests.factories import accounts as make
from tests.factories import referrals as refer
from tests.factories.accounts import NOW

LATER = NOW + timedelta(hours=2)
MINUTE = timedelta(seconds=60)


def test_send_hands_over_in_sixty_seconds(queue, jamie, by_ana):
    ask = asks.send(ask=queue(jamie), by=by_ana, now=LATER)

    message = Message.objects.get()
    assert (ask.state, ask.sent_by_person, ask.send_at) == ("sending", True, LATER + MINUTE)
    assert (message.state, message.due_at) == ("queued", LATER + MINUTE)


def test_send_keeps_the_deadline_that_is_near(queue, jamie, by_ana):
    ask = queue(jamie)

    asks.send(ask=ask, by=by_ana, now=ask.deadline_at - timedelta(seconds=20))

    assert Message.objects.get().due_at == ask.deadline_at


def test_send_twice_is_refused(queue, jamie, by_ana):
    ask = queue(jamie)
    asks.send(ask=ask, by=by_ana, now=LATER)

    with pytest.raises(AskNotOpen):
        asks.send(ask=ask, by=by_ana, now=LATER)


def test_polite_hours_do_not_hold_what_a_person_sends(queue, jamie, by_ana):
    night = NOW.replace(hour=23)

    ask = asks.send(ask=queue(jamie), by=by_ana, now=night)

    assert ask.send_at == night + MINUTE


def test_the_gate_holds_what_a_person_sends(queue, jamie, northwind, by_ana):
    ask = queue(jamie)
    make.HoldFactory(workspace=jamie.workspace, company=northwind, reason="open_ticket")

    with pytest.raises(LeaveAlone) as refused:
        asks.send(ask=ask, by=by_ana, now=LATER)

    assert [reason["code"] for reason in refused.value.extra["reasons"]] == ["open_ticket"]
    ask.refresh_from_db()
    assert (ask.state, ask.sent_by_person) == ("queued", False)


def test_a_manual_ask_gets_its_mail_when_it_is_sent(queue, jamie, program, by_ana):
    program.policy = "manual"
    program.save()
    ask = queue(jamie)
    assert not Message.objects.exists()

    asks.send(ask=ask, by=by_ana, now=LATER)

    assert Message.objects.get().due_at == LATER + MINUTE


def test_a_stopped_draft_is_sent_once_it_is_mended(queue, jamie, by_ana):
    jamie.first_name = ""
    jamie.save()
    ask = queue(jamie)
    with pytest.raises(DraftStopped):
        asks.send(ask=ask, by=by_ana, now=LATER)

    ask = asks.edit(ask=ask, by=by_ana, now=LATER, body="Hi there,\n\nwho else should talk to us?\n\nAna")

    assert (ask.problems, ask.edited_by_person, ask.send_at) == ([], True, ask.planned_send_at)
    assert Message.objects.get().body_text.startswith("Hi there,\n\nwho else should talk to us?")


def test_an_edit_with_a_gap_takes_the_mail_back(queue, jamie, by_ana):
    ask = queue(jamie)

    ask = asks.edit(ask=ask, by=by_ana, now=LATER, body="Hi Jamie, [outcome.summary] was good. {{ outcome.now }}")

    assert [problem["token"] for problem in ask.problems] == ["outcome.now", "outcome.summary"]
    assert ask.send_at is None
    assert Message.objects.get().state == "cancelled"


def test_an_unknown_token_in_an_edit_stops_the_ask(queue, jamie, by_ana):
    ask = asks.edit(ask=queue(jamie), by=by_ana, now=LATER, body="Hi {{ contact.shoe_size }}")

    assert [problem["code"] for problem in ask.problems] == ["unknown_token"]
    assert Message.objects.get().state == "cancelled"


def test_an_edit_fills_in_placeholders_and_changes_the_waiting_mail(queue, jamie, by_ana):
    ask = asks.edit(
        ask=queue(jamie), by=by_ana, now=LATER, subject="One question", body="Hi {{ contact.first_name }}, who?"
    )

    message = Message.objects.get()
    assert (ask.subject, ask.body) == ("One question", "Hi Jamie, who?")
    assert (message.subject, message.body_text.split("\n")[0]) == ("One question", "Hi Jamie, who?")


def test_a_person_may_choose_the_time(queue, jamie, by_ana):
    wanted = NOW + timedelta(hours=6)

    ask = asks.edit(ask=queue(jamie), by=by_ana, now=LATER, send_at=wanted)

    assert (ask.send_at, Message.objects.get().due_at) == (wanted, wanted)


def test_a_time_that_is_over_is_refused(queue, jamie, by_ana):
    with pytest.raises(InvalidInput) as refused:
        asks.edit(ask=queue(jamie), by=by_ana, now=LATER, send_at=NOW)

    assert refused.value.field == "send_at"


def test_undo_brings_back_the_earlier_plan(queue, jamie, by_ana):
    ask = queue(jamie)
    planned = ask.send_at
    asks.send(ask=ask, by=by_ana, now=LATER)

    ask = asks.undo(ask=ask, by=by_ana, now=LATER + timedelta(seconds=30))

    message = Message.objects.get()
    assert (ask.state, ask.sent_by_person, ask.send_at) == ("queued", False, planned)
    assert (message.state, message.due_at, message.expires_at) == ("queued", planned, ask.deadline_at)


def test_undo_of_a_manual_ask_leaves_no_mail(queue, jamie, program, by_ana):
    program.policy = "manual"
    program.save()
    ask = queue(jamie)
    asks.send(ask=ask, by=by_ana, now=LATER)

    ask = asks.undo(ask=ask, by=by_ana, now=LATER)

    assert (ask.state, ask.send_at, Message.objects.get().state) == ("queued", None, "cancelled")
    ask = asks.send(ask=ask, by=by_ana, now=LATER)
    assert (ask.state, Message.objects.get().state) == ("sending", "queued")


def test_undo_is_too_late_once_the_mail_is_being_handed_over(queue, jamie, by_ana):
    ask = queue(jamie)
    asks.send(ask=ask, by=by_ana, now=LATER)
    Message.objects.update(state="sending", handed_at=LATER)

    with pytest.raises(MailIsLeaving):
        asks.undo(ask=ask, by=by_ana, now=LATER)


def test_skip_keeps_the_reason_and_takes_the_mail_back(queue, jamie, by_ana):
    ask = asks.skip(ask=queue(jamie), reason="We meet on Friday", by=by_ana, now=LATER)

    jamie.refresh_from_db()
    assert (ask.state, ask.ended_reason, Message.objects.get().state) == ("skipped", "We meet on Friday", "cancelled")
    assert jamie.asked_at is None
    assert Event.objects.filter(type="ask.skipped").count() == 1


def test_skip_is_refused_once_it_was_sent(queue, jamie, by_ana, settled):
    ask = queue(jamie)
    settled(ask.message, "sent")

    with pytest.raises(AskNotOpen):
        asks.skip(ask=ask, reason="too late", by=by_ana, now=LATER)


def test_a_call_counts_as_sent_and_keeps_the_mail_home(queue, jamie, program, by_ana):
    program.policy = "call_first"
    program.save()

    ask = asks.send(ask=queue(jamie), by=by_ana, now=LATER)

    jamie.refresh_from_db()
    assert (ask.state, ask.channel, ask.sent_at, ask.sent_by_person) == ("sent", "call", LATER, True)
    assert Message.objects.get().state == "cancelled"
    assert (jamie.rest.until, jamie.rest.reason) == (LATER + timedelta(days=180), "silence")


def test_a_missed_ask_may_be_sent_by_hand_for_two_days(queue, jamie, by_ana):
    ask = queue(jamie)
    missed = ask.deadline_at + timedelta(hours=1)
    asks.expire_overdue(workspace=jamie.workspace, now=missed)

    ask = asks.send(ask=ask, by=by_ana, now=missed)

    message = Message.objects.get()
    assert (ask.state, message.state, message.due_at) == ("sending", "queued", missed + MINUTE)
    assert message.expires_at == ask.deadline_at + timedelta(hours=48)


def test_after_two_days_a_missed_ask_is_too_old(queue, jamie, by_ana):
    ask = queue(jamie)
    asks.expire_overdue(workspace=jamie.workspace, now=ask.deadline_at)

    with pytest.raises(TooLate):
        asks.send(ask=ask, by=by_ana, now=ask.deadline_at + timedelta(hours=48))


def test_a_missed_ask_is_not_sent_beside_another(queue, jamie, by_ana):
    ask = queue(jamie)
    asks.expire_overdue(workspace=jamie.workspace, now=ask.deadline_at)
    refer.AskFactory(link=ask.link)

    with pytest.raises(AskNotOpen):
        asks.send(ask=ask, by=by_ana, now=ask.deadline_at)


def test_a_colleague_who_was_asked_meanwhile_does_not_stop_a_queued_ask(queue, jamie, northwind, by_ana):
    ask = queue(jamie)
    make.ContactFactory(workspace=jamie.workspace, company=northwind, asked_at=NOW)
    verdict = judge(workspace=jamie.workspace, contact=jamie, purpose="asks", now=LATER)
    assert [reason.code for reason in verdict.reasons] == ["company_cap"]

    assert asks.send(ask=ask, by=by_ana, now=LATER).state == "sending"
