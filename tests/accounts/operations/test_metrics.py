"""/metrics: who may read it, what it says, and that it says something even when nobody answers."""

import datetime

import pytest
from django.db import OperationalError
from django.db.models.functions import Now
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from accounts.operations import queries
from accounts.tenancy.scope import workspace_scope
from accounts.workers import actions, pulse
from accounts.workers.models import Outage, WorkerHeartbeat

TOKEN = "a-token-of-some-length-0123456789"


def figures(answer):
    """{(name, label values): value} of the page."""
    families = text_string_to_metric_families(answer.content.decode())
    return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}


@pytest.fixture
def metrics(client, db):
    def get():
        answer = client.get("/metrics")
        assert answer.status_code == 200, answer.content
        return figures(answer)

    return get


# --- Who may read it


def get(client, address="203.0.113.9", **headers):
    return client.get("/metrics", REMOTE_ADDR=address, headers=headers)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_whoever_is_on_this_machine_may_read(client, db, address):
    assert get(client, address).status_code == 200


@pytest.mark.parametrize("address", ["203.0.113.9", "10.0.0.1", "::ffff:10.0.0.1", "", "nonsense"])
def test_strangers_may_not_and_are_told_how(client, db, address):
    answer = get(client, address)

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert "METRICS_TOKEN" in answer.content.decode()


def test_the_token_opens_it_from_everywhere(client, db, settings):
    settings.METRICS_TOKEN = TOKEN

    assert get(client, authorization=f"Bearer {TOKEN}").status_code == 200
    assert get(client, authorization=f"bearer {TOKEN} ").status_code == 200


@pytest.mark.parametrize("sent", ["Bearer wrong", f"Basic {TOKEN}", TOKEN, "Bearer", "Bearer ", "Bearer tökén", ""])
def test_anything_else_does_not(client, db, settings, sent):
    settings.METRICS_TOKEN = TOKEN

    assert get(client, authorization=sent).status_code == 401


def test_without_a_token_an_empty_one_opens_nothing(client, db):
    assert get(client, authorization="Bearer ").status_code == 401


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via", "X-Forwarded-Proto"])
def test_somebody_behind_a_proxy_on_this_machine_is_not_on_this_machine(client, db, header):
    assert get(client, "127.0.0.1", **{header: "whatever"}).status_code == 401


def test_where_a_proxy_is_expected_this_machine_needs_the_token_too(client, db, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.METRICS_TOKEN = TOKEN

    assert get(client, "127.0.0.1").status_code == 401
    assert get(client, "127.0.0.1", authorization=f"Bearer {TOKEN}").status_code == 200


def test_https_means_that_something_stands_in_front(client, db, settings):
    settings.HTTPS = True

    assert get(client, "127.0.0.1").status_code == 401


def test_it_is_only_read_and_never_kept(client, db):
    answer = get(client, "127.0.0.1")

    assert "no-store" in answer["Cache-Control"]
    assert client.post("/metrics").status_code == 405


# --- What it says


def test_an_idle_installation(metrics):
    said = metrics()

    assert said["goodword_info", "0.1.0"] == 1
    assert (said["goodword_up", "database"], said["goodword_up", "broker"]) == (1, 1)
    assert said["goodword_oldest_due_seconds", "ask"] == 0
    assert said["goodword_queue_workers", "mail"] == 0
    assert said["goodword_outages_total",] == 0
    assert ("goodword_pulse_age_seconds",) not in said


def test_mail_that_waits_counts_over_all_workspaces_and_asks_apart(acme, globex, post, metrics):
    post(acme, due_in=-600)
    post(globex, due_in=-30)
    post(globex, kind="survey", due_in=-60)
    post(acme, "later@northwind.example", due_in=3600)

    said = metrics()

    assert said["goodword_messages", "queued"] == 4
    assert said["goodword_messages_due", "ask"] == 2
    assert 600 <= said["goodword_oldest_due_seconds", "ask"] < 660
    assert 60 <= said["goodword_oldest_due_seconds", "survey"] < 120
    assert said["goodword_messages_due", "notice"] == 0


def test_the_mail_of_a_suspended_workspace_waits_on_purpose(acme, post, metrics):
    post(acme, due_in=-600)
    acme.state = "suspended"
    acme.save()

    assert metrics()["goodword_messages_due", "ask"] == 0


def test_stranded_mail_by_state(acme, post, metrics):
    states = ["sending", "unconfirmed", "unconfirmed", "failed", "sent", "cancelled"]
    for number, state in enumerate(states):
        message = post(acme, f"jamie{number}@northwind.example")
        with workspace_scope(acme.pk):
            acme.messages.filter(pk=message.pk).update(
                state=state, lease_until=timezone.now() - datetime.timedelta(minutes=2)
            )

    said = metrics()

    assert {state: said.get(("goodword_messages", state)) for state in states} == {
        "sending": 1,
        "unconfirmed": 2,
        "failed": 1,
        "sent": None,
        "cancelled": None,
    }
    assert said["goodword_messages_stuck",] == 1


def test_workers_pulse_and_outages(metrics):
    for name, ago in (("celery@one", 0), ("celery@gone", 300)):
        actions.beat_heart(name=name, pid=7, version="0", queues=["mail"], running_s=9.0, consumed_s_ago=4.0)
        WorkerHeartbeat.objects.filter(name=name).update(seen_at=Now() - datetime.timedelta(seconds=ago))
    pulse.beat()
    at = datetime.datetime(2026, 11, 17, 10, 0, tzinfo=datetime.UTC)
    Outage.objects.create(started_at=at, ended_at=at + datetime.timedelta(minutes=7))

    said = metrics()

    assert 300 <= said["goodword_worker_heartbeat_age_seconds", "celery@gone"] < 360
    assert 4 <= said["goodword_worker_consumed_age_seconds", "celery@one"] < 60
    assert (said["goodword_queue_workers", "mail"], said["goodword_queue_workers", "asks"]) == (1, 0)
    assert 0 <= said["goodword_pulse_age_seconds",] < 60
    assert (said["goodword_outages_total",], said["goodword_outage_seconds_total",]) == (1, 420)


def test_queue_lengths(metrics):
    with queries.broker() as broker:
        broker.rpush("money", "one", "two")
        try:
            assert metrics()["goodword_queue_length", "money"] == 2
        finally:
            broker.delete("money")


def test_it_costs_the_same_whoever_works(metrics, acme, globex, post, django_assert_num_queries):
    with django_assert_num_queries(4):
        metrics()

    for workspace in (acme, globex):
        post(workspace, due_in=-9)
    for number in range(3):
        actions.beat_heart(name=f"w{number}", pid=7, version="0", queues=["mail"], running_s=1.0, consumed_s_ago=None)
    with django_assert_num_queries(4):
        metrics()


# --- When nobody answers


def test_without_the_broker_the_rest_is_said(metrics, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    said = metrics()

    assert (said["goodword_up", "database"], said["goodword_up", "broker"]) == (1, 0)
    assert said["goodword_messages", "queued"] == 0
    assert ("goodword_queue_length", "mail") not in said


def test_without_the_database_the_rest_is_said(metrics, monkeypatch):
    def fail():
        raise OperationalError("no connection")

    monkeypatch.setattr("accounts.operations.metrics.workers", fail)

    said = metrics()

    assert (said["goodword_up", "database"], said["goodword_up", "broker"]) == (0, 1)
    assert said["goodword_queue_length", "mail"] == 0
    assert ("goodword_messages", "queued") not in said
