"""People who set things."""

import pytest

from accounts.members.models import User
from tests.factories import accounts as make


@pytest.fixture
def sign_in(client, in_acme):
    """`sign_in("admin")`: the client of a member with this role, whose sign-in is fresh."""

    def as_role(role, **fields):
        member = make.MemberFactory(workspace=in_acme, role=role, name=f"The {role}", **fields)
        client.force_login(User.objects.get(pk=member.user_id))
        freshen(client)
        client.member = member
        return client

    return as_role


def freshen(client):
    """The password was given a moment ago."""
    client.post("/accounts/reauthenticate/", {"password": "correct horse battery"})
