"""Real workers under the real supervisor, on a Valkey of their own that may be flushed and stopped."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest
import redis
from celery import Celery
from django.db import connection

import config
from accounts.workers.models import WorkerHeartbeat
from accounts.workers.watchdog import EXIT_CODE, Watch
from config import services
from config.services import valkey
from config.services.account import choose
from config.services.state import State
from tests.smtp import free_port

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

CHECKOUT = Path(config.__file__).parents[1]
SUPERVISED = """
import sys
from config.supervisor import Program, Supervisor
command = [sys.executable, "-m", "tests.accounts.workers.watched_worker", *sys.argv[1:]]
Supervisor([Program("worker", command)], first_pause=0.1, grace=5).run()
"""
PATIENCE_S = 120


class Broker:
    """A Valkey that no other test uses."""

    def __init__(self, data_dir):
        self.data_dir = services._prepare(data_dir)
        self.state = State.generate(self.data_dir)
        self.account = choose(self.data_dir, self.state)
        self.state.save(self.data_dir)
        self.start()

    def start(self):
        valkey.start(self.data_dir, self.state, self.account)

    def stop(self):
        valkey.stop(self.state, self.account)

    @property
    def url(self):
        return f"redis://:{self.state.valkey_password}@127.0.0.1:{self.state.valkey_port}/0"

    @property
    def client(self):
        return redis.Redis.from_url(self.url, decode_responses=True)

    def send(self, word, **kwargs):
        with Celery(broker=self.url, set_as_current=False) as sender:
            sender.send_task("tests.echo", kwargs={"word": word, **kwargs}, queue="default", ignore_result=True)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    broker = Broker(tmp_path_factory.mktemp("broker") / "data")
    yield broker
    services.destroy(broker.data_dir)


@pytest.fixture
def broker(server):
    server.client.flushall()
    return server


class Supervised:
    """A supervisor with one worker; its lines are read while it runs."""

    def __init__(self, *arguments, broker_url, database_url=None):
        db = connection.settings_dict
        ours = f"postgres://{db['USER']}:{quote(db['PASSWORD'])}@{db['HOST']}:{db['PORT']}/{db['NAME']}"
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-c", SUPERVISED, *map(str, arguments)],
            cwd=CHECKOUT,
            env={**os.environ, "DATABASE_URL": database_url or ours, "REDIS_URL": broker_url, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines, self._new = [], queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self._new.put(line.strip())

    def says(self, words, seconds=PATIENCE_S):
        """Read on until a line has these words."""
        until = time.monotonic() + seconds
        while True:
            try:
                line = self._new.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"It never said “{words}”: {self.lines}")
            self.lines.append(line)
            if words in line:
                return line

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        while not self._new.empty():
            self.lines.append(self._new.get())


@pytest.fixture
def supervise(broker, tmp_path):
    running = []

    def start(*, look_s, fate="nothing", **options):
        running.append(Supervised(look_s, fate, tmp_path / "befallen", broker_url=broker.url, **options))
        return running[-1]

    yield start
    for one in running:
        if one.process.poll() is None:
            one.end()


def wait_until(condition):
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until, "It did not happen in time."
        time.sleep(0.05)


def heartbeat():
    return WorkerHeartbeat.objects.filter(name="watched@test").first()


def outlive(looks, look_s):
    """Wait until the worker has written as many heartbeats as fit between so many looks."""
    wait_until(heartbeat)
    pid, since = heartbeat().pid, heartbeat().seen_at
    wait_until(lambda: (heartbeat().seen_at - since).total_seconds() >= looks * look_s)
    assert heartbeat().pid == pid


def test_a_deaf_worker_ends_itself_and_its_successor_works(supervise, broker):
    worker = supervise(look_s=0.3, fate="deaf")
    worker.says("hears nothing from its queues")
    worker.says(f"ended with {EXIT_CODE}; starting it again")

    broker.send("again")

    worker.says("echo again")


def test_a_worker_whose_event_loop_hangs_is_ended_from_beside_it(supervise, broker):
    worker = supervise(look_s=0.3, fate="hung")

    worker.says("hears nothing from its queues")
    worker.says(f"ended with {EXIT_CODE}; starting it again")


def test_a_worker_works_on_after_the_broker_forgot_everything_and_hung_up_on_everybody(supervise, broker):
    worker = supervise(look_s=1)
    broker.send("before")
    worker.says("echo before")
    wait_until(lambda: heartbeat() and heartbeat().consumed_at)
    row = heartbeat()
    assert (row.queues, row.version) == (["default"], "0.1.0")
    assert row.started_at < row.consumed_at <= row.seen_at
    assert abs(row.clock_ahead_s) < 5

    broker.client.flushall()
    broker.send("flushed")
    worker.says("echo flushed")
    broker.client.execute_command("CLIENT", "KILL", "TYPE", "normal")
    broker.send("hung up on")
    worker.says("echo hung up on")

    worker.end()
    assert heartbeat() is None  # stopped in order, so nobody misses it


def test_a_worker_waits_for_a_broker_that_is_down(supervise, broker):
    worker = supervise(look_s=0.2)
    broker.send("before")
    worker.says("echo before")

    broker.stop()
    try:
        worker.says("cannot reach the broker and waits")
        outlive(looks=15, look_s=0.2)
        assert len([line for line in worker.lines if "cannot reach the broker" in line]) == 1
    finally:
        broker.start()

    broker.send("after")
    worker.says("echo after")


def test_a_busy_worker_is_not_ended(supervise, broker):
    worker = supervise(look_s=0.2)
    broker.send("busy", seconds=30)
    worker.says("echo busy")

    outlive(looks=15, look_s=0.2)

    os.kill(heartbeat().pid, signal.SIGKILL)
    worker.says("ended with -9")


def test_a_worker_whose_database_is_down_works_and_says_so_once(supervise, broker):
    nobody = f"postgres://goodword_app:secret@127.0.0.1:{free_port()}/goodword"
    worker = supervise(look_s=1, database_url=nobody)
    worker.says("cannot reach the database and waits")
    for number in range(3):
        broker.send(f"number {number}", seconds=1)
        worker.says(f"echo number {number}")

    worker.end()
    assert len([line for line in worker.lines if "cannot reach the database" in line]) == 1


def test_probes_of_a_worker_that_is_gone_leave_the_broker_by_themselves(broker):
    app = Celery(broker=broker.url, set_as_current=False)
    watch = Watch(SimpleNamespace(app=app, hostname="celery@gone"))
    other = Watch(SimpleNamespace(app=app, hostname="celery@gone"))

    for _probe in range(3):
        watch._send_probe()

    (key,) = broker.client.keys("probes.*")
    assert broker.client.llen(key) == 3
    assert 0 < broker.client.pttl(key) <= 120_000
    assert other._probes.name != key
