"""What the other kinds of files do: money, use, churn, support cases."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command

from accounts.customers.models import AcquiredVia, Company, Deal, Hold, MonthlyRevenue
from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as make


@pytest.fixture
def run(acme, tmp_path, monkeypatch, capsys):
    """`run("deals", text, ...)` imports the text into Acme and gives the report's lines. Acme has A-1, A-2 and A-3."""
    monkeypatch.chdir(tmp_path)
    with workspace_scope(acme.pk):
        for name in ("A-1", "A-2", "A-3"):
            make.CompanyFactory(workspace=acme, external_id=name, name=name)

    def run(kind, text, *options):
        (tmp_path / "rows.csv").write_text(text)
        call_command("import_csv", kind, "rows.csv", "--workspace", "acme", *options)
        return [line.strip() for line in capsys.readouterr().out.splitlines()]

    return run


def stored(acme, model, *columns):
    with workspace_scope(acme.pk):
        return list(model.objects.filter(workspace=acme).order_by(*columns).values_list(*columns))


REVENUE = ("company__external_id", "month", "amount_minor", "currency", "kind")


def test_revenue_reads_either_decimal_mark_and_replaces_a_month(run, acme):
    run("revenue", "account;month;amount\nA-1;2026-10;1.234,50\nA-1;2026-11;99,00\n")
    run("revenue", 'account,month,amount,currency\nA-1,2026-11-30,"1,100.25",USD\nA-2,2026-11,5000,JPY\n')

    assert stored(acme, MonthlyRevenue, *REVENUE) == [
        ("A-1", date(2026, 10, 1), 123_450, "USD", "recurring"),
        ("A-1", date(2026, 11, 1), 110_025, "USD", "recurring"),
        ("A-2", date(2026, 11, 1), 5_000, "JPY", "recurring"),
    ]


def test_amounts_finer_than_their_currency_and_unknown_currencies_are_refused(run, acme):
    lines = run("revenue", "account,month,amount,currency\nA-1,2026-10,1.5,JPY\nA-1,2026-10,1,XXX\nA-1,2026-10,2,EUR\n")

    assert stored(acme, MonthlyRevenue, *REVENUE) == [("A-1", date(2026, 10, 1), 200, "EUR", "recurring")]
    assert [line for line in lines if line.startswith("Line")] == [
        "Line 2: amount: “1.5”: JPY has no decimals.",
        "Line 3: “XXX” is not a currency we know. Use a code of three letters, like USD or EUR.",
    ]


def test_deals_come_in_and_change(run, acme):
    run("deals", "id,company,source,created,status,value\nD-1,A-1,referral,2026-01-05,open,1000\n", "--currency", "eur")
    run(
        "deals", "id,company,created,closed,status,value\nD-1,A-1,2026-01-05,2026-03-01,Won,1200\n", "--currency", "EUR"
    )

    columns = ("external_id", "company__external_id", "source", "outcome", "closed_on", "value_minor", "currency")
    assert stored(acme, Deal, *columns) == [
        ("D-1", "A-1", AcquiredVia.REFERRAL, "won", date(2026, 3, 1), 120_000, "EUR")
    ]


SUBSCRIPTIONS = (
    "subscription_id,account_id,start_date,end_date,mrr_amount,arr_amount,is_trial\n"
    "S-1,A-1,2026-01-31,2026-03-01,100,1200,FALSE\n"  # the first of March is no longer paid
    "S-2,A-1,2026-02-10,,50,600,FALSE\n"
    "S-3,A-1,2026-02-10,2026-02-10,70,840,FALSE\n"  # not one day
    "S-4,A-2,2026-02-01,,0,0,TRUE\n"
)


def test_revenue_is_added_up_from_subscriptions(run, acme):
    run("subscriptions", SUBSCRIPTIONS)

    assert stored(acme, MonthlyRevenue, *REVENUE) == [
        ("A-1", date(2026, 1, 1), 10_000, "USD", "recurring"),
        ("A-1", date(2026, 2, 1), 15_000, "USD", "recurring"),
        ("A-1", date(2026, 3, 1), 5_000, "USD", "recurring"),
    ]
    assert stored(acme, Company, "external_id", "arr_minor") == [("A-1", 60_000), ("A-2", 0), ("A-3", None)]


