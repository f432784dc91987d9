"""One link of Jamie at Northwind, a customer of Acme, and people who open pages."""

import pytest
import time_machine

from accounts.tenancy.scope import workspace_scope
from referrals.landing import pages
from tests.factories import accounts as make
from tests.factories.referrals import LinkFactory

PERSON = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150.0 Safari/537.36"}


@pytest.fixture(autouse=True)
def no_kept_pages():
    pages.forget()


@pytest.fixture
def link(acme):
    with workspace_scope(acme.pk):
        company = make.CompanyFactory(workspace=acme, name="Northwind", industry="Logistics", publicity="unknown")
        contact = make.ContactFactory(workspace=acme, company=company, first_name="Jamie", last_name="Okafor")
        return LinkFactory(contact=contact, code="jamie-abc")


@pytest.fixture
def open_page(client):
    """`open_page("/r/jamie-abc")` as a person in a browser."""

    def get(path, **headers):
        return client.get(path, **{**PERSON, **headers})

    return get


@pytest.fixture
def time_machine_at():
    """`with time_machine_at(moment): ...`"""
    return lambda moment: time_machine.travel(moment, tick=False)
