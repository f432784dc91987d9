"""Real worker processes, real transactions; the mail server's log is the judge, not our tables."""

import collections
import datetime
import os
import subprocess
import sys
import time
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone

from accounts.mail import tasks
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
