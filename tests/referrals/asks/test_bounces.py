"""A mail that comes back: nobody was asked, so nobody is silent."""

from datetime import timedelta

import pytest

from accounts.events.models import Event
from accounts.mail import bounces
from accounts.mail.hooks import Report, Source
from referrals.asks.reminders import remind_due
from tests.factories.accounts import NOW

SENT = NOW + timedelta(hours=5)


@pytest.fixture
def bounce(in_acme):
    """The provider reports that this mail came back."""

    def bounce(message, kind="bounced"):
        report = Report(kind, f"{kind}:{message.pk}", "", message.pk, "550 unknown here", SENT)
        return bounces.take_in(source=Source(None, in_acme), report=report, now=SENT + timedelta(minutes=1))

    return bounce


@pytest.mark.parametrize("kind", ["bounced", "returned"])
def test_a_bounced_ask_failed_and_does_not_count_as_silence(queue, jamie, settled, bounce, kind):
    ask = queue(jamie)
    settled(ask.message, "sent", at=SENT)

    bounce(ask.message, kind)

    ask.refresh_from_db()
    jamie.refresh_from_db()
    assert (ask.state, ask.ended_reason, ask.reminder_due_at) == ("failed", "bounced: 550 unknown here", None)
    assert (hasattr(jamie, "rest"), jamie.asked_at, jamie.silences) == (False, None, 0)
    assert Event.objects.filter(type="ask.failed", subject_id=ask.pk).count() == 1


def test_a_bounce_proves_what_became_of_an_unconfirmed_ask(queue, jamie, settled, bounce):
    ask = queue(jamie)
    settled(ask.message, "unconfirmed")

    bounce(ask.message)

    ask.refresh_from_db()
    assert ask.state == "failed"
    assert "550 unknown here" in ask.ended_reason


def test_who_has_answered_has_been_reached(queue, jamie, by_jamie, settled, bounce):
    from referrals.asks import actions as asks

    ask = queue(jamie)
    settled(ask.message, "sent", at=SENT)
    asks.answer(ask=ask, answer="shared", by=by_jamie, now=SENT)

    bounce(ask.message, "returned")

    ask.refresh_from_db()
    assert (ask.state, ask.answer) == ("answered", "shared")


def test_a_bounced_reminder_leaves_the_ask_and_ends_the_silence(queue, jamie, settled, bounce, in_acme):
    ask = queue(jamie)
    settled(ask.message, "sent", at=SENT)
    ask.refresh_from_db()
    remind_due(workspace=in_acme, now=ask.reminder_due_at)
    ask.refresh_from_db()
    settled(ask.reminder, "sent", at=ask.message.due_at)

    bounce(ask.reminder)

    ask.refresh_from_db()
    jamie.refresh_from_db()
    assert (ask.state, hasattr(jamie, "rest")) == ("sent", False)


def test_a_bounced_thank_you_was_not_said(in_acme, jamie, bounce):
    from accounts.mail import actions as mail
    from tests.factories.referrals import ThankYouFactory

    envelope = mail.Envelope(jamie.email, "Jamie", "ana@acme.example", "Ana", "Thank you", "Thank you")
    message = mail.queue(workspace=in_acme, kind="thanks", key="t", envelope=envelope, due_at=NOW)
    in_acme.messages.update(state="sent", sent_at=SENT)
    thank_you = ThankYouFactory(contact=jamie, state="sent", sent_at=SENT, message=message)

    bounce(message)

    thank_you.refresh_from_db()
    assert thank_you.state == "failed"
