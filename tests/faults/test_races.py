"""Single faults at chosen moments, against the real database and a real mail server; no process is needed for them."""

import datetime
import random
import threading
import time

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts.mail import actions, dispatcher, tasks, transports
from accounts.mail.journal import Journal
from accounts.mail.models import Message
from accounts.tenancy.scope import workspace_scope
from referrals.asks import tasks as ask_tasks
from tests.accounts.mail.conftest import post, states  # noqa: F401 -- fixtures of the mail's own tests
from tests.factories import accounts as make
from tests.factories import referrals as refer
from tests.faults.judge import ALLOWANCE_S

pytestmark = pytest.mark.django_db(transaction=True)

_INTERLEAVINGS = 60


def leases_run_out(workspace):
    with workspace_scope(workspace.pk):
        workspace.messages.filter(state="sending").update(lease_until=timezone.now() - datetime.timedelta(seconds=1))


def recipients(sink):
    return [one.recipients[0] for one in sink.taken]


def test_unsubscribing_against_the_claim_ends_in_one_of_two_ways(acme, sink, post, states):  # noqa: F811
    chance = random.Random(6)
    people = [f"jamie{number}@northwind.example" for number in range(_INTERLEAVINGS)]
    committed, started = {}, {}
    for address in people:
        post(acme, address)
        gate = threading.Barrier(2)
        pauses = [chance.uniform(0, 0.004), chance.uniform(0, 0.004)]

        def unsubscribe(address=address, gate=gate, pause=pauses[0]):
            gate.wait()
            time.sleep(pause)
            with workspace_scope(acme.pk):
                actions.suppress(workspace=acme, email=address, purpose="asks", reason="asked")
            committed[address] = time.time()
            connection.close()

        other = threading.Thread(target=unsubscribe)
        other.start()
        gate.wait()
        time.sleep(pauses[1])
        started[address] = time.time()
        dispatcher.dispatch(acme.pk)
        other.join()
    tasks.tick()

    taken, found = recipients(sink), states(acme)
    for address in people:
        if found[address] == ("sent", ""):
            assert taken.count(address) == 1
            assert committed[address] > started[address], "It was committed before the claim began."
        else:
            assert found[address] == ("cancelled", "suppressed")
            assert address not in taken


def test_unsubscribing_while_the_mail_before_is_on_its_way_stops_the_next_one(acme, sink, post, states):  # noqa: F811
    people = [f"jamie{number}@northwind.example" for number in range(3)]
    for number, address in enumerate(people):
        post(acme, address, due_in=number - 9)

    def others_leave():
        if len(sink.taken) == 1:
            with workspace_scope(acme.pk):
                for address in people[1:]:
                    actions.suppress(workspace=acme, email=address, purpose="asks", reason="asked")
            connection.close()
            time.sleep(0.7)  # the mail server takes its time over the first

    sink.before_reply = others_leave
    dispatcher.dispatch(acme.pk)

    assert recipients(sink) == people[:1]
    with workspace_scope(acme.pk):
        acme.messages.filter(state="queued").update(due_at=timezone.now())
    dispatcher.dispatch(acme.pk)
    assert {states(acme)[address] for address in people[1:]} == {("cancelled", "suppressed")}


def test_a_worker_that_stood_still_past_its_lease_doubles_nothing_when_it_goes_on(acme, sink, post, states):  # noqa: F811
    people = [f"jamie{number}@northwind.example" for number in range(4)]
    for number, address in enumerate(people):
        post(acme, address, due_in=number - 9)

    def stand_still():
        if len(sink.taken) == 1:
            leases_run_out(acme)
            # Another worker takes it for dead; one batch settles its leases, the next sends what it may.
            for _batch in range(2):
                dispatcher.dispatch(acme.pk)
            connection.close()

    sink.before_reply = stand_still
    dispatcher.dispatch(acme.pk)
    sink.before_reply = None
    tasks.tick()

    taken = recipients(sink)
    assert len(taken) == len(set(taken)), taken
    assert set(states(acme).values()) <= {("sent", ""), ("unconfirmed", "The worker died before the answer came.")}
    assert {address for address, (state, _error) in states(acme).items() if state == "sent"} == set(taken)


