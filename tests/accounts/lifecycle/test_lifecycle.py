"""A workspace rests, wakes up, closes, is called back, is deleted."""

import datetime

import pytest
from django.utils import timezone

from accounts.lifecycle import purging
from accounts.lifecycle.actions import UNTIL_DELETED
from accounts.mail import dispatcher
from accounts.mail.models import AccountMessage, Message
from accounts.members.models import User
from accounts.tenancy import actions as tenancy
from accounts.tenancy.models import Workspace
from referrals.links.addresses import advocate_url
from tests.factories import accounts as make
from tests.factories import referrals as make_referrals
from tests.guards.test_pages import tell_a_story

LIFE = "/app/acme/settings/life"
TYPED = {"typed": "acme"}


@pytest.fixture
def owner(sign_in):
    return sign_in("owner")


def state_of(workspace):
    return Workspace.objects.get(pk=workspace.pk).state


# --- suspend and resume


def test_an_owner_suspends_by_typing_the_name_and_wakes_it_up_by_one_press(owner, in_acme):
    slip = owner.post(f"{LIFE}/suspend", {"typed": "acne"})
    owner.post(f"{LIFE}/suspend", TYPED)
    suspended = state_of(in_acme)
    owner.post(f"{LIFE}/resume")

    assert (slip.status_code, list(slip.context["suspending"].errors)) == (422, ["typed"])
    assert (suspended, state_of(in_acme)) == ("suspended", "active")
    types = in_acme.events.filter(type__startswith="workspace.").order_by("pk").values_list("type", flat=True)
    assert list(types) == ["workspace.suspended", "workspace.resumed"]


@pytest.mark.parametrize("deed", ["suspend", "close"])
def test_suspending_and_closing_ask_for_the_password_again(owner, in_acme, deed):
    session = owner.session
    session["account_authentication_methods"] = []
    session.save()

    answer = owner.post(f"{LIFE}/{deed}", TYPED)

    assert answer.url.startswith("/accounts/reauthenticate/")
    assert state_of(in_acme) == "active"


@pytest.mark.parametrize("role", ["admin", "finance", "analyst"])
@pytest.mark.parametrize("deed", ["suspend", "resume", "close", "call-back"])
def test_only_owners_decide_over_it(sign_in, in_acme, role, deed):
    assert sign_in(role).post(f"{LIFE}/{deed}", TYPED).status_code == 403
    assert state_of(in_acme) == "active"


def test_waking_up_what_is_awake_is_refused_in_words(owner, in_acme):
    owner.post(f"{LIFE}/resume")

    assert "Acme is active." in owner.get(LIFE).content.decode()
    assert in_acme.events.filter(type="workspace.resumed").exists() is False


def test_a_suspended_workspace_is_shut_for_its_team_but_for_the_way_back(owner, sign_in, in_acme):
    owner.post(f"{LIFE}/suspend", TYPED)

    pages = {
        path: owner.get(f"/app/acme/{path}").status_code for path in ("today", "customers/people", "settings/team")
    }
    open_ones = {path: owner.get(f"/app/acme/{path}").status_code for path in ("settings/life", "settings/archives")}
    changed = owner.post("/app/acme/settings/workspace", {"name": "Other"})
    sales = sign_in("sales")

    assert set(pages.values()) == {302}
    assert set(open_ones.values()) == {200}
    assert changed.url.startswith("/app/acme/resting")
    assert sales.get("/app/acme/today").url.startswith("/app/acme/resting")
    assert "Acme rests." in " ".join(sales.get("/app/acme/resting").content.decode().split())
    assert sales.get("/app/").url == "/app/acme/today"


def test_the_api_says_in_which_state_it_is(api, acme):
    Workspace.objects.filter(pk=acme.pk).update(state="suspended")

    answer = api.get("/api/v1/me")

    assert (answer.status_code, answer.json()["code"]) == (403, "workspace_suspended")


def test_public_pages_say_kindly_that_it_takes_a_break(client, in_acme):
    link = make_referrals.LinkFactory(contact=make.ContactFactory(workspace=in_acme))
    Workspace.objects.filter(pk=in_acme.pk).update(state="suspended")

    friend, customer = (
        client.get(f"/r/{link.code}"),
        client.get(advocate_url(link).removeprefix("http://127.0.0.1:8000")),
    )

    assert "Acme is taking a break." in friend.content.decode()
    assert "Acme is taking a break." in customer.content.decode()
    assert (friend.status_code, customer.status_code) == (404, 404)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", ["suspended", "closing"])
