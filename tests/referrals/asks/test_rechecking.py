"""After an outage the gate, the company's allowance and polite hours hold again (product.md 2.9). Acme is in Berlin."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.events.models import Event
from accounts.mail.models import Message
from referrals.asks import actions as asks
from referrals.asks.errors import LeaveAlone, TooLate
from tests.factories import accounts as make
from tests.factories import referrals as refer
from tests.factories.accounts import NOW

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def berlin(day, hour, minute=0):
    """A time of November 2026 in Berlin; the 17th is a Tuesday."""
    return NOW.replace(day=day, hour=hour - 1, minute=minute)


def ten_sent_by_people(program):
    for _ in range(10):
        link = refer.LinkFactory(contact=make.ContactFactory(workspace=program.workspace), program=program)
        refer.AskFactory(link=link, state="sent", sent_by_person=True, sent_at=NOW - timedelta(days=200))


@pytest.fixture
def automatic(program):
    program.policy = "automatic"
    program.save()
    return program


@pytest.fixture
def stood_still(in_acme, settled):
    """`stood_still(ask, until)`: nothing ran until then; what expired is ended, then asks have their tick."""

    def stood_still(ask, until):
        if ask.message and ask.message.expires_at <= until:
            settled(ask.message, "cancelled", error="expired", at=until)
        asks.recheck_due(workspace=in_acme, now=until)
        asks.expire_overdue(workspace=in_acme, now=until)
        ask.refresh_from_db()
        ask.message.refresh_from_db()
        return ask

    return stood_still


def test_what_is_judged_again_may_leave_and_what_was_judged_long_ago_may_not(in_acme, queue, jamie):
    ask = queue(jamie)
    assert ask.message.approved_until == NOW + HOUR + 5 * MINUTE

    assert asks.recheck_due(workspace=in_acme, now=ask.send_at) == 0

    ask.message.refresh_from_db()
    assert ask.message.approved_until > timezone.now()


def test_a_mail_kept_past_nightfall_is_planned_anew_before_its_deadline(queue, jamie, automatic, stood_still):
    """A ten on Tuesday 16:00, to leave at once; nothing ran until Wednesday 02:00."""
    ask = queue(jamie, now=berlin(17, 16), responded_at=berlin(17, 16))

    ask = stood_still(ask, berlin(18, 2))

    assert (ask.state, ask.send_at, ask.planned_send_at) == ("queued", berlin(18, 8), berlin(18, 8))
    assert (ask.message.state, ask.message.due_at) == ("queued", berlin(18, 8))
    assert ask.message.expires_at == ask.deadline_at
    assert ask.message.approved_until < berlin(18, 8), "The gate is asked before it leaves."
    assert ask.lost_minute_at == berlin(17, 16)
    assert Event.objects.filter(type="ask.replanned", subject_id=ask.pk).count() == 1
    assert not Event.objects.filter(type="ask.missed").exists()


def test_under_assisted_it_is_planned_by_the_same_rules_as_before(queue, jamie, program, stood_still):
    """Few asks were sent by people, so it leaves at the last polite minute: of Saturday, now that Friday is over."""
    ask = queue(jamie, now=berlin(20, 16), responded_at=berlin(20, 16))
    assert ask.send_at == berlin(20, 17, 59)

    ask = stood_still(ask, berlin(20, 22))

    assert (ask.state, ask.send_at) == ("queued", berlin(21, 15, 59))


def test_where_people_have_sent_ten_it_waits_four_of_the_senders_hours(in_acme, queue, jamie, program, stood_still):
    ten_sent_by_people(program)
    ask = queue(jamie, now=berlin(17, 13), responded_at=berlin(17, 13))
    assert ask.send_at == berlin(17, 17)

    ask = stood_still(ask, berlin(17, 20))

    assert ask.send_at == berlin(18, 12, 59)


def test_without_a_polite_minute_left_it_goes_to_the_desk_as_missed(queue, jamie, automatic, stood_still):
    ask = queue(jamie, now=berlin(17, 16), responded_at=berlin(17, 16) - 9 * HOUR)  # the deadline is 07:00

    ask = stood_still(ask, berlin(17, 20))

    jamie.refresh_from_db()
    assert (ask.state, ask.send_at, ask.message.state, jamie.asked_at) == ("expired", None, "cancelled", None)
    assert Event.objects.filter(type="ask.missed", subject_id=ask.pk).count() == 1


def test_what_missed_its_deadline_is_not_mailed_by_itself(queue, jamie, automatic, stood_still):
    ask = stood_still(queue(jamie), berlin(18, 15))

    assert (ask.state, ask.message.state) == ("expired", "cancelled")


def test_a_short_stop_inside_polite_hours_changes_nothing(queue, jamie, automatic, stood_still):
    ask = stood_still(queue(jamie), berlin(17, 14))

    assert (ask.state, ask.send_at, ask.message.state) == ("queued", NOW, "queued")
    assert ask.message.approved_until > timezone.now()


def test_a_stop_that_ends_in_the_evening_moves_the_mail_to_the_morning(queue, jamie, automatic, stood_still):
    """18:30 is still daylight for a mail that is a little late, but no polite hour to begin with."""
    ask = queue(jamie, now=berlin(17, 16), responded_at=berlin(17, 16))

    ask = stood_still(ask, berlin(17, 18, 30))

    assert (ask.state, ask.send_at, ask.message.state) == ("queued", berlin(18, 8), "queued")


def test_a_mail_server_that_puts_us_off_for_minutes_is_no_outage(in_acme, queue, jamie, automatic):
    ask = queue(jamie, now=berlin(17, 17, 58), responded_at=berlin(17, 17, 58))

    asks.recheck_due(workspace=in_acme, now=berlin(17, 18, 10))

    ask.refresh_from_db()
    assert (ask.send_at, ask.message.state) == (berlin(17, 17, 58), "queued")


def test_a_gate_that_closed_meanwhile_takes_it_back(in_acme, queue, jamie, automatic, northwind, stood_still):
    ask = queue(jamie)
    make.HoldFactory(workspace=in_acme, company=northwind, reason="escalated_ticket", starts_at=NOW)

    ask = stood_still(ask, berlin(17, 14))

    assert (ask.state, ask.message.state) == ("skipped", "cancelled")


def asked_colleague(company, *, sent_at, program):
    colleague = make.ContactFactory(workspace=company.workspace, company=company, asked_at=sent_at)
    link = refer.LinkFactory(contact=colleague, program=program)
    return refer.AskFactory(link=link, state="sent", sent_at=sent_at)


def test_a_company_asked_in_the_meantime_is_not_asked_twice_a_week(in_acme, queue, jamie, northwind, program):
    ask = queue(jamie)
    asked_colleague(northwind, sent_at=NOW + HOUR, program=program)

    assert asks.recheck_due(workspace=in_acme, now=ask.send_at) == 1

    ask.refresh_from_db()
    assert (ask.state, [reason["code"] for reason in ask.verdict["reasons"]]) == ("skipped", ["company_cap"])


def test_a_missed_ask_has_lost_its_place_in_the_companys_allowance(in_acme, queue, jamie, northwind, program, by_ana):
    ask = queue(jamie)
    asks.expire_overdue(workspace=in_acme, now=ask.deadline_at)
    asked_colleague(northwind, sent_at=ask.deadline_at, program=program)

    with pytest.raises(LeaveAlone, match="Somebody else at Northwind was asked this week"):
        asks.send(ask=ask, by=by_ana, now=ask.deadline_at + HOUR)


@pytest.mark.parametrize(
    ("pressed", "until", "leaves"), [((17, 17), (17, 22), (18, 8)), ((17, 21), (17, 21, 50), None)]
)
def test_what_a_person_sent_meets_the_night_only_after_an_hour(
    in_acme, queue, jamie, by_ana, pressed, until, leaves, stood_still
):
    ask = asks.send(ask=queue(jamie), by=by_ana, now=berlin(*pressed))

    ask = stood_still(ask, berlin(*until))

    planned = berlin(*leaves) if leaves else berlin(*pressed) + MINUTE
    assert (ask.state, ask.send_at, ask.message.state) == ("sending", planned, "queued")


def test_what_a_person_sent_in_time_is_not_mailed_late_without_them(queue, jamie, by_ana, stood_still):
    ask = asks.send(ask=queue(jamie), by=by_ana, now=berlin(17, 17))

    ask = stood_still(ask, berlin(18, 12))

    assert (ask.state, ask.sent_by_person, ask.message.state) == ("expired", False, "cancelled")
    ask = asks.send(ask=ask, by=by_ana, now=berlin(18, 13))
    assert ask.state == "sending"
    with pytest.raises(TooLate):
        asks.send(ask=asks.undo(ask=ask, by=by_ana, now=berlin(18, 13)), by=by_ana, now=berlin(20, 11))


def test_what_a_person_sent_late_on_purpose_keeps_its_grace(queue, jamie, by_ana, stood_still, in_acme):
    ask = queue(jamie)
    asks.expire_overdue(workspace=in_acme, now=ask.deadline_at)
    ask = asks.send(ask=ask, by=by_ana, now=berlin(18, 16))

    ask = stood_still(ask, berlin(18, 23))

    assert (ask.state, ask.send_at) == ("sending", berlin(19, 8))


@pytest.fixture
def reminded(in_acme, queue, jamie, settled):
    ask = queue(jamie)
    settled(ask.message, "sent", at=NOW)
    asks.remind_due(workspace=in_acme, now=berlin(24, 11))
    ask.refresh_from_db()
    return ask


def test_a_reminder_is_judged_again_before_it_leaves(in_acme, reminded, northwind):
    make.HoldFactory(workspace=in_acme, company=northwind)

    assert asks.recheck_reminders(workspace=in_acme, now=reminded.reminder.due_at) == 1
    assert asks.recheck_reminders(workspace=in_acme, now=reminded.reminder.due_at) == 0

    reminded.reminder.refresh_from_db()
    assert (reminded.state, reminded.reminder.state) == ("sent", "cancelled")
    assert Event.objects.filter(type="ask.reminder_dropped").count() == 1


@pytest.mark.parametrize(("at", "leaves"), [((24, 14), True), ((24, 22), False), ((25, 9), True)])
def test_a_reminder_kept_by_an_outage_waits_for_working_hours(in_acme, reminded, at, leaves):
    lapsed = reminded.reminder.approved_until

    asks.recheck_reminders(workspace=in_acme, now=berlin(*at))

    message = Message.objects.get(pk=reminded.reminder_id)
    assert (message.state, message.approved_until != lapsed) == ("queued", leaves)
