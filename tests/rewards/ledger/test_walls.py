"""What the database refuses, whoever asks: the triggers of migration 0002, met by raw rows."""

import pytest
from django.db import DatabaseError, connection, transaction
from uuid_utils.compat import uuid7

from accounts.tenancy.scope import workspace_scope
from rewards.ledger.models import LedgerAccount, LedgerEntry, LedgerLine
from tests.conftest import connect_as
from tests.factories.accounts import NOW


def account(workspace, code="expense", currency="USD"):
    return LedgerAccount.objects.get_or_create(workspace=workspace, code=code, currency=currency)[0]


def entry(workspace):
    return LedgerEntry.objects.create(workspace=workspace, key=f"key-{uuid7()}", kind="accrual", occurred_at=NOW)


def line(of, amount, currency="USD", code="expense"):
    where = account(of.workspace, code, currency)
    return LedgerLine.objects.create(
        workspace=of.workspace, entry=of, account=where, amount_minor=amount, currency=currency
    )


@pytest.fixture
def books(acme, transactional_db):
    """Acme, with one good entry of 500 USD committed before."""
    with workspace_scope(acme.pk):
        good = entry(acme)
        line(good, 500)
        line(good, -500, code="payable")
    return acme, good


def refused_at_commit(workspace, write):
    with pytest.raises(DatabaseError) as error, workspace_scope(workspace.pk):
        write()
    return error.value.__cause__.diag.constraint_name


def rows(workspace):
    with workspace_scope(workspace.pk):
        return workspace.ledger_entries.count(), workspace.ledger_lines.count()


def test_a_balanced_entry_is_committed(books):
    assert rows(books[0]) == (1, 2)


def test_off_by_one_is_refused(books):
    acme, _ = books

    def write():
        new = entry(acme)
        line(new, 500)
        line(new, -499, code="payable")

    assert refused_at_commit(acme, write) == "ledger_entry_balances"
    assert rows(acme) == (1, 2)


def test_dollars_against_euros_are_refused(books):
    acme, _ = books

    def write():
        new = entry(acme)
        line(new, 500)
        line(new, -500, currency="EUR", code="payable")

    assert refused_at_commit(acme, write) == "ledger_entry_balances"


def test_an_entry_without_lines_is_refused(books):
    acme, _ = books

    assert refused_at_commit(acme, lambda: entry(acme)) == "ledger_entry_has_lines"


def test_an_extra_line_on_an_old_entry_is_refused(books):
    acme, old = books

    assert refused_at_commit(acme, lambda: line(old, 1)) == "ledger_entry_is_closed"


def test_a_balanced_pair_on_an_old_entry_is_refused(books):
    acme, old = books

    def write():
        line(old, 1)
        line(old, -1, code="payable")

    assert refused_at_commit(acme, write) == "ledger_entry_is_closed"
    assert rows(acme) == (1, 2)


def test_nobody_chooses_the_transaction_an_entry_belongs_to(books):
    acme, _ = books
    with workspace_scope(acme.pk), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO rewards_ledgerentry (id, workspace_id, key, kind, occurred_at, memo, created_xid)"
            " VALUES (%s, %s, 'later', 'accrual', now(), '', '9') RETURNING created_xid = pg_current_xact_id()",
            [uuid7(), acme.pk],
        )
        stamped = cursor.fetchone()[0]
        transaction.set_rollback(True)

    assert stamped is True


def test_a_line_in_another_currency_than_its_account_is_refused(books):
    acme, _ = books

    def write():
        dollars = account(acme)
        LedgerLine.objects.create(workspace=acme, entry=entry(acme), account=dollars, amount_minor=5, currency="EUR")

    assert refused_at_commit(acme, write) == "ledger_line_currency_of_account"


def test_leaving_the_workspace_before_the_commit_changes_nothing(books, globex):
    acme, _ = books

    def write():
        new = entry(acme)
        line(new, 7)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.workspace_id', %s, true)", [str(globex.pk)])

    assert refused_at_commit(acme, write) == "ledger_entry_has_lines"


@pytest.mark.parametrize("role", ["DATABASE_URL", "MIGRATION_DATABASE_URL"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rewards_ledgerline SET amount_minor = 1",
        "DELETE FROM rewards_ledgerline",
        "TRUNCATE rewards_ledgerline",
        "UPDATE rewards_ledgerentry SET memo = 'x'",
        "DELETE FROM rewards_ledgerentry",
        "TRUNCATE rewards_ledgerentry CASCADE",
    ],
)
def test_nobody_changes_the_journal_not_even_its_owner(books, role, statement):
    acme, _ = books
    connect_as(role)
    try:
        with pytest.raises(DatabaseError), workspace_scope(acme.pk), connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connect_as("DATABASE_URL")

    assert rows(acme) == (1, 2)


def test_the_owner_is_refused_by_the_journal_itself(books):
    connect_as("MIGRATION_DATABASE_URL")
    try:
        with pytest.raises(DatabaseError, match="only ever added to"), connection.cursor() as cursor:
            cursor.execute("TRUNCATE rewards_ledgerline")
    finally:
        connect_as("DATABASE_URL")


def test_the_runtime_role_cannot_switch_triggers_off(books):
    acme, _ = books
    for statement in (
        "SET session_replication_role = replica",
        "ALTER TABLE rewards_ledgerline DISABLE TRIGGER ALL",
    ):
        with pytest.raises(DatabaseError), workspace_scope(acme.pk), connection.cursor() as cursor:
            cursor.execute(statement)
