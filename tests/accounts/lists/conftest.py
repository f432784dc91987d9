"""People who look at lists."""

import pytest

from accounts.lists import tasks
from accounts.members.models import User
from tests.factories import accounts as make


@pytest.fixture
def sign_in(client, in_acme):
    """`sign_in("finance")`: the client of a member with this role."""

    def as_role(role, **fields):
        member = make.MemberFactory(workspace=in_acme, role=role, name=f"The {role}", **fields)
        client.force_login(User.objects.get(pk=member.user_id))
        client.member = member
        return client

    return as_role


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    """Files are written when the test says so."""
    monkeypatch.setattr(tasks.export_files, "delay", lambda **_given: None)
