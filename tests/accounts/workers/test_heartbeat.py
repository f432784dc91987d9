"""One row per worker, dated by the database."""

import datetime

import pytest
from django.db.models.functions import Now

from accounts.workers import actions
from accounts.workers.models import WorkerHeartbeat
from accounts.workers.queries import workers


@pytest.fixture
def beat(db):
    def beat_heart(name="celery@one", **facts):
        actions.beat_heart(
            **{
                "name": name,
                "pid": 7,
                "version": "0.1.0",
                "queues": ["asks", "mail"],
                "running_s": 30.0,
                "consumed_s_ago": None,
                **facts,
            }
        )

    return beat_heart


def test_a_worker_is_one_row_whatever_process_bears_its_name(beat):
    beat()
    beat(pid=8, running_s=0.0, consumed_s_ago=2.0)

    row = WorkerHeartbeat.objects.get()
    assert (row.name, row.pid, row.queues) == ("celery@one", 8, ["asks", "mail"])
    assert row.started_at == row.seen_at
    assert row.seen_at - row.consumed_at == datetime.timedelta(seconds=2)


def test_started_is_counted_back_from_the_databases_time(beat):
    beat(running_s=90.0)

    row = WorkerHeartbeat.objects.get()
    assert row.seen_at - row.started_at == datetime.timedelta(seconds=90)


def test_the_workers_own_clock_is_only_compared(beat, time_machine_ahead):
    with time_machine_ahead(hours=2):
        beat()

    (worker,) = workers()
    assert worker.silent_s < 60
    assert 7_000 < worker.clock_ahead_s < 7_400


@pytest.fixture
def time_machine_ahead():
    import time_machine

    def ahead(**by):
        return time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(**by))

    return ahead


def test_ages_say_who_is_alive_and_who_hears(beat):
    beat("celery@deaf", consumed_s_ago=500.0)
    beat("celery@gone")
    WorkerHeartbeat.objects.filter(name="celery@gone").update(seen_at=Now() - datetime.timedelta(minutes=3))

    deaf, gone = workers()

    assert (deaf.is_alive, gone.is_alive) == (True, False)
    assert 500 <= deaf.deaf_s < 560
    assert (gone.deaf_s, 180 <= gone.silent_s < 240) == (None, True)


def test_whoever_stops_in_order_takes_its_row_along_and_nobody_elses(beat):
    beat("celery@one", pid=7)
    beat("celery@two", pid=9)

    actions.leave(name="celery@one", pid=7)
    actions.leave(name="celery@two", pid=7)

    assert [row.name for row in WorkerHeartbeat.objects.all()] == ["celery@two"]


def test_the_dead_are_forgotten_after_a_day(beat):
    beat("celery@long-gone")
    WorkerHeartbeat.objects.update(seen_at=Now() - datetime.timedelta(hours=25))

    beat("celery@one")

    assert [row.name for row in WorkerHeartbeat.objects.all()] == ["celery@one"]
