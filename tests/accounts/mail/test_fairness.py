"""Nobody waits behind somebody else's campaign."""

import time

from accounts.mail import dispatcher


def order(sink):
    return [one.recipients[0].partition("@")[0] for one in sink.taken]


def all_due(most=1000):
    return dispatcher.dispatch_all(most=most, until=time.monotonic() + 60)


def test_everybodys_asks_leave_before_anybodys_other_mail(acme, globex, sink, post, monkeypatch):
    monkeypatch.setattr(dispatcher, "BATCH", 2)
    for number in range(5):
        post(acme, f"campaign{number}@northwind.example", kind="campaign", due_in=number - 99)
    post(globex, "ask@initech.example", due_in=-1)
    post(acme, "another-ask@northwind.example", due_in=-1)

    assert all_due() is False

    assert set(order(sink)[:2]) == {"ask", "another-ask"}
    assert order(sink)[2:] == [f"campaign{number}" for number in range(5)]


def test_two_workspaces_send_in_turn(acme, globex, sink, post):
    for number in range(4):
        post(acme, f"acme{number}@northwind.example", kind="campaign", due_in=number - 99)
        post(globex, f"globex{number}@initech.example", kind="campaign", due_in=number - 50)

    for _turn in range(2):
        for workspace in dispatcher.workspaces_with_due_messages():
            dispatcher.dispatch(workspace, limit=2)

    assert order(sink) == [*("acme0", "acme1"), *("globex0", "globex1"), *("acme2", "acme3"), *("globex2", "globex3")]


def test_a_task_ends_after_its_share_and_says_that_more_is_due(acme, sink, post):
    for number in range(5):
        post(acme, f"jamie{number}@northwind.example", kind="campaign")

    assert all_due(most=1) is True
    assert all_due(most=1) is False
    assert len(sink.taken) == 5


def test_a_dead_server_costs_one_try_not_one_for_each_mail(acme, globex, sink, post, settings, states):
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    post(acme)
    post(globex)

    assert all_due() is False

    refused = ("queued", "ConnectionRefusedError: [Errno 111] Connection refused")
    found = [states(acme)["jamie@northwind.example"], states(globex)["jamie@northwind.example"]]
    assert sorted(found) == [("queued", ""), refused]
