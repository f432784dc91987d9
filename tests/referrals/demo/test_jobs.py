"""Demo data on and off: beside the workspace, never in it, and without a trace afterwards."""

import datetime

import pytest

from accounts.mail import claims
from accounts.members.models import User
from accounts.tenancy.clock import database_now
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope
from referrals.demo import actions, jobs, tasks
from tests.factories import accounts as make
from tests.referrals.practice.test_practice import rows_by_table

PAGE = "/app/acme/settings/demo"


@pytest.fixture
def as_role(acme, client):
    def sign_in(role):
        with workspace_scope(acme.pk):
            member = make.MemberFactory(workspace=acme, role=role, name="Dana Reyes")
        client.force_login(User.objects.get(pk=member.user_id))
        return client

    return sign_in


@pytest.fixture
def dana(as_role):
    return as_role("owner")


def work_off(workspace):
    """What the worker does."""
    with workspace_scope(workspace.pk):
        left = jobs.due(workspace=workspace, now=database_now())
    for job in left:
        tasks.work(workspace_id=str(workspace.pk), job_id=str(job.pk))


@pytest.fixture
def demo(dana, acme):
    dana.post(PAGE, {"wish": "load"})
    work_off(acme)
    return Workspace.objects.get(sandbox_kind="demo")


def test_not_signed_in_you_are_asked_to(client, acme):
    assert client.post(PAGE, {"wish": "load"}).url.startswith("/accounts/login/")


def test_strangers_find_nothing(dana, globex):
    assert dana.post("/app/globex/settings/demo", {"wish": "load"}).status_code == 404


@pytest.mark.parametrize("role", ["manager", "analyst", "finance"])
def test_who_may_not_set_anything_loads_nothing(as_role, role):
    assert as_role(role).post(PAGE, {"wish": "load"}).status_code == 403


def test_it_shows_how_far_it_has_come(dana, acme):
    dana.post(PAGE, {"wish": "load"})

    page = dana.get(f"{PAGE}/progress").content.decode()

    assert "Customers and what changed for them, 1 of 4." in page
    assert 'hx-trigger="every 1s"' in page


def test_it_stands_beside_the_workspace_and_its_owner_walks_in(dana, acme, demo):
    today = dana.get(f"/app/{demo.slug}/today")
    page = today.content.decode()

    assert "Look around in Marlow" in dana.get(PAGE).content.decode()
    assert "Demo data" in page
    assert today.context["top"].lead == "Five people just said they love it."
    with workspace_scope(acme.pk):
        assert (acme.contacts.count(), acme.responses.count(), acme.asks.count()) == (0, 0, 0)
    # The way in leads to the real workspace.
    assert dana.get("/app/").url == "/app/acme/today"


@pytest.mark.parametrize("page", ["today", "referrals/", "customers/people", "rewards/", "settings/workspace"])
def test_every_page_of_it_says_that_it_is_a_demo(dana, demo, page):
    assert "Nobody here is real, and nothing is mailed." in dana.get(f"/app/{demo.slug}/{page}").content.decode()


def test_two_at_once_are_one(dana, acme):
    dana.post(PAGE, {"wish": "load"})
    dana.post(PAGE, {"wish": "load"})

    with workspace_scope(acme.pk):
        assert acme.demo_jobs.count() == 1


def test_the_demo_has_no_demo(dana, demo):
    dana.post(f"/app/{demo.slug}/settings/demo", {"wish": "load"})

    assert Workspace.objects.filter(sandbox_of=demo).count() == 0


def test_its_mail_is_stopped_at_the_claim_whatever_way_was_chosen(demo):
    with workspace_scope(demo.pk):
        due = demo.messages.filter(state="queued")
        due.update(due_at=database_now() - datetime.timedelta(minutes=1), approved_until=None, expires_at=None)
        waiting = set(due.values_list("pk", flat=True))

    claimed = claims.claim(demo, limit=100, transport="smtp")

    with workspace_scope(demo.pk):
        ends = set(demo.messages.filter(pk__in=waiting).values_list("state", "error"))
    assert waiting
    assert (claimed, ends) == ([], {("cancelled", "demo")})


def test_removing_it_leaves_no_row_of_it_and_every_row_of_ours(dana, acme, globex, scope):
    with scope(globex.pk):
        make.ContactFactory(workspace=globex)
    with scope(acme.pk):
        make.ContactFactory(workspace=acme)
    before, people = rows_by_table(), User.objects.count()
    dana.post(PAGE, {"wish": "load"})
    work_off(acme)
    assert rows_by_table()["rewards_ledgerline"] > before["rewards_ledgerline"]

    dana.post(PAGE, {"wish": "remove"})
    work_off(acme)

    after = rows_by_table()
    ours = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    # Ours remembers that it was wished for twice, and how that ended.
    assert ours == {"accounts_event": 4, "referrals_demojob": 2}
    assert (User.objects.count(), Workspace.objects.count()) == (people, 2)
    assert "No row of it is left." in dana.get(PAGE).content.decode()


def test_a_worker_that_dies_between_two_scenes_is_followed(dana, acme, monkeypatch):
    dana.post(PAGE, {"wish": "load"})
    with workspace_scope(acme.pk):
        job = acme.demo_jobs.get()

    with monkeypatch.context() as dying:
        dying.setattr(jobs, "_step", lambda *_all: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            jobs.work(workspace=acme, job_id=job.pk)
    work_off(acme)
    with workspace_scope(acme.pk):
        assert acme.demo_jobs.get().state == "running"  # somebody may still be at it
        acme.demo_jobs.update(lease_until=database_now() - datetime.timedelta(seconds=1))
    work_off(acme)

    with workspace_scope(acme.pk):
        assert acme.demo_jobs.get().state == "done"


def test_what_fails_leaves_nothing_behind_and_says_so(dana, acme, monkeypatch, caplog):
    before = rows_by_table()
    broken = actions.Scene("Trouble", lambda *_all: 1 / 0)
    monkeypatch.setattr(actions, "SCENES", (*actions.SCENES[:2], broken))
    dana.post(PAGE, {"wish": "load"})

    work_off(acme)

    after = rows_by_table()
    assert "Something went wrong, and nothing of it was kept." in dana.get(PAGE).content.decode()
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {
        "accounts_event": 2,
        "referrals_demojob": 1,
    }
    assert "The demo of acme failed." in caplog.text
