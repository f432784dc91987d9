"""What the queue may do to us, and what it may not."""

import pytest
from celery import current_app

from config import celery


@pytest.fixture(scope="module")
def conf():
    celery.app.loader.import_default_modules()
    return celery.app.conf


def test_a_task_comes_back_when_its_worker_dies_and_only_then(conf):
    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.task_acks_on_failure_or_timeout
    assert conf.worker_prefetch_multiplier == 1


def test_no_task_runs_longer_than_the_broker_waits_for_it(conf):
    timeouts = {
        conf.visibility_timeout,
        conf.broker_transport_options["visibility_timeout"],
        conf.result_backend_transport_options["visibility_timeout"],
    }

    assert timeouts == {celery.VISIBILITY_TIMEOUT_S}
    assert conf.task_soft_time_limit < conf.task_time_limit < celery.VISIBILITY_TIMEOUT_S


def test_nobody_waits_for_ever_for_a_broker_that_is_away(conf):
    options = conf.broker_transport_options

    assert 1 < options["socket_timeout"] <= 10
    assert options["socket_connect_timeout"] <= 2
    assert options["max_retries"] == 1
    # A worker goes on trying, whatever happens.
    assert conf.broker_connection_retry_on_startup
    assert conf.broker_connection_max_retries is None


def test_nothing_is_kept_in_the_broker_and_nothing_but_json_goes_through_it(conf):
    assert conf.task_ignore_result
    assert conf.result_backend is None
    assert list(conf.accept_content) == ["json"]


def test_no_tick_is_thrown_away_because_two_clocks_differ(conf):
    names = {entry["task"] for entry in conf.beat_schedule.values()}
    lives = {name: current_app.tasks[name].expires for name in names}

    assert all(life is None or life >= 6 * 3600 for life in lives.values()), lives
    assert not any("expires" in entry.get("options", {}) for entry in conf.beat_schedule.values())
