"""Real worker processes, real transactions; the mail server's log is the judge, not our tables."""

import collections
import datetime
import os
import subprocess
import sys
import threading
import time
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone

from accounts.mail import actions, dispatcher, tasks
from accounts.tenancy.scope import workspace_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def start_worker(acme, sink):
    """`start_worker()` gives a process that hands over Acme's mail; killed at the end whatever happens."""
    workers = []

    def start():
        db = connection.settings_dict
        credentials = f"{db['USER']}:{quote(db['PASSWORD'])}"
        environment = {
            **os.environ,
            "DATABASE_URL": f"postgres://{credentials}@{db['HOST']}:{db['PORT']}/{db['NAME']}",
            "EMAIL_URL": sink.url,
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        command = [sys.executable, "-m", "tests.accounts.mail.hand_over", str(acme.pk)]
        workers.append(subprocess.Popen(command, env=environment))
        return workers[-1]

    yield start
    for worker in workers:
        worker.kill()
        worker.wait()


def wait_until(condition, seconds=30):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "It did not happen in time."
        time.sleep(0.02)


def leases_run_out(workspace):
    with workspace_scope(workspace.pk):
        workspace.messages.filter(state="sending").update(lease_until=timezone.now() - datetime.timedelta(seconds=1))


def taken(sink):
    return collections.Counter(one.recipients[0] for one in sink.taken)


def test_a_worker_killed_after_the_hand_over_leaves_it_unconfirmed_and_nothing_is_doubled(
    acme, sink, post, start_worker, states, settled
):
    people = [f"jamie{number}@northwind.example" for number in range(3)]
    for number, address in enumerate(people):
        post(acme, address, due_in=number - 9)
    sink.reply_after_s = 60  # the server has the mail, the worker not yet its answer
    worker = start_worker()
    wait_until(lambda: sink.taken)

    worker.kill()
    worker.wait()
    sink.reply_after_s = 0
    leases_run_out(acme)
    for _tick in range(3):
        tasks.tick()

    found = {address: state for address, (state, _error) in states(acme).items()}
    assert found == {people[0]: "unconfirmed", people[1]: "sent", people[2]: "sent"}
    assert taken(sink) == dict.fromkeys(people, 1)
    assert collections.Counter(state for _key, state, _error in settled) == {"unconfirmed": 1, "sent": 2}


def test_workers_killed_at_random_moments_never_double_a_mail(acme, sink, post, start_worker, states):
    people = [f"jamie{number}@northwind.example" for number in range(30)]
    for address in people:
        post(acme, address)
    sink.reply_after_s = 0.02
    killed = 0
    for wanted in (3, 12, 23):
        worker = start_worker()
        wait_until(lambda wanted=wanted, worker=worker: len(sink.taken) >= wanted or worker.poll() is not None)
        worker.kill()
        worker.wait()
        killed += 1
        leases_run_out(acme)
    tasks.tick()

    found = states(acme)
    ends = collections.Counter(state for state, _error in found.values())
    assert taken(sink) == dict.fromkeys(people, 1) or ends["unconfirmed"]
    assert max(taken(sink).values()) == 1
    assert set(ends) <= {"sent", "unconfirmed"}
    assert sum(ends.values()) == 30
    # Whatever is called sent was taken; whatever was never taken is not called sent.
    assert {address for address, (state, _error) in found.items() if state == "sent"} <= set(taken(sink))
    assert killed == 3


def test_two_dispatchers_at_once_hand_each_mail_over_once(acme, sink, post, start_worker, states):
    people = [f"jamie{number}@northwind.example" for number in range(60)]
    for address in people:
        post(acme, address)
    sink.reply_after_s = 0.005

    workers = [start_worker(), start_worker()]
    assert [worker.wait(60) for worker in workers] == [0, 0]

    assert taken(sink) == dict.fromkeys(people, 1)
    assert {state for state, _error in states(acme).values()} == {"sent"}
    assert len({one.connection for one in sink.taken}) == 2, "One of the two never got a mail."


def test_two_ticks_at_once_hand_each_mail_over_once(acme, globex, sink, post, states):
    for workspace in (acme, globex):
        for number in range(30):
            post(workspace, f"jamie{number}@northwind.example")
    actions.queue_account_mail(
        to_email="ana@acme.example", subject="Sign in", body_text="Here.\n", body_html="", now=timezone.now()
    )

    def run():
        tasks.tick()
        connection.close()

    ticks = [threading.Thread(target=run) for _tick in range(2)]
    for tick in ticks:
        tick.start()
    for tick in ticks:
        tick.join()

    assert set(taken(sink).values()) == {1, 2}  # each address once for each workspace
    assert len(sink.taken) == 61
    assert {state for state, _error in (states(acme) | states(globex)).values()} == {"sent"}


def test_unsubscribing_during_the_batch_stops_the_mails_not_yet_begun(acme, sink, post, states):
    people = [f"jamie{number}@northwind.example" for number in range(10)]
    for number, address in enumerate(people):
        post(acme, address, due_in=number - 20)

    def third_one_leaves():
        if len(sink.taken) == 2:
            for address in people[4:]:
                with workspace_scope(acme.pk):
                    actions.suppress(workspace=acme, email=address, purpose="asks", reason="asked")
            connection.close()

    sink.before_reply = third_one_leaves
    dispatcher.dispatch(acme.pk)
    dispatcher.dispatch(acme.pk)

    assert taken(sink) == dict.fromkeys(people[:4], 1)
    assert {state for address, state in states(acme).items() if address in people[4:]} == {("cancelled", "suppressed")}
