"""The audit log: who, what, when, on what."""

import pytest

from accounts.audit import words
from accounts.events import actions as events
from accounts.lists import tasks
from accounts.tenancy.actor import SYSTEM, Actor, ActorKind
from tests.factories import accounts as make
from tests.factories.accounts import NOW

AUDIT = "/app/acme/settings/audit"


@pytest.fixture
def facts(in_acme):
    """A change by a member, one by a key, one about a person by Goodword itself; oldest first."""
    ana = make.MemberFactory(workspace=in_acme, name="Ana Acme")
    key = make.ApiKeyFactory(workspace=in_acme, name="CRM")
    jamie = make.ContactFactory(workspace=in_acme, first_name="Jamie", last_name="Okafor")
    by_ana, by_key = Actor(ActorKind.MEMBER, ana.pk), Actor(ActorKind.API_KEY, key.pk)
    data = {"fields": ["name"], "changes": {"name": ["Acme", "Acme Inc"], "eu_mode": [False, True]}}
    events.record(
        workspace_id=in_acme.pk, type="api_key.created", subject=key, by=by_ana, now=NOW, data={"name": "CRM"}
    )
    events.record(
        workspace_id=in_acme.pk, type="contact.updated", subject=jamie, by=by_key, now=NOW, contact_id=jamie.pk
    )
    events.record(workspace_id=in_acme.pk, type="member.changed", subject=ana, by=SYSTEM, now=NOW, data=data)
    return ana


def told(answer):
    return [(row.said, row.who, row.on_what, row.details) for row in answer.context["rows"]]


def test_each_entry_says_who_did_what_on_what(sign_in, facts):
    assert told(sign_in("admin").get(AUDIT)) == [
        ("Member changed", "Goodword", "Ana Acme", "name: Acme → Acme Inc; EU mode: off → on"),
        ("Contact updated", "CRM", "Jamie Okafor", ""),
        ("API key made", "Ana Acme", "CRM", "name: CRM"),
    ]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("about=settings", ["API key made"]),
        ("about=customers&sort=at", ["Contact updated"]),
        ("by=keys", ["Contact updated"]),
        ("by=goodword", ["Member changed"]),
        ("since=2026-11-18", []),
        ("until=2026-11-17&sort=at", ["API key made", "Contact updated", "Member changed"]),
        ("since=nonsense&sort=at", ["API key made", "Contact updated", "Member changed"]),
    ],
)
def test_the_address_says_what_is_shown(sign_in, facts, query, said):
    assert [row[0] for row in told(sign_in("admin").get(f"{AUDIT}?{query}"))] == said


def test_one_persons_deeds(sign_in, facts):
    assert [row[0] for row in told(sign_in("admin").get(f"{AUDIT}?by={facts.public_id}"))] == ["API key made"]


def test_pages_follow_each_other_without_a_gap(sign_in, in_acme):
    for number in range(60):
        contact = make.ContactFactory(workspace=in_acme, first_name=f"N{number}")
        events.record(workspace_id=in_acme.pk, type="contact.updated", subject=contact, by=SYSTEM, now=NOW)
    admin = sign_in("admin")

    first = admin.get(AUDIT).context
    second = admin.get(f"{AUDIT}?at={first['page'].next}").context

    seen = [row.pk for row in [*first["rows"], *second["rows"]]]
    assert (len(seen), len(set(seen)), second["page"].next) == (60, 60, "")


@pytest.mark.parametrize("role", ["manager", "sales", "marketing", "finance", "analyst"])
def test_who_sets_nothing_reads_no_log(sign_in, role):
    assert sign_in(role).get(AUDIT).status_code == 403


def test_the_log_comes_as_a_file_and_asking_for_it_is_in_the_log(sign_in, facts, in_acme, monkeypatch):
    monkeypatch.setattr(tasks.export_files, "delay", lambda **_given: None)

    sign_in("admin").post("/app/acme/lists/audit/export", {"all": "1", "query": "about=settings"})

    assert in_acme.exports.get().list_name == "audit"
    assert in_acme.events.filter(type="export.started").count() == 1


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "nothing"), ([], "nothing"), (True, "on"), ([0, 1], "0, 1"), ("x" * 200, "x" * 160 + "…")],
)
def test_values_are_short_and_in_words(value, said):
    assert words.details({"changes": {"tone": ["a", value]}}) == f"tone: a → {said}"
