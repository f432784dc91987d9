"""Outcomes, owners and domains from files."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from accounts.customers.models import Company, CompanyDomain, Contact, Outcome
from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as make


@pytest.fixture
def run(acme, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with workspace_scope(acme.pk):
        company = make.CompanyFactory(workspace=acme, external_id="A-1", name="Northwind")
        make.ContactFactory(workspace=acme, company=company, external_id="P-1", email="jamie@northwind.example")

    def run(kind, text):
        (tmp_path / "rows.csv").write_text(text)
        call_command("import_csv", kind, "rows.csv", "--workspace", "acme")
        return [line.strip() for line in capsys.readouterr().out.splitlines()]

    return run


def stored(acme, model, *columns):
    with workspace_scope(acme.pk):
        return list(model.objects.filter(workspace=acme).order_by(columns[0]).values_list(*columns))


OUTCOMES = (
    "email,account_id,metric,before,after,unit,period,challenge,approved_by,approved_on\n"
    "jamie@northwind.example,,reporting time,40,24,h,a month,40 hours of reporting,Jamie Okafor,2026-02-28\n"
    ",A-1,tickets,,12,,,,,\n"
)


def test_outcomes_come_in_with_their_approval_and_a_sentence_and_only_once(run, acme):
    run("outcomes", OUTCOMES)
    lines = run("outcomes", OUTCOMES.replace(",24,", ",20,"))

    assert lines[1] == "outcomes: 0 new, 2 updated."
    columns = ("metric", "summary", "contact__external_id", "company__external_id", "approved_until")
    assert stored(acme, Outcome, *columns) == [
        ("reporting time", "reporting time: 40 h → 20 h a month", "P-1", "A-1", datetime(2027, 2, 27, 23, tzinfo=UTC)),
        ("tickets", "tickets: 12", None, "A-1", None),
    ]


def test_an_approved_outcome_makes_an_expert_of_those_it_speaks_of(run, acme):
    with workspace_scope(acme.pk):
        before = Contact.objects.get(workspace=acme).expert_score or 0

    run("outcomes", OUTCOMES.replace("2026-02-28", str(datetime.now(UTC).date())))

    with workspace_scope(acme.pk):
        assert Contact.objects.get(workspace=acme).expert_score > before


def test_an_outcome_that_can_not_be_is_refused_in_words(run, acme):
    lines = run(
        "outcomes",
        "email,account_id,metric,approved_by,approved_on\n,,time,,\n,A-1,time,,2026-01-01\n,A-1,time,Jo,2199-01-01\n"
        "who@northwind.example,,time,,\n",
    )

    assert [line for line in lines if line.startswith("Line")] == [
        "Line 5: There is nobody known as “who@northwind.example” yet. Import contacts first.",
        "Line 2: Neither a person nor a company we know.",
        "Line 3: Say who approved it.",
        "Line 4: An approval cannot come from the future.",
    ]


def test_companies_get_their_owner_by_address_and_their_domain(run, acme, ana):
    lines = run(
        "companies",
        "id,name,owner_email,website\nA-1,Northwind,ANA@acme.example,https://www.northwind.example/about\n"
        "A-2,Osterberg,who@acme.example,osterberg.example\nA-3,Third,,northwind.example\n",
    )

    assert "Line 3: Nobody on the team has the address who@acme.example." in lines
    assert "A domain belongs to another company already: it stays there." in lines
    assert stored(acme, Company, "external_id", "owner__email") == [("A-1", "ana@acme.example"), ("A-3", None)]
    assert stored(acme, CompanyDomain, "domain", "company__external_id") == [("northwind.example", "A-1")]


def test_columns_of_their_own_are_kept_beside_what_is_known(run, acme):
    run("companies", "id,name,churn_flag\nA-1,Northwind,FALSE\n")

    assert stored(acme, Company, "external_id", "attributes") == [("A-1", {"churned": False})]
