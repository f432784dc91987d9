"""The walls between workspaces, leaned on: no scope, a foreign scope, a foreign row, a fact to be rewritten."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from accounts.customers.models import Company, Contact
from accounts.events import actions as events
from accounts.events.models import Event
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.grants import APPEND_ONLY
from tests.factories import accounts as make
from tests.factories.accounts import NOW


@pytest.fixture
def northwind(acme, scope):
    with scope(acme.pk):
        return make.CompanyFactory(workspace=acme)


def test_without_a_scope_there_are_no_rows(northwind):
    assert not Company.objects.exists()


def test_in_a_foreign_scope_rows_are_neither_seen_nor_changed_nor_deleted(northwind, acme, globex, scope):
    with scope(globex.pk):
        assert not Company.objects.exists()
        assert Company.objects.filter(pk=northwind.pk).update(name="Taken") == 0
        assert Company.objects.filter(pk=northwind.pk)._raw_delete("default") == 0

    with scope(acme.pk):
        assert list(Company.objects.values_list("name", flat=True)) == ["Northwind"]


def test_a_row_of_another_workspace_can_not_be_written(acme, globex, scope):
    with pytest.raises(ProgrammingError, match="row-level security"), scope(globex.pk):
        Company.objects.create(workspace=acme, name="Smuggled")


def test_a_row_can_not_be_moved_to_another_workspace(northwind, acme, globex, scope):
    with pytest.raises(ProgrammingError, match="row-level security"), scope(acme.pk):
        Company.objects.filter(pk=northwind.pk).update(workspace=globex)


def test_a_row_can_not_point_at_another_workspaces_row(northwind, globex, scope):
    with pytest.raises(IntegrityError, match="contact_company_ws"), scope(globex.pk):
        Contact.objects.create(workspace=globex, company_id=northwind.pk)


def test_a_scope_inside_a_scope_gives_the_outer_one_back(acme, globex, northwind, scope):
    with scope(acme.pk):
        with scope(globex.pk):
            assert not Company.objects.exists()
        assert Company.objects.count() == 1


def test_a_savepoint_rolled_back_leaves_the_scope(acme, northwind, scope):
    with scope(acme.pk):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            raise ZeroDivisionError
        assert Company.objects.count() == 1


def test_an_event_is_never_changed(acme, northwind, scope):
    with scope(acme.pk):
        events.record(workspace_id=acme.pk, type="company.created", subject=northwind, by=SYSTEM, now=NOW)

    with pytest.raises(ProgrammingError, match="permission denied"), scope(acme.pk):
        Event.objects.update(type="company.forgotten")
    with pytest.raises(ProgrammingError, match="permission denied"), scope(acme.pk):
        Event.objects.all()._raw_delete("default")


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("right", ["UPDATE", "DELETE", "TRUNCATE"])
def test_facts_and_books_are_only_added_to(db, table, right):
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(current_user, %s, %s)", [table, right])
        assert cursor.fetchone() == (False,)