def test_a_corrected_subscription_takes_back_the_months_it_no_longer_has(run, acme):
    run("subscriptions", SUBSCRIPTIONS)

    run("subscriptions", SUBSCRIPTIONS.replace("2026-01-31,2026-03-01", "2026-02-05,2026-02-20"))

    months = [(month, amount) for _, month, amount, *_ in stored(acme, MonthlyRevenue, *REVENUE)]
    assert months == [(date(2026, 2, 1), 15_000)]


def test_the_last_event_says_whether_a_company_is_gone(run, acme):
    lines = run(
        "churn",
        "account_id,churn_date,is_reactivation\nA-1,2026-01-05,FALSE\nA-1,2026-03-05,FALSE\n"
        "A-2,2026-01-05,FALSE\nA-2,2026-02-05,TRUE\n",
    )

    assert stored(acme, Company, "external_id", "churned_at") == [
        ("A-1", datetime(2026, 3, 4, 23, tzinfo=UTC)),  # midnight in Berlin
        ("A-2", None),
        ("A-3", None),
    ]
    assert "1 of these companies are gone, 1 are customers." in lines


def test_what_the_companies_file_says_of_churn_stands_above_events(run, acme):
    run("companies", "id,name,churn_flag\nA-1,One,FALSE\nA-2,Two,TRUE\n")

    run(
        "churn",
        "account_id,churn_date,is_reactivation\nA-1,2026-01-05,FALSE\nA-2,2026-02-01,FALSE\nA-2,2026-03-01,TRUE\n",
    )

    gone = dict(stored(acme, Company, "external_id", "churned_at"))
    assert gone == {"A-1": None, "A-2": datetime(2026, 1, 31, 23, tzinfo=UTC), "A-3": None}


def test_use_is_ranked_and_importing_again_counts_nothing_twice(run, acme):
    text = "account_id,usage_count\nA-1,5\nA-2,1\nA-1,5\nA-3,7\nA-9,1\n"

    for _ in range(2):
        lines = run("usage", text)
        assert stored(acme, Company, "external_id", "usage_score") == [("A-1", 100), ("A-2", 0), ("A-3", 50)]
        assert lines[0] == "Imported: 4 rows of usage in, 1 refused."


TICKETS = "ticket_id,account_id,submitted_at,closed_at,priority,satisfaction_score,escalation_flag\n"
HOLDS = ("source_key", "company__external_id", "reason", "detail", "until", "lifted_at")


def test_open_and_escalated_cases_hold_and_a_closed_one_lets_go(run, acme):
    run(
        "tickets",
        TICKETS + "T-1,A-1,2026-10-01,,high,,FALSE\nT-2,A-2,2026-10-01,2026-10-02 12:00,urgent,4,TRUE\n"
        "T-3,A-3,2026-10-01,2026-10-02,low,5,FALSE\n",
    )

    escalated = datetime(2026, 10, 2, 10, tzinfo=UTC) + timedelta(days=90)
    assert stored(acme, Hold, *HOLDS) == [
        ("ticket:T-1", "A-1", "open_ticket", "Case T-1, high", None, None),
        ("ticket:T-2", "A-2", "escalated_ticket", "Case T-2, urgent", escalated, None),
    ]

    run("tickets", TICKETS + "T-1,A-1,2026-10-01,2026-10-20,high,,FALSE\n")

    lifted = dict(stored(acme, Hold, "source_key", "lifted_at"))
    assert (lifted["ticket:T-1"] is not None, lifted["ticket:T-2"]) == (True, None)


def test_a_case_with_an_impossible_score_is_refused_whole(run, acme):
    lines = run("tickets", TICKETS + "T-1,A-1,2026-10-01,,high,9,FALSE\n")

    assert "Line 2: CSAT is answered with 1 to 5, not 9." in lines
    assert stored(acme, Hold, *HOLDS) == []
