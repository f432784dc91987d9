from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.tenancy.money import Money
from accounts.tenancy.scope import workspace_scope
from rewards.ledger import actions as ledger
from rewards.ledger.actions import Line, transfer
from rewards.ledger.errors import Overspent, UnbalancedError
from rewards.ledger.models import LedgerAccount
from rewards.ledger.queries import differences
from tests.factories.accounts import NOW, WorkspaceFactory

MOVES = {
    "accrual": ("expense", "payable"),
    "reversal": ("payable", "expense"),
    "payment": ("payable", "cash"),
    "depart": ("payable", "in_flight"),
    "arrive": ("in_flight", "cash"),
    "come_back": ("in_flight", "payable"),
}


def post(workspace, key, move, amount, currency="USD"):
    debit, credit = MOVES[move]
    return ledger.post(
        workspace=workspace,
        key=key,
        kind=move if move in ("accrual", "payment", "reversal") else "payment",
        lines=transfer(Money(amount, currency), debit=debit, credit=credit),
        reward=None,
        now=NOW,
    )


def balances(workspace):
    rows = LedgerAccount.objects.filter(workspace=workspace).exclude(balance_minor=0)
    return {(row.code, row.currency): row.balance_minor for row in rows}


def test_posting_moves_the_balances_by_its_lines(in_acme):
    post(in_acme, "a", "accrual", 500)
    post(in_acme, "b", "payment", 200)

    assert balances(in_acme) == {("expense", "USD"): 500, ("payable", "USD"): -300, ("cash", "USD"): -200}
    assert differences(in_acme) == []


def test_the_same_key_gives_the_first_entry_and_moves_nothing(in_acme):
    first = post(in_acme, "a", "accrual", 500)
    again = post(in_acme, "a", "accrual", 900)

    assert again.pk == first.pk
    assert balances(in_acme) == {("expense", "USD"): 500, ("payable", "USD"): -500}


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (Line("expense", Money(0, "USD")), Line("payable", Money(0, "USD"))),
        (Line("expense", Money(5, "USD")), Line("payable", Money(-4, "USD"))),
        (Line("expense", Money(5, "USD")), Line("payable", Money(-5, "EUR"))),
    ],
)
def test_lines_that_do_not_balance_are_refused(in_acme, lines):
    with pytest.raises(UnbalancedError):
        ledger.post(workspace=in_acme, key="a", kind="accrual", lines=lines, reward=None, now=NOW)

    assert in_acme.ledger_entries.count() == 0


def test_paying_more_than_is_owed_is_refused_and_leaves_no_entry(in_acme):
    post(in_acme, "a", "accrual", 500)
    with pytest.raises(Overspent):
        post(in_acme, "b", "payment", 501)
    with pytest.raises(Overspent):
        post(in_acme, "c", "payment", 1, currency="EUR")

    assert [entry.key for entry in in_acme.ledger_entries.all()] == ["a"]
    assert balances(in_acme) == {("expense", "USD"): 500, ("payable", "USD"): -500}


@pytest.mark.django_db(transaction=True)
def test_fifty_reservations_at_once_never_overspend(acme):
    with workspace_scope(acme.pk):
        post(acme, "owed", "accrual", 100)

    def reserve(number):
        try:
            with workspace_scope(acme.pk):
                post(acme, f"pay-{number}", "depart", 60)
        except Overspent:
            return 0
        else:
            return 1
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        granted = sum(pool.map(reserve, range(50)))

    with workspace_scope(acme.pk):
        assert granted == 1
        assert balances(acme) == {("expense", "USD"): 100, ("payable", "USD"): -40, ("in_flight", "USD"): -60}
        assert differences(acme) == []


@pytest.mark.django_db(transaction=True)
def test_one_key_posted_by_twenty_at_once_is_one_entry(acme):
    def accrue(_number):
        try:
            with workspace_scope(acme.pk):
                return post(acme, "once", "accrual", 100).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        entries = set(pool.map(accrue, range(20)))

    with workspace_scope(acme.pk):
        assert entries == {acme.ledger_entries.get().pk}
        assert balances(acme) == {("expense", "USD"): 100, ("payable", "USD"): -100}


class Books(RuleBasedStateMachine):
    """The journal against a dictionary: the same moves, the same refusals, the same balances."""

    def __init__(self):
        super().__init__()
        self.workspace = WorkspaceFactory()
        self.scope = workspace_scope(self.workspace.pk)
        self.scope.__enter__()
        self.model = {}
        self.posted = []

    def teardown(self):
        self.scope.__exit__(None, None, None)

    @rule(move=st.sampled_from(sorted(MOVES)), amount=st.integers(1, 300), currency=st.sampled_from(["USD", "EUR"]))
    def move(self, move, amount, currency):
        debit, credit = MOVES[move]
        after = dict(self.model)
        after[debit, currency] = after.get((debit, currency), 0) + amount
        after[credit, currency] = after.get((credit, currency), 0) - amount
        if any(after.get((code, currency), 0) > 0 for code in ("payable", "in_flight")):
            with pytest.raises(Overspent):
                post(self.workspace, f"refused-{len(self.posted)}", move, amount, currency)
            return
        self.posted.append((f"entry-{len(self.posted)}", move, amount, currency))
        post(self.workspace, *self.posted[-1])
        self.model = {name: balance for name, balance in after.items() if balance}

    @rule(data=st.data())
    def repeat(self, data):
        if self.posted:
            post(self.workspace, *data.draw(st.sampled_from(self.posted)))

    @invariant()
    def the_books_agree_with_the_dictionary(self):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ledger_entry_has_lines, ledger_line_balanced IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ledger_entry_has_lines, ledger_line_balanced DEFERRED")
        assert balances(self.workspace) == self.model
        assert self.workspace.ledger_entries.count() == len(self.posted)
        assert differences(self.workspace) == []


def test_the_journal_behaves_like_a_dictionary(db):
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


def test_check_ledger_says_difference_0_when_every_workspace_balances(acme, globex):
    for workspace in (acme, globex):
        with workspace_scope(workspace.pk):
            post(workspace, "a", "accrual", 500)
    out = StringIO()

    call_command("check_ledger", stdout=out)

    assert out.getvalue() == "difference 0\n"


def test_check_ledger_says_what_differs_and_fails(acme, globex):
    with workspace_scope(globex.pk):
        post(globex, "a", "accrual", 500)
        globex.ledger_accounts.filter(code="expense").update(balance_minor=493)
    out = StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("check_ledger", stdout=out)

    assert ended.value.code == 1
    assert out.getvalue() == "globex: account expense is off by -7 USD\ndifference 7\n"