def test_nothing_leaves_a_workspace_that_rests(acme, scope, state):
    with scope(acme.pk):
        make.MessageFactory(workspace=acme, state="queued", due_at=timezone.now())
    closes_at = timezone.now() if state == "closing" else None
    Workspace.objects.filter(pk=acme.pk).update(state=state, closes_at=closes_at)

    assert dispatcher.workspaces_with_due_messages() == []
    assert dispatcher.dispatch(acme.pk) == 0
    with scope(acme.pk):
        assert Message.objects.get().state == "queued"


@pytest.mark.django_db(transaction=True)
def test_what_was_claimed_a_moment_before_stays_too(acme, scope):
    from accounts.mail import claims

    with scope(acme.pk):
        make.MessageFactory(workspace=acme, state="queued", due_at=timezone.now())
    claimed = claims.claim(acme, limit=10, transport="mailbox")
    before = claims.look_again(acme, claimed)
    Workspace.objects.filter(pk=acme.pk).update(state="suspended")

    assert (len(claimed), before, claims.look_again(acme, claimed)) == (1, {claimed[0].pk}, set())


# --- closing


def test_closing_tells_the_owners_the_day_and_can_be_called_back(owner, in_acme):
    owner.post(f"{LIFE}/close", TYPED)

    closing = Workspace.objects.get(pk=in_acme.pk)
    assert closing.state == "closing"
    assert abs(closing.closes_at - timezone.now() - UNTIL_DELETED) < datetime.timedelta(minutes=5)
    assert AccountMessage.objects.get(subject="Acme is closing").to_email == owner.member.email
    owner.post(f"{LIFE}/call-back")
    back = Workspace.objects.get(pk=in_acme.pk)
    assert (back.state, back.closes_at) == ("active", None)


def test_what_is_over_is_not_called_back(owner, in_acme):
    Workspace.objects.filter(pk=in_acme.pk).update(state="closing", closes_at=timezone.now())

    owner.post(f"{LIFE}/call-back")

    assert state_of(in_acme) == "closing"


# --- deleting


@pytest.fixture
def full(acme, globex, scope):
    """Two workspaces with a row of everything each; one person works in both."""
    for workspace in (acme, globex):
        with scope(workspace.pk):
            story = tell_a_story(workspace)
            contact = story["contact"]
            workspace.contacts.create(first_name="Twin", merged_into=contact)
            story["member"].deputy = make.MemberFactory(workspace=workspace)
            story["member"].save()
    both = User.objects.create_user(email="both@acme.example", password="three unlikely words")
    for workspace in (acme, globex):
        with scope(workspace.pk):
            make.MemberFactory(workspace=workspace, user=both)
    return acme


def count_rows(workspace, scope):
    with scope(workspace.pk):
        return {
            model._meta.label: model.objects.filter(workspace_id=workspace.pk).count() for model in purging.tables()
        }


def test_a_workspace_whose_time_is_over_is_deleted_and_no_other(full, globex, scope, monkeypatch):
    monkeypatch.setattr(purging, "BATCH", 2)
    sandbox = tenancy.create_sandbox(home=full, kind="demo", name="Acme demo")
    theirs = count_rows(globex, scope)
    only_here = list(_users_of(full, scope))
    Workspace.objects.filter(pk=full.pk).update(state="closing", closes_at=timezone.now())

    gone = purging.purge(full.pk)

    assert gone > 20
    assert set(count_rows(full, scope).values()) == {0}
    assert Workspace.objects.filter(pk__in=[full.pk, sandbox.pk]).exists() is False
    assert count_rows(globex, scope) == theirs
    left = set(User.objects.filter(pk__in=only_here).values_list("email", flat=True))
    assert left == {"both@acme.example"}
    assert AccountMessage.objects.filter(subject="Acme was deleted").exists()


@pytest.mark.parametrize("state", ["active", "suspended", "closing"])
def test_nothing_else_is_ever_deleted(full, scope, state):
    closes_at = timezone.now() + datetime.timedelta(days=1) if state == "closing" else None
    Workspace.objects.filter(pk=full.pk).update(state=state, closes_at=closes_at)
    before = count_rows(full, scope)

    assert (purging.purge(full.pk), purging.due()) == (0, [])
    assert count_rows(full, scope) == before


def _users_of(workspace, scope):
    with scope(workspace.pk):
        return list(workspace.members.values_list("user_id", flat=True))
