from datetime import timedelta

import pytest

from accounts.events.models import Event
from accounts.mail.models import Message
from referrals.asks import actions as asks
from tests.factories import accounts as make
from tests.factories.accounts import NOW

SENT = NOW + timedelta(hours=1)
WEEK_LATER = SENT + timedelta(days=7)


@pytest.fixture
def sent(queue, jamie, settled):
    ask = queue(jamie)
    settled(ask.message, "sent", at=SENT)
    ask.refresh_from_db()
    return ask


def test_one_reminder_goes_out_after_five_working_days_in_the_same_thread(in_acme, sent):
    assert asks.remind_due(workspace=in_acme, now=WEEK_LATER - timedelta(minutes=1)) == 0
    assert asks.remind_due(workspace=in_acme, now=WEEK_LATER) == 1
    assert asks.remind_due(workspace=in_acme, now=WEEK_LATER + timedelta(days=30)) == 0

    sent.refresh_from_db()
    first, reminder = sent.message, sent.reminder
    assert (reminder.kind, reminder.key, reminder.due_at) == ("ask", f"ask:{sent.pk}:reminder", WEEK_LATER)
    assert (reminder.in_reply_to, reminder.subject) == (first.rfc_message_id, f"Re: {first.subject}")
    assert (reminder.from_email, reminder.to_email) == (first.from_email, first.to_email)
    assert reminder.body_text.startswith("Hi Jamie,\n\nI wrote last week")
    assert reminder.unsubscribe_url


def test_a_reminder_waits_for_the_morning_of_a_working_day(in_acme, sent):
    saturday_night = NOW.replace(day=28, hour=22)

    asks.remind_due(workspace=in_acme, now=saturday_night)

    assert Message.objects.get(key__endswith=":reminder").due_at == NOW.replace(day=30, hour=7)


@pytest.mark.parametrize("why", ["low_answer", "hold", "absence", "sender_away", "suppressed"])
def test_what_has_changed_since_drops_the_reminder(in_acme, sent, jamie, northwind, ana, why):
    if why == "low_answer":
        jamie.refresh_from_db()
        jamie.low_answer_at = SENT
        jamie.save()
    elif why in ("hold", "absence"):
        make.HoldFactory(workspace=in_acme, company=northwind, reason="absence" if why == "absence" else "open_deal")
    elif why == "sender_away":
        ana.absent_until = WEEK_LATER.date()
        ana.save()
    else:
        from accounts.mail import actions as mail

        mail.suppress(workspace=in_acme, email=jamie.email, purpose="asks", reason="unsubscribed")

    assert asks.remind_due(workspace=in_acme, now=WEEK_LATER) == 0

    sent.refresh_from_db()
    assert (sent.reminder, sent.reminder_due_at) == (None, None)
    dropped = Event.objects.get(type="ask.reminder_dropped")
    assert len(dropped.data["reasons"]) == 1


def test_an_answer_drops_the_reminder(in_acme, sent, by_jamie):
    asks.answer(ask=sent, answer="declined", by=by_jamie, now=WEEK_LATER)

    assert asks.remind_due(workspace=in_acme, now=WEEK_LATER) == 0


def test_ten_working_days_of_silence_after_the_reminder_count_once(in_acme, sent, jamie, settled):
    asks.remind_due(workspace=in_acme, now=WEEK_LATER)
    sent.refresh_from_db()
    settled(sent.reminder, "sent", at=WEEK_LATER)
    silent = WEEK_LATER + timedelta(days=14)

    counted = [
        asks.count_silences(workspace=in_acme, now=silent - timedelta(minutes=1)),
        asks.count_silences(workspace=in_acme, now=silent),
        asks.count_silences(workspace=in_acme, now=silent + timedelta(days=9)),
    ]

    jamie.refresh_from_db()
    assert (counted, jamie.silences) == ([0, 1, 0], 1)
