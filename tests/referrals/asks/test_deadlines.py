from datetime import timedelta

from accounts.events.models import Event
from accounts.mail.models import Message
from accounts.notices.models import Notice
from referrals.asks import actions as asks
from tests.factories import accounts as make
from tests.factories.accounts import NOW


def test_an_ask_that_missed_its_deadline_goes_back_to_the_desk(in_acme, queue, jamie, program):
    program.policy = "manual"
    program.save()
    ask = queue(jamie)
    assert asks.expire_overdue(workspace=in_acme, now=ask.deadline_at - timedelta(seconds=1)) == 0

    assert asks.expire_overdue(workspace=in_acme, now=ask.deadline_at) == 1

    ask.refresh_from_db()
    jamie.refresh_from_db()
    assert (ask.state, ask.send_at, jamie.asked_at) == ("expired", None, None)
    assert Event.objects.filter(type="ask.missed", subject_id=ask.pk).count() == 1
    assert asks.expire_overdue(workspace=in_acme, now=ask.deadline_at) == 0


def test_a_mail_that_outlived_its_deadline_in_the_outbox_is_not_mailed_by_itself(in_acme, queue, jamie):
    ask = queue(jamie)

    asks.expire_overdue(workspace=in_acme, now=ask.deadline_at)

    assert Message.objects.get().state == "cancelled"


def test_a_mail_that_is_leaving_at_the_deadline_is_left_alone(in_acme, queue, jamie):
    ask = queue(jamie)
    Message.objects.update(state="sending", handed_at=ask.send_at)

    assert asks.expire_overdue(workspace=in_acme, now=ask.deadline_at) == 0


def test_late_by_choice_is_not_missed(in_acme, queue, jamie):
    in_acme.weekends = "wait"
    in_acme.save()
    friday_night = NOW.replace(day=20, hour=20)
    ask = queue(jamie, now=friday_night, responded_at=friday_night)

    assert asks.expire_overdue(workspace=in_acme, now=ask.deadline_at + timedelta(hours=1)) == 0


def test_a_hold_placed_after_queueing_stops_the_untouched_mail(in_acme, queue, jamie, northwind):
    ask = queue(jamie)
    make.HoldFactory(workspace=in_acme, company=northwind, reason="escalated_ticket")

    assert asks.recheck_due(workspace=in_acme, now=ask.send_at - timedelta(minutes=30)) == 1

    ask.refresh_from_db()
    assert (ask.state, Message.objects.get().state) == ("skipped", "cancelled")
    assert [reason["code"] for reason in ask.verdict["reasons"]] == ["escalated_ticket"]
    assert "escalated" in ask.ended_reason


def test_nothing_new_leaves_the_mail_where_it_is(in_acme, queue, jamie, northwind):
    ask = queue(jamie)
    make.ContactFactory(workspace=in_acme, company=northwind, asked_at=NOW)

    assert asks.recheck_due(workspace=in_acme, now=ask.send_at - timedelta(minutes=30)) == 0
    assert Message.objects.get().state == "queued"


def test_the_owner_is_told_at_once_at_half_time_and_at_80_percent(in_acme, queue, jamie, ana):
    ask = queue(jamie)

    told = [
        asks.give_notices(workspace=in_acme, now=NOW + timedelta(hours=hours)) for hours in (0, 1, 12, 13, 19.2, 20)
    ]

    notices = Message.objects.filter(kind="notice").order_by("created_at", "pk")
    assert told == [1, 0, 1, 0, 1, 0]
    assert [(notice.to_email, notice.subject, notice.expires_at) for notice in notices] == [
        ("ana@acme.example", "Jamie Okafor gave you a 10", ask.deadline_at),
        ("ana@acme.example", "Half the time is left to ask Jamie Okafor", ask.deadline_at),
        ("ana@acme.example", "The time to ask Jamie Okafor is nearly over", ask.deadline_at),
    ]
    assert list(Notice.objects.order_by("key").values_list("key", "member")) == [
        (f"ask:{ask.pk}:{stage}", ana.pk) for stage in (1, 2, 3)
    ]
    assert "/app/acme/" in notices[0].body_text
    assert "If nobody touches it, it goes out Wednesday at 10:59." in notices[0].body_text


def test_after_an_outage_one_notice_says_it_all(in_acme, queue, jamie):
    queue(jamie)

    assert asks.give_notices(workspace=in_acme, now=NOW + timedelta(hours=20)) == 1
    assert asks.give_notices(workspace=in_acme, now=NOW + timedelta(hours=21)) == 0


def test_nobody_is_told_of_what_goes_out_at_the_first_polite_minute(in_acme, queue, jamie, program):
    program.policy = "automatic"
    program.save()
    queue(jamie)

    assert asks.give_notices(workspace=in_acme, now=NOW) == 0


def test_the_notice_of_a_stopped_draft_says_what_it_needs(in_acme, queue, jamie):
    jamie.first_name = ""
    jamie.save()
    queue(jamie)

    asks.give_notices(workspace=in_acme, now=NOW)

    assert "We do not know this person's first name." in Message.objects.get().body_text
