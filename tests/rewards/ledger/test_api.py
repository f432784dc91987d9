import pytest

from accounts.tenancy.money import Money
from accounts.tenancy.scope import workspace_scope
from rewards.ledger import actions as ledger
from tests.factories.accounts import NOW

PATHS = ["/api/v1/ledger/entries", "/api/v1/ledger/balances"]


@pytest.fixture
def entry(acme):
    with workspace_scope(acme.pk):
        return ledger.post(
            workspace=acme,
            key="reward:1:accrual",
            kind="accrual",
            lines=ledger.transfer(Money(500, "USD"), debit="expense", credit="payable"),
            reward=None,
            now=NOW,
        )


@pytest.mark.parametrize("path", PATHS)
def test_the_books_are_for_their_own_workspace(client, foreign_api, reading_api, entry, path):
    assert client.get(path).status_code == 401
    assert foreign_api.get(path).json()["results"] == []
    assert len(reading_api.get(path).json()["results"]) > 0
    assert reading_api.post(path, {}).status_code in (403, 405)


def test_entries_show_their_lines_and_balances_what_remains(api, entry):
    entries = api.get(PATHS[0]).json()["results"]
    for row in entries:
        row["lines"].sort(key=lambda line: line["account"])

    assert entries == [
        {
            "id": entry.public_id,
            "key": "reward:1:accrual",
            "kind": "accrual",
            "reward": None,
            "occurred_at": "2026-11-17T10:00:00Z",
            "memo": "",
            "lines": [
                {"account": "expense", "amount": {"amount": 500, "currency": "USD"}},
                {"account": "payable", "amount": {"amount": -500, "currency": "USD"}},
            ],
        }
    ]
    assert api.get(PATHS[1]).json()["results"] == [
        {"account": "expense", "balance": {"amount": 500, "currency": "USD"}},
        {"account": "payable", "balance": {"amount": -500, "currency": "USD"}},
    ]
