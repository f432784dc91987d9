"""Every task is a doorway that the workers open, by a name and on a queue."""

import inspect
import re

import pytest
from celery import current_app

from config import celery, up

OURS = ("accounts.", "feedback.", "rewards.", "referrals.")


def tasks():
    celery.app.loader.import_default_modules()
    found = [task for task in current_app.tasks.values() if task.__class__.__module__.startswith(OURS) or (
        task.run.__module__.startswith(OURS)
    )]  # fmt: skip
    return sorted(found, key=lambda task: task.name)


TASKS = tasks()


def queue_of(name):
    return celery.app.amqp.router.route({}, name)["queue"].name


def test_the_rooms_tasks_are_found():
    assert {task.name for task in TASKS} >= {"mail.tick", "asks.tick", "rewards.tick", "accounts.tick", "feedback.tick"}


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_a_task_has_a_name_of_its_own_and_a_queue_that_workers_consume(task):
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", task.name)
    assert queue_of(task.name) in up.QUEUES.split(",")


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_a_task_takes_keywords_only_and_room_for_what_a_newer_release_says(task):
    kinds = [parameter.kind for parameter in inspect.signature(task.run).parameters.values()]

    assert inspect.Parameter.VAR_KEYWORD in kinds
    assert set(kinds) <= {inspect.Parameter.VAR_KEYWORD, inspect.Parameter.KEYWORD_ONLY}


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_a_task_does_not_ask_its_worker_what_time_it_is(task):
    """Workers' clocks may be hours off: what is over is over by the database's (accounts/tenancy/clock.py)."""
    source = inspect.getsource(inspect.getmodule(task.run))

    assert "timezone.now" not in source
    assert "datetime.now" not in source


def test_every_beat_wakes_a_task_that_exists():
    wanted = {entry["task"] for entry in celery.app.conf.beat_schedule.values()}

    assert wanted <= {task.name for task in TASKS}


@pytest.mark.parametrize("task", [task for task in TASKS if task.name.endswith(".tick")], ids=lambda task: task.name)
def test_a_tick_leaves_every_workspace_to_itself(task, acme, globex, django_assert_max_num_queries):
    """It walks from workspace to workspace without failing, and leaves no scope open behind it."""
    from django.db import connection

    if task.name != "mail.tick":  # mail refuses to be handed over inside the transaction of a test
        task.run()

    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('app.workspace_id', true), '')")
        assert cursor.fetchone()[0] == ""