def test_the_journal_of_a_worker_that_is_gone_is_proof_and_of_one_that_is_there_is_none(acme, post):  # noqa: F811
    from accounts.mail import journal

    message = post(acme)
    ours = Journal()
    ours.leaves(message.pk)

    assert journal.read(ours.name) is None

    ours.leave()
    assert journal.read(ours.name) == journal.Proof(left={message.pk}, taken=set())

    ours.close()
    assert journal.read(ours.name) is None


def test_what_left_is_written_down_although_the_database_went_away(acme, sink, post, states):  # noqa: F811
    for number in range(3):
        post(acme, f"jamie{number}@northwind.example", due_in=number - 9)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (worker,) = cursor.fetchone()

    def cut():
        if len(sink.taken) == 3:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [worker])
            connection.close()

    sink.before_reply = cut
    dispatcher.dispatch(acme.pk)

    assert set(states(acme).values()) == {("sent", "")}
    assert len(sink.taken) == 3


def test_a_batch_that_breaks_off_leaves_no_half_conversation_behind(acme, sink, post, states, monkeypatch):  # noqa: F811
    for number in range(3):
        post(acme, f"jamie{number}@northwind.example", due_in=number - 9)
    real, calls = dispatcher.compose, []

    def broken(message, **words):
        calls.append(message)
        if len(calls) == 2:
            raise RuntimeError("broken")
        return real(message, **words)

    monkeypatch.setattr(dispatcher, "compose", broken)
    with pytest.raises(RuntimeError, match="broken"):
        dispatcher.dispatch(acme.pk)
    # The server waited for the content of the first: it would take the next conversation for it.
    assert transports.choose(acme)._line is None

    monkeypatch.setattr(dispatcher, "compose", real)
    leases_run_out(acme)
    for _batch in range(2):
        dispatcher.dispatch(acme.pk)

    assert sorted(recipients(sink)) == [f"jamie{number}@northwind.example" for number in range(3)]
    assert set(states(acme).values()) == {("sent", "")}


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_worker_whose_clock_differs_sends_what_is_due_by_the_database(acme, sink, post, states, hours):  # noqa: F811
    post(acme, "now@northwind.example", due_in=-1, expires_in=3600)
    post(acme, "in-an-hour@northwind.example", due_in=3600, expires_in=7200)
    post(acme, "too-late@northwind.example", due_in=-3600, expires_in=-60)
    at_work = post(acme, "another-worker@northwind.example")
    with workspace_scope(acme.pk):
        lease = timezone.now() + datetime.timedelta(minutes=5)
        acme.messages.filter(pk=at_work.pk).update(state=Message.State.SENDING, attempts=1, lease_until=lease)

    with time_machine.travel(timezone.now() + datetime.timedelta(hours=hours), tick=True):
        tasks.tick()

    assert recipients(sink) == ["now@northwind.example"]
    assert states(acme) == {
        "now@northwind.example": ("sent", ""),
        "in-an-hour@northwind.example": ("queued", ""),
        "too-late@northwind.example": ("cancelled", "expired"),
        "another-worker@northwind.example": ("sending", ""),
    }
    with workspace_scope(acme.pk):
        sent_at = acme.messages.get(state="sent").sent_at
    assert abs(sent_at - timezone.now()) < datetime.timedelta(minutes=10)


@pytest.mark.parametrize("hours", [-2, 2])
def test_an_ask_expires_by_the_databases_clock(acme, hours):
    with workspace_scope(acme.pk):
        now = timezone.now()
        asks = {
            late: refer.AskFactory(
                link=refer.LinkFactory(contact=make.ContactFactory(workspace=acme)),
                responded_at=deadline - datetime.timedelta(hours=24),
                queued_at=deadline - datetime.timedelta(hours=24),
                deadline_at=deadline,
                send_at=None,
            )
            for late, deadline in (
                (True, now - datetime.timedelta(hours=1)),
                (False, now + datetime.timedelta(hours=1)),
            )
        }

    with time_machine.travel(now + datetime.timedelta(hours=hours), tick=True):
        ask_tasks.tick()

    with workspace_scope(acme.pk):
        for ask in asks.values():
            ask.refresh_from_db()
    assert {late: ask.state for late, ask in asks.items()} == {True: "expired", False: "queued"}


def test_the_allowance_is_longer_than_a_batch_and_shorter_than_anybody_notices():
    assert dispatcher._PATIENCE_S < ALLOWANCE_S <= 10
