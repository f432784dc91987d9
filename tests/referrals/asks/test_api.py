from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.mail.models import Message
from accounts.tenancy.scope import workspace_scope
from referrals.asks.models import Ask
from tests.factories import accounts as make
from tests.factories import referrals as refer

ASKS = "/api/v1/asks"


def ask_of(workspace, **fields):
    now = timezone.now()
    times = {"responded_at": now, "queued_at": now, "deadline_at": now + timedelta(hours=24), "send_at": None}
    with workspace_scope(workspace.pk):
        contact = make.ContactFactory(workspace=workspace)
        return refer.AskFactory(link=refer.LinkFactory(contact=contact), **{**times, **fields})


@pytest.fixture
def ask(acme):
    return ask_of(acme)


@pytest.fixture
def one(ask):
    return f"{ASKS}/{ask.public_id}"


CALLS = [
    ("get", "", None, 200),
    ("patch", "", {"subject": "One question"}, 200),
    ("post", "/send", {}, 200),
    ("post", "/skip", {"reason": "We meet on Friday"}, 200),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), CALLS)
def test_without_a_key_nothing_is_done(client, one, method, path, body, status):
    assert getattr(client, method)(one + path, body, content_type="application/json").status_code == 401


@pytest.mark.parametrize(("method", "path", "body", "status"), CALLS)
def test_a_key_of_another_workspace_finds_nothing(foreign_api, ask, one, method, path, body, status):
    assert getattr(foreign_api, method)(one + path, body).status_code == 404

    with workspace_scope(ask.workspace_id):
        assert Ask.objects.get().state == "queued"


@pytest.mark.parametrize(("method", "path", "body", "status"), CALLS[1:])
def test_a_key_that_may_only_read_is_refused(reading_api, ask, one, method, path, body, status):
    assert getattr(reading_api, method)(one + path, body).status_code == 403


@pytest.mark.parametrize(("method", "path", "body", "status"), CALLS)
def test_a_key_of_the_workspace_may(api, one, method, path, body, status):
    answer = getattr(api, method)(one + path, body)

    assert answer.status_code == status, answer.content


def test_an_ask_as_it_is_shown(api, ask, one):
    shown = api.get(one).json()

    iso = "%Y-%m-%dT%H:%M:%S.%fZ"
    advocate_url, link = shown.pop("advocate_url"), shown.pop("link")
    assert advocate_url.rpartition("/")[0].endswith("/a")
    assert link == {"code": ask.link.code, "url": link["url"]}
    assert link["url"].endswith(f"/r/{ask.link.code}")
    assert shown == {
        "id": ask.public_id,
        "program": ask.program.public_id,
        "also_matched": [],
        "contact": ask.contact.public_id,
        "moment": None,
        "state": "queued",
        "answer": None,
        "channel": "mail",
        "policy": "assisted",
        "sender": {"id": None, "name": "Ana Acme", "email": "ana@acme.example"},
        "subject": "Who else fights with month-end?",
        "body": "Hi Jamie, is there somebody?",
        "problems": [],
        "send_at": None,
        "deadline_at": ask.deadline_at.strftime(iso),
        "late_by_choice": False,
        "queued_at": ask.queued_at.strftime(iso),
        "sent_at": None,
        "answered_at": None,
        "minutes_to_ask": None,
        "ended_reason": "",
    }


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_however_long(api, acme, django_assert_max_num_queries, number):
    made = [ask_of(acme) for _ in range(number)]

    with django_assert_max_num_queries(12):
        results = api.get(ASKS).json()["results"]

    assert [row["id"] for row in results] == [ask.public_id for ask in reversed(made)]


def test_the_list_is_filtered_by_state_deadline_and_owner(api, acme, ana):
    now = timezone.now()
    mine = ask_of(acme, sender=ana)
    skipped = ask_of(acme, state="skipped")
    urgent = ask_of(acme, deadline_at=now + timedelta(hours=1))

    def ids(query):
        return [row["id"] for row in api.get(f"{ASKS}?{query}").json()["results"]]

    assert ids("state=skipped") == [skipped.public_id]
    assert ids(f"owner={ana.public_id}") == [mine.public_id]
    assert ids(f"due_before={(now + timedelta(hours=2)).strftime('%Y-%m-%dT%H:%M:%SZ')}") == [urgent.public_id]


