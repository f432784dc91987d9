"""Somebody plays a customer on the real pages; nothing of it is mailed, counted or left behind."""

import re

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from accounts.members.models import User
from accounts.tenancy import actions as workspaces
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope
from referrals.landing import seals
from referrals.practice import queries
from tests.factories import accounts as make
from tests.factories import referrals as make_referrals
from tests.factories.accounts import NOW

PHONE = "/app/acme/practice"


@pytest.fixture
def as_role(acme, client):
    def sign_in(role, name="Ben Cole"):
        with workspace_scope(acme.pk):
            member = make.MemberFactory(workspace=acme, role=role, name=name)
        client.force_login(User.objects.get(pk=member.user_id))
        return client

    return sign_in


@pytest.fixture
def dana(as_role, acme):
    """A CS manager who has switched the phone on; a real program with words of its own is there."""
    with workspace_scope(acme.pk):
        make_referrals.ProgramFactory(workspace=acme, ideal_problem="month-end", call_title="Coffee, thirty minutes")
    client = as_role("manager", "Dana Reyes")
    client.post(f"{PHONE}/begin")
    return client


def screen(client, who="jamie"):
    """The address that the phone shows."""
    page = client.get(f"{PHONE}?as={who}").content.decode()
    return re.search(r'<iframe src="([^"]+)"', page)[1]


def play(client):
    """Ten, a word, and a friend who asks for a call."""
    survey = screen(client)
    client.post(survey, {"score": "10"})
    client.post(f"{survey}/more", {"comment": "You gave me my evenings back."})
    landing = screen(client, "friend")
    client.get(landing, HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64) Chrome/150.0")
    sandbox = Workspace.objects.get(sandbox_kind="practice")
    with workspace_scope(sandbox.pk):
        link = sandbox.links.get()
    seal = seals.seal(link.pk, NOW)
    return client.post(landing, {"name": "Kim Park", "email": "kim@globex.example", "company": "Globex", "seal": seal})


def rows_by_table():
    """How many rows each tenant table has of anybody, as the owner of the tables would count them."""
    counted = {}
    for model in apps.get_models():
        if any(field.name == "workspace" for field in model._meta.fields):
            for workspace in Workspace.objects.all():
                with workspace_scope(workspace.pk):
                    number = model._base_manager.filter(workspace=workspace).count()
                counted[model._meta.db_table] = counted.get(model._meta.db_table, 0) + number
    return counted


def test_not_signed_in_you_are_asked_to(client, acme):
    assert client.post(f"{PHONE}/begin").url.startswith("/accounts/login/")


def test_who_may_not_ask_does_not_play(as_role):
    analyst = as_role("analyst")

    assert [analyst.get(PHONE).status_code, analyst.post(f"{PHONE}/begin").status_code] == [403, 403]


def test_strangers_find_no_phone(dana, globex):
    assert dana.get("/app/globex/practice").status_code == 404


def test_the_phone_shows_the_real_pages_inside_ours_and_says_that_it_is_practice(dana):
    page = dana.get(screen(dana))

    assert "Practice" in page.content.decode()
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
    assert "frame-src 'self'" in dana.get(PHONE)["Content-Security-Policy"]
    assert "Coffee, thirty minutes" in dana.get(screen(dana, "friend")).content.decode()


def test_pages_of_the_dashboard_are_shown_inside_no_other(dana):
    answer = dana.get(PHONE)

    assert (answer["X-Frame-Options"], "frame-ancestors 'none'" in answer["Content-Security-Policy"]) == ("DENY", True)


def test_what_is_played_appears_on_today_marked_as_practice(dana):
    assert play(dana).status_code == 303

    page = dana.get("/app/acme/today").content.decode()
    behind = dana.get(f"{PHONE}/so-far").content.decode()

    assert "Call Kim Park" in page
    assert page.count(">practice</span>") == 2
    assert "You gave me my evenings back." in behind


def test_nothing_that_is_played_is_counted_or_mailed(dana, acme):
    with workspace_scope(acme.pk):
        before = (acme.responses.count(), acme.asks.count(), acme.referrals.count(), acme.messages.count())

    play(dana)

    today = dana.get("/app/acme/today").context
    with workspace_scope(acme.pk):
        assert (acme.responses.count(), acme.asks.count(), acme.referrals.count(), acme.messages.count()) == before
    assert (today["asks"], today["also"], today["done"]["mails"], today["pace"]["in_time"]) == ([], [], 0, "")
    assert dana.get("/app/acme/referrals/").content.decode().count("Kim Park") == 0


def test_removing_it_leaves_no_row_and_touches_nothing_else(dana, acme, globex, scope):
    with scope(globex.pk):
        make.ContactFactory(workspace=globex)
    dana.post(f"{PHONE}/remove")
    before = rows_by_table()
    dana.post(f"{PHONE}/begin")
    play(dana)
    assert sum(rows_by_table().values()) > sum(before.values()) + 10

    answer = dana.post(f"{PHONE}/remove")

    after = rows_by_table()
    facts = {"accounts_event": after["accounts_event"] - before["accounts_event"]}
    assert answer.url == "/app/acme/today"
    # Ours remembers that it was begun and removed.
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == facts
    assert facts == {"accounts_event": 2}
    assert Workspace.objects.filter(sandbox_kind="practice").count() == 0


def test_that_it_was_played_is_remembered(dana, acme):
    play(dana)
    dana.post(f"{PHONE}/remove")

    page = dana.get("/app/acme/start").content.decode()

    assert "Played to the end." in page


def test_playing_again_begins_anew(dana):
    play(dana)
    first = screen(dana)

    dana.post(f"{PHONE}/begin")

    assert screen(dana) != first
    assert dana.get(first).status_code == 404
    assert queries.play_of(Workspace.objects.get(sandbox_kind="practice")).friend == ""


@pytest.mark.parametrize("kind", ["ours, but real", "somebody else's"])
def test_the_database_removes_nothing_but_a_sandbox_of_ours(dana, acme, globex, kind):
    wanted = acme if kind == "ours, but real" else Workspace.objects.get(sandbox_kind="practice")
    home = acme if kind == "ours, but real" else globex

    with workspace_scope(home.pk), pytest.raises(DatabaseError, match="no sandbox"), transaction.atomic():
        workspaces.remove_sandbox(wanted)

    assert Workspace.objects.filter(pk=wanted.pk).exists()


def test_books_and_facts_cannot_be_deleted_by_saying_that_a_sandbox_leaves(in_acme):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.purging', 'x', true)")
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            cursor.execute("DELETE FROM rewards_ledgerentry")
