"""Acme on its first day, and the people who may take the steps."""

import pytest

from accounts.members.models import User
from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as make


@pytest.fixture
def as_role(acme, client):
    """`as_role("analyst")`: a client signed in as a member of Acme with that role."""

    def sign_in(role, **fields):
        with workspace_scope(acme.pk):
            member = make.MemberFactory(workspace=acme, role=role, **{"name": "Dana Reyes", "timezone": "", **fields})
        client.force_login(User.objects.get(pk=member.user_id))
        client.member = member
        return client

    return sign_in


@pytest.fixture
def dana(as_role):
    """The owner, whose hours nobody knows yet."""
    return as_role("owner")
