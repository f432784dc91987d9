"""A desk at ten o'clock on a Tuesday, and the people who may stand at it."""

import pytest
import time_machine

from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as make
from tests.factories import feedback, referrals
from tests.factories.accounts import NOW


@pytest.fixture(autouse=True)
def at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


def an_ask(workspace, *, comment="We close the month in two days.", **fields):
    """A queued ask because of a 10."""
    with workspace_scope(workspace.pk):
        company = make.CompanyFactory(workspace=workspace, name="Acme Logistics")
        contact = make.ContactFactory(workspace=workspace, company=company)
        response = feedback.ResponseFactory(workspace=workspace, contact=contact, comment=comment)
        moment = feedback.MomentFactory(response=response)
        program = workspace.programs.first() or referrals.ProgramFactory(workspace=workspace)
        link = referrals.LinkFactory(workspace=workspace, contact=contact, program=program)
        return referrals.AskFactory(workspace=workspace, link=link, moment=moment, **fields)


@pytest.fixture
def ask_at():
    return an_ask


@pytest.fixture
def ask(acme):
    return an_ask(acme)


@pytest.fixture
def as_role(acme, client):
    """`as_role("analyst")`: a client signed in as a member of Acme with that role."""

    def sign_in(role):
        with workspace_scope(acme.pk):
            member = make.MemberFactory(workspace=acme, role=role, name=f"Ben {role.title()}")
        client.force_login(member.user)
        return client

    return sign_in


@pytest.fixture
def manager(as_role):
    return as_role("manager")


@pytest.fixture
def stored(acme):
    """The row as it is now."""

    def fetch(row):
        with workspace_scope(acme.pk):
            return type(row).objects.get(pk=row.pk)

    return fetch
