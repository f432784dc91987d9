"""Each look for due mail is one beat; a long silence between two is one outage."""

import datetime
import threading

import pytest
from django.db import connection
from django.db.models.functions import Now

from accounts.mail import tasks
from accounts.workers import pulse
from accounts.workers.models import Outage, Pulse
from accounts.workers.queries import outages_since, pulse_age
from accounts.workers.signals import outage_ended


@pytest.fixture
def told():
    heard = []

    def hear(*, started_at, ended_at, **kwargs):
        heard.append((started_at, ended_at))

    outage_ended.connect(hear, weak=False)
    yield heard
    outage_ended.disconnect(hear)


def last_beat_was(**ago):
    pulse.beat()
    Pulse.objects.update(beat_at=Now() - datetime.timedelta(**ago))
    return Pulse.objects.get().beat_at


def test_the_first_beat_of_an_installation_ends_no_outage(db, told):
    assert pulse_age() is None
    assert pulse.beat() is None

    assert (Pulse.objects.count(), Outage.objects.count(), told) == (1, 0, [])
    assert 0 <= pulse_age() < 20


def test_a_short_silence_is_no_outage(db, told):
    last_beat_was(minutes=4)

    assert pulse.beat() is None
    assert (Outage.objects.count(), told) == (0, [])


def test_a_long_silence_is_stored_and_told_once(db, told):
    stopped = last_beat_was(hours=6)

    outage = pulse.beat()
    again = pulse.beat()

    assert again is None
    assert Outage.objects.get() == outage
    assert outage.started_at == stopped
    assert pulse_age() < 20
    assert told == [(outage.started_at, outage.ended_at)]


def test_a_listener_that_fails_loses_only_its_own_work(db, told, caplog):
    def fail(**kwargs):
        raise ValueError("listener")

    outage_ended.connect(fail, weak=False)
    try:
        last_beat_was(hours=6)
        outage = pulse.beat()
    finally:
        outage_ended.disconnect(fail)

    assert list(outages_since(outage.ended_at)) == [outage]
    assert len(told) == 1
    assert "listener" in caplog.text


def test_an_ordinary_beat_is_one_statement(db, django_assert_num_queries):
    pulse.beat()

    with django_assert_num_queries(3):  # two of them are the savepoint's
        pulse.beat()


def test_outages_since_begins_with_those_that_ended_then(db):
    at = datetime.datetime(2026, 11, 17, 10, 0, tzinfo=datetime.UTC)
    hour = datetime.timedelta(hours=1)
    first, second, third = (
        Outage.objects.create(started_at=at + number * 10 * hour, ended_at=at + (number * 10 + 1) * hour)
        for number in range(3)
    )

    assert list(outages_since(second.ended_at)) == [second, third]
    assert list(outages_since(third.ended_at + hour)) == []
    assert list(outages_since(at)) == [first, second, third]


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_end_one_outage(told):
    last_beat_was(hours=6)
    both = threading.Barrier(2)

    def tick():
        both.wait()
        tasks.tick()
        connection.close()

    ticks = [threading.Thread(target=tick) for _tick in range(2)]
    for one in ticks:
        one.start()
    for one in ticks:
        one.join()

    outage = Outage.objects.get()
    assert told == [(outage.started_at, outage.ended_at)]
    assert pulse_age() < 20
