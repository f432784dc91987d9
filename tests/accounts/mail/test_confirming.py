"""A person decides while the mail server's answer comes in: with real transactions, whoever comes first counts."""

import datetime
import threading

import pytest
from django.db import connection
from django.utils import timezone

from accounts.events.models import Event
from accounts.mail import actions, approvals, claims, confirming, dispatcher, recording, tasks
from accounts.mail.errors import MailMovedOn
from accounts.mail.models import Message
from accounts.mail.recording import Outcome
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as make

pytestmark = pytest.mark.django_db(transaction=True)

NOW = make.NOW
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def unconfirmed(acme):
    with workspace_scope(acme.pk):
        return make.MessageFactory(workspace=acme, state="unconfirmed", attempts=1, handed_at=NOW, sent_at=None)


def decide(action, mail):
    with workspace_scope(mail.workspace_id):
        return action(workspace=mail.workspace, message=mail, by=SYSTEM, now=NOW + HOUR)


def stored(mail):
    with workspace_scope(mail.workspace_id):
        return Message.objects.get(pk=mail.pk)


def the_answer_comes(mail, state="sent"):
    recording.record(mail.workspace, [Outcome(mail, state, NOW + datetime.timedelta(minutes=9))])


def test_an_answer_that_comes_after_a_person_said_it_arrived_changes_nothing(unconfirmed, settled):
    decide(confirming.confirm_arrival, unconfirmed)
    the_answer_comes(unconfirmed)

    assert (stored(unconfirmed).state, stored(unconfirmed).sent_at) == ("sent", NOW)
    assert settled == [(unconfirmed.key, "sent", "")]


def test_a_person_who_comes_after_the_answer_is_told_so(unconfirmed, settled):
    the_answer_comes(unconfirmed)

    assert decide(confirming.confirm_arrival, unconfirmed).state == "sent"
    with pytest.raises(MailMovedOn):
        decide(confirming.send_again, unconfirmed)
    assert settled == [(unconfirmed.key, "sent", "")]


def test_of_two_people_at_once_one_sends_it_again(acme, unconfirmed):
    start = threading.Barrier(4)

    def press():
        try:
            start.wait(timeout=30)
            decide(confirming.send_again, unconfirmed)
        except MailMovedOn:
            pass
        finally:
            connection.close()

    people = [threading.Thread(target=press) for _ in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert stored(unconfirmed).state == "queued"
    with workspace_scope(acme.pk):
        assert Event.objects.filter(type="message.sent_again").count() == 1


def test_nothing_stays_sending_past_its_lease(acme, sink, post, states):
    """A worker died; nothing proves that the mail stayed. The tick says so, and goes on with the others."""
    begun = post(acme, "begun@northwind.example")
    post(acme, "behind@northwind.example")
    over = timezone.now() - datetime.timedelta(seconds=1)
    with workspace_scope(acme.pk):
        acme.messages.filter(pk=begun.pk).update(state="sending", attempts=1, lease_until=over, handed_at=over)

    tasks.tick()

    assert states(acme) == {
        "begun@northwind.example": ("unconfirmed", "The worker died before the answer came."),
        "behind@northwind.example": ("sent", ""),
    }
    assert [one.recipients for one in sink.taken] == [["behind@northwind.example"]]


def approve_until(mail, at):
    with workspace_scope(mail.workspace_id):
        Message.objects.filter(pk=mail.pk).update(approved_until=at)


def test_a_mail_whose_approval_ran_out_waits_until_it_is_judged_again(acme, sink, post, states):
    mail = post(acme)
    approve_until(mail, timezone.now() - datetime.timedelta(seconds=1))

    dispatcher.dispatch(acme.pk)
    held_back = states(acme)
    with workspace_scope(acme.pk):
        assert approvals.approve(workspace=acme, message_ids=[mail.pk]) == 1
    dispatcher.dispatch(acme.pk)

    assert held_back == {"jamie@northwind.example": ("queued", "")}
    assert states(acme) == {"jamie@northwind.example": ("sent", "")}
    assert len(sink.taken) == 1


def test_an_approval_that_runs_out_in_the_batch_stops_the_mail(acme, sink, post):
    mail = post(acme)
    [claimed] = claims.claim(acme, limit=5, transport="smtp")
    before = claims.look_again(acme, [claimed])
    approve_until(mail, timezone.now() - datetime.timedelta(seconds=1))

    assert (before, claims.look_again(acme, [claimed])) == ({mail.pk}, set())


def test_a_mail_that_expired_is_settled_though_nobody_approves_it(acme, sink, post, states):
    mail = post(acme, expires_in=-1)
    approve_until(mail, timezone.now() - datetime.timedelta(seconds=1))

    dispatcher.dispatch(acme.pk)

    assert states(acme) == {"jamie@northwind.example": ("cancelled", "expired")}


@pytest.mark.parametrize(
    ("due_in", "holds_for"),
    [(0, 5), (-30, 5), (40, 45), (60, 65), (600, 65)],
    ids=["due now", "overdue", "within the hour", "in an hour", "much later"],
)
def test_an_approval_holds_until_shortly_after_the_mail_is_due_and_never_long_past_the_hour(due_in, holds_for):
    until = approvals.approved_until(due_at=NOW + datetime.timedelta(minutes=due_in), judged_at=NOW)

    assert until == NOW + datetime.timedelta(minutes=holds_for)


def test_a_mail_of_today_may_be_cancelled_while_it_waits_for_approval(acme, post):
    mail = post(acme)
    approve_until(mail, NOW)

    with workspace_scope(acme.pk):
        assert actions.cancel(workspace=acme, message_id=mail.pk) is True
