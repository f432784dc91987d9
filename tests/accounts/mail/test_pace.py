"""How fast mail leaves. The database's clock decides, so these tests move the stored instants instead of waiting."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F

from accounts.mail import dispatcher
from accounts.tenancy.scope import workspace_scope


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """On a busy machine a batch would be cut short, and another number would leave."""
    monkeypatch.setattr(dispatcher, "_PATIENCE_S", 600.0)


@pytest.fixture
def limited(acme):
    """`limited(per_workspace, per_domain)` sets what Acme may send in a minute."""

    def limit(per_workspace=0, per_domain=0):
        acme.limits = {"mails_per_minute": per_workspace, "mails_per_minute_and_domain": per_domain}
        acme.save()

    return limit


def minutes_pass(workspace, minutes):
    with workspace_scope(workspace.pk):
        workspace.paces.update(next_at=F("next_at") - timedelta(minutes=minutes))


def dispatch_all_there_is(workspace, limit=5):
    while dispatcher.dispatch(workspace.pk, limit=limit):
        pass


def test_a_minutes_worth_leaves_at_once_then_it_waits(acme, sink, post, limited):
    limited(per_workspace=10)
    for number in range(30):
        post(acme, f"jamie{number}@northwind.example")

    dispatch_all_there_is(acme)

    # A minute's worth, and the batch that closed the bucket.
    assert len(sink.taken) == 15


def test_in_the_long_run_the_rate_holds(acme, sink, post, limited):
    limited(per_workspace=1)
    for number in range(10):
        post(acme, f"jamie{number}@northwind.example")

    left = []
    for _minute in range(6):
        dispatch_all_there_is(acme, limit=1)
        left.append(len(sink.taken))
        minutes_pass(acme, 1)

    assert left == [2, 3, 4, 5, 6, 7]


def test_a_batch_that_overdraws_is_paid_back(acme, sink, post, limited):
    limited(per_workspace=10)
    for number in range(60):
        post(acme, f"jamie{number}@northwind.example")

    dispatch_all_there_is(acme, limit=50)
    overdrawn = len(sink.taken)
    minutes_pass(acme, 3)
    dispatch_all_there_is(acme, limit=50)
    still = len(sink.taken)
    minutes_pass(acme, 2)
    dispatch_all_there_is(acme, limit=50)

    assert (overdrawn, still, len(sink.taken)) == (50, 50, 60)


def test_a_full_domain_does_not_hold_up_the_others(acme, sink, post, limited):
    limited(per_domain=2)
    for number in range(6):
        post(acme, f"jamie{number}@Northwind.example", due_in=-100 + number)
    post(acme, "kim@globex.example")

    dispatch_all_there_is(acme, limit=3)

    recipients = [one.recipients[0].lower() for one in sink.taken]
    assert sum(recipient.endswith("@northwind.example") for recipient in recipients) == 3
    assert "kim@globex.example" in recipients


def test_when_a_domain_opens_again_its_asks_leave_first(acme, sink, post, limited):
    limited(per_domain=1)
    for number in range(3):
        post(acme, f"first{number}@northwind.example", kind="campaign", due_in=-500)
    dispatch_all_there_is(acme, limit=3)
    post(acme, "campaign@northwind.example", kind="campaign", due_in=-400)
    post(acme, "ask@northwind.example", kind="ask", due_in=-1)

    closed = dispatcher.dispatch(acme.pk, limit=1)
    minutes_pass(acme, 3)
    dispatcher.dispatch(acme.pk, limit=1)

    assert closed == 0
    assert [one.recipients for one in sink.taken[3:]] == [["ask@northwind.example"]]


def test_one_workspaces_pace_is_not_anothers(acme, globex, sink, post, limited):
    limited(per_workspace=1)
    for number in range(4):
        post(acme, f"jamie{number}@northwind.example")
        post(globex, f"kim{number}@northwind.example")

    dispatch_all_there_is(acme, limit=1)
    dispatch_all_there_is(globex, limit=1)

    senders = [one.recipients[0][:3] for one in sink.taken]
    assert (senders.count("jam"), senders.count("kim")) == (2, 4)


def test_without_limits_nothing_is_counted(acme, sink, post, limited):
    limited()
    post(acme)

    dispatcher.dispatch(acme.pk)

    with workspace_scope(acme.pk):
        assert list(acme.paces.all()) == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_spend_from_one_purse(acme, sink, post, limited):
    limited(per_workspace=600, per_domain=300)
    for number in range(40):
        post(acme, f"jamie{number}@{'northwind' if number % 2 else 'globex'}.example")
    ready = threading.Barrier(2)

    def work():
        ready.wait()
        try:
            dispatch_all_there_is(acme)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _two in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len({one.recipients[0] for one in sink.taken}) == len(sink.taken) == 40
    with workspace_scope(acme.pk), connection.cursor() as cursor:
        # Forty mails at ten a second are four seconds ahead, whatever the order; half of that a domain, at five.
        cursor.execute(
            "SELECT domain, extract(epoch FROM next_at - created_at) FROM accounts_pace WHERE workspace_id = %s",
            [acme.pk],
        )
        ahead = {domain: float(seconds) for domain, seconds in cursor.fetchall()}
    assert set(ahead) == {"", "northwind.example", "globex.example"}
    assert all(seconds >= 3.99 for seconds in ahead.values())