@pytest.mark.parametrize("query", ["state=gone", "due_before=soon", "owner=con_1", "colour=blue"])
def test_a_filter_that_cannot_be_read_is_refused(api, query):
    assert api.get(f"{ASKS}?{query}").status_code == 422


def test_send_puts_the_mail_into_the_outbox(api, ask, one):
    before = timezone.now()

    shown = api.post(f"{one}/send", {}).json()

    with workspace_scope(ask.workspace_id):
        message = Message.objects.get()
    assert shown["state"] == "sending"
    assert before + timedelta(seconds=60) <= message.due_at <= timezone.now() + timedelta(seconds=60)


def test_send_needs_no_body(api, one):
    assert api.post(f"{one}/send").status_code == 200


@pytest.mark.parametrize(("method", "path", "body", "_status"), CALLS[1:])
def test_what_has_left_the_queue_is_a_conflict(api, acme, method, path, body, _status):
    ask = ask_of(acme, state="sent", sent_at=timezone.now())

    answer = getattr(api, method)(f"{ASKS}/{ask.public_id}{path}", body)

    assert (answer.status_code, answer.json()["code"]) == (409, "ask_not_open")


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("patch", "", {"colour": "blue"}, "colour"),
        ("patch", "", {}, "subject"),
        ("patch", "", {"state": "sent"}, "state"),
        ("post", "/send", {"now": True}, "now"),
        ("post", "/skip", {}, "reason"),
    ],
)
def test_the_body_is_judged_before_the_move(api, acme, method, path, body, field):
    ask = ask_of(acme, state="sent", sent_at=timezone.now())

    answer = getattr(api, method)(f"{ASKS}/{ask.public_id}{path}", body)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_the_gate_answers_with_its_reasons(api, ask, one):
    with workspace_scope(ask.workspace_id):
        make.HoldFactory(workspace=ask.workspace, company=ask.contact.company, starts_at=timezone.now())

    answer = api.post(f"{one}/send", {})

    assert (answer.status_code, answer.json()["code"]) == (409, "leave_alone")
    assert [reason["code"] for reason in answer.json()["reasons"]] == ["open_ticket"]


def test_an_ask_made_elsewhere_is_logged_and_counts(api, acme):
    with workspace_scope(acme.pk):
        refer.ProgramFactory(workspace=acme)
    made_at = timezone.now() - timedelta(hours=2)

    body = {"contact": {"email": "kim@northwind.example"}, "made_at": made_at.isoformat(), "channel": "call"}
    answer = api.post(ASKS, body)

    assert answer.status_code == 201, answer.content
    assert (answer.json()["state"], answer.json()["channel"]) == ("sent", "call")
    with workspace_scope(acme.pk):
        assert acme.contacts.get().rest.until == made_at + timedelta(days=180)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"channel": "pigeon"}, "channel"),
        ({"made_at": "yesterday"}, "made_at"),
        ({"made_at": "2099-01-01T00:00:00Z"}, "made_at"),
        ({"contact": {"id": "con_01k9zzzzzzzzzzzzzzzzzzzzzz"}}, "contact.id"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_an_ask_that_cannot_have_been_made_is_refused(api, acme, change, field):
    body = {"contact": {"email": "kim@northwind.example"}, "made_at": "2026-01-01T00:00:00Z", **change}

    answer = api.post(ASKS, body)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_programs_are_listed_and_read(api, foreign_api, acme):
    with workspace_scope(acme.pk):
        program = refer.ProgramFactory(workspace=acme)
        refer.ProgramFactory(workspace=acme, state="draft")

    listed = api.get("/api/v1/programs?state=live").json()["results"]
    read = api.get(f"/api/v1/programs/{program.public_id}").json()

    assert [row["id"] for row in listed] == [program.public_id]
    assert read == listed[0]
    assert foreign_api.get(f"/api/v1/programs/{program.public_id}").status_code == 404
    assert foreign_api.get("/api/v1/programs").json()["results"] == []
