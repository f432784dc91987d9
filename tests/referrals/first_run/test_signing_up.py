"""Somebody new: an account, an address that is proven, a workspace, and the first step."""

import re
from uuid import uuid4

import pytest

from accounts.mail.models import AccountMessage
from accounts.members.models import User
from accounts.tenancy.models import Workspace
from accounts.tenancy.scope import workspace_scope
from referrals.first_run import actions

# How often an address is written to is remembered longer than a test lasts: each has one of its own.
COMPANY = {"name": "Quill", "owner_name": "Robin Vale", "timezone": "Europe/Lisbon"}


@pytest.fixture
def new():
    """What somebody new types."""
    return {"email": f"robin-{uuid4().hex}@quill.example", "password1": "three unlikely words"}


@pytest.fixture(autouse=True)
def anybody_may_come(settings):
    settings.SIGN_UP = True


def prove(client):
    link = re.search(r"/accounts/confirm-email/\S+", AccountMessage.objects.latest("created_at").body_text)[0]
    return client.post(link)


def test_from_an_address_to_the_first_step(client, db, new):
    client.post("/accounts/signup/", new)
    prove(client)
    assert client.get("/app/").url == "/app/new"

    answer = client.post("/app/new", COMPANY)

    assert answer.url == "/app/quill/start"
    assert client.get(answer.url).status_code == 200
    quill = Workspace.objects.get()
    with workspace_scope(quill.pk):
        owner = quill.members.get()
        assert (owner.name, owner.role, quill.timezone) == ("Robin Vale", "owner", "Europe/Lisbon")
        # What is promised is decided in the first run, and nobody has a key yet.
        assert (quill.reward_rules.count(), quill.api_keys.count(), quill.programs.count()) == (0, 0, 1)
        assert quill.limit("api_requests_per_minute", 600) == 600


def test_nobody_makes_a_workspace_before_the_address_is_proven(client, db, new):
    client.post("/accounts/signup/", new)

    assert client.post("/app/new", COMPANY).url.startswith("/accounts/login/")
    assert Workspace.objects.count() == 0


def test_a_known_address_learns_it_by_mail_only(client, db, new):
    user = User.objects.create_user(new["email"], "another three words")
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)

    answer = client.post("/accounts/signup/", new)

    assert answer.url == "/accounts/confirm-email/"
    assert "has an account already" in AccountMessage.objects.latest("created_at").body_text


def test_a_form_with_something_missing_keeps_the_rest(client, db):
    client.force_login(User.objects.create_user("robin@quill.example", "three unlikely words"))

    answer = client.post("/app/new", {**COMPANY, "name": ""})

    assert answer.status_code == 422
    assert "Robin Vale" in answer.content.decode()


def test_nobody_founds_without_end(client, db, monkeypatch):
    monkeypatch.setattr(actions, "MOST_WORKSPACES", 1)
    client.force_login(User.objects.create_user("robin@quill.example", "three unlikely words"))
    client.post("/app/new", COMPANY)

    assert client.post("/app/new", COMPANY).status_code == 422
    assert Workspace.objects.count() == 1


def test_where_it_is_closed_there_is_no_way_in(client, db, settings, new):
    settings.SIGN_UP = False
    client.force_login(User.objects.create_user("robin@quill.example", "three unlikely words"))

    assert client.get("/accounts/signup/").url == "/accounts/login/"
    assert client.post("/accounts/signup/", new).url == "/accounts/login/"
    assert client.get("/app/new").status_code == 404
    assert "Make a workspace" not in client.get("/accounts/login/").content.decode()
