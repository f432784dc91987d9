"""Two workspaces, their people and their keys: `acme` is ours, `globex` is the stranger."""

import pytest
from rest_framework.test import APIClient

from accounts.tenancy.actor import Actor, ActorKind
from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as make


@pytest.fixture
def scope(db):
    """`with scope(workspace): ...` sees and writes the rows of that workspace."""
    return workspace_scope


@pytest.fixture
def acme(db):
    return make.WorkspaceFactory(slug="acme", name="Acme")


@pytest.fixture
def globex(db):
    return make.WorkspaceFactory(slug="globex", name="Globex")


@pytest.fixture
def in_acme(acme):
    """The whole test runs inside Acme's scope."""
    with workspace_scope(acme.pk):
        yield acme


@pytest.fixture
def ana(acme):
    """The owner of Acme."""
    with workspace_scope(acme.pk):
        return make.MemberFactory(workspace=acme, user__email="ana@acme.example", name="Ana Acme", role="owner")


@pytest.fixture
def by_ana(ana):
    return Actor(ActorKind.MEMBER, ana.pk)


def _client_with_key(workspace, **fields):
    with workspace_scope(workspace.pk):
        key = make.ApiKeyFactory(workspace=workspace, **fields)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {fields['secret']}")
    client.key = key
    return client


@pytest.fixture
def api(acme):
    """A client with a key of Acme that may do everything."""
    return _client_with_key(acme, secret="gw_acme-secret")


@pytest.fixture
def foreign_api(globex):
    """A client with a key of Globex that may do everything there."""
    return _client_with_key(globex, secret="gw_globex-secret")


@pytest.fixture
def reading_api(acme):
    """A client with a key of Acme that may only read."""
    return _client_with_key(acme, secret="gw_acme-reader", scopes=["read"])
