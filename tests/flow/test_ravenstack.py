"""A real export, imported as it is: every number equals one computed straight from the files, by other means."""

import csv
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.customers.models import Company, Contact, Hold, MonthlyRevenue
from accounts.imports.models import Subscription
from accounts.tenancy.scope import workspace_scope
from feedback.moments.models import Moment
from feedback.responses.models import Response
from referrals.asks.warm_start import warm_start
from tests.factories import accounts as make

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "ravenstack"
FILES = [
    ("companies", "ravenstack_accounts.csv"),
    ("contacts", "people.csv"),
    ("subscriptions", "ravenstack_subscriptions.csv"),
    ("churn", "ravenstack_churn_events.csv"),
    ("usage", "ravenstack_feature_usage.csv"),
    ("tickets", "ravenstack_supports_ticket.csv"),
]
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the RavenStack files are not here")


def rows(name, delimiter=","):
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def day(text):
    return datetime.strptime(text[:10], "%d-%m-%Y").date()


def moment(text):
    return datetime.strptime(text, "%d-%m-%Y %H:%M" if ":" in text else "%d-%m-%Y").replace(tzinfo=UTC)


@pytest.fixture(scope="module")
def database(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def raven(database, tmp_path_factory):
    """One workspace with the whole folder in it, rolled back at the end of this file."""
    from django.db import transaction

    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.chdir(tmp_path_factory.mktemp("imports"))
        workspace = make.WorkspaceFactory(slug="raven", name="Raven", timezone="UTC", currency="USD")
        for kind, file in FILES:
            call_command("import_csv", kind, str(FOLDER / file), "--workspace", "raven", verbosity=0)
        with workspace_scope(workspace.pk):
            yield workspace
        assert not list(Path.cwd().glob("*.refused.csv"))
        transaction.set_rollback(True)


def test_all_companies_with_plan_and_trial(raven):
    expected = {
        (r["account_id"], r["account_name"], r["plan_tier"], int(r["seats"]), r["is_trial"] == "TRUE",
         day(r["signup_date"]), "GB" if r["country"] == "UK" else r["country"])
        for r in rows("ravenstack_accounts.csv")
    }  # fmt: skip

    columns = ("external_id", "name", "plan", "seats", "trial", "customer_since", "country")
    assert len(expected) == 500
    assert set(Company.objects.filter(workspace=raven).values_list(*columns)) == expected


def test_how_they_chose_us(raven):
    meanings = {"partner": "partner", "ads": "advertising", "event": "event", "organic": "unknown", "other": "unknown"}
    expected = {r["account_id"]: meanings[r["referral_source"]] for r in rows("ravenstack_accounts.csv")}

    assert dict(Company.objects.filter(workspace=raven).values_list("external_id", "acquired_via")) == expected


def test_who_is_gone_and_since_when(raven):
    gone = {r["account_id"] for r in rows("ravenstack_accounts.csv") if r["churn_flag"] == "TRUE"}
    left = {}
    for r in sorted(rows("ravenstack_churn_events.csv"), key=lambda r: day(r["churn_date"])):
        if r["account_id"] in gone and r["is_reactivation"] == "FALSE":
            left[r["account_id"]] = day(r["churn_date"])
    only_back = {
        r["account_id"]: day(r["churn_date"])
        for r in sorted(rows("ravenstack_churn_events.csv"), key=lambda r: day(r["churn_date"]))
        if r["account_id"] in gone and r["account_id"] not in left
    }
    left |= only_back

    stored = dict(
        Company.objects.filter(workspace=raven, churned_at__isnull=False).values_list("external_id", "churned_at")
    )
    assert (set(stored), len(stored)) == (gone, 110)
    assert {key: at.date() for key, at in stored.items() if key in left} == left
    assert {at.date() for key, at in stored.items() if key not in left} == {datetime.now(UTC).date()}


def test_revenue_by_month(raven):
    subscriptions = rows("ravenstack_subscriptions.csv")
    last = max(max(day(r["start_date"]), day(r["end_date"]) if r["end_date"] else date.min) for r in subscriptions)
    expected = Counter()
    for r in subscriptions:
        if r["is_trial"] == "TRUE":
            continue
        # Every paid day, walked one by one, says which month it belongs to.
        end = min(day(r["end_date"]), last + timedelta(1)) if r["end_date"] else last + timedelta(1)
        start = day(r["start_date"])
        months = {(start + timedelta(n)).replace(day=1) for n in range((end - start).days)}
        for month in months:
            expected[r["account_id"], month] += int(r["mrr_amount"]) * 100

    stored = MonthlyRevenue.objects.filter(workspace=raven).values_list(
        "company__external_id", "month", "amount_minor", "kind", "currency"
    )
    assert {(key, month): amount for key, month, amount, *_ in stored} == dict(expected)
    assert {(kind, currency) for *_, kind, currency in stored} == {("recurring", "USD")}


def test_yearly_revenue_from_what_runs_on_the_last_day(raven):
    subscriptions = rows("ravenstack_subscriptions.csv")
    expected = dict.fromkeys((r["account_id"] for r in subscriptions), 0)
    for r in subscriptions:
        # 31 December 2024 is the last day of the files.
        if r["is_trial"] == "FALSE" and not r["end_date"]:
            expected[r["account_id"]] += int(r["arr_amount"]) * 100

    assert Subscription.objects.filter(workspace=raven).count() == 5_000
    assert dict(Company.objects.filter(workspace=raven).values_list("external_id", "arr_minor")) == expected


def test_use_is_a_percentile_inside_the_workspace(raven):
    company = {r["subscription_id"]: r["account_id"] for r in rows("ravenstack_subscriptions.csv")}
    totals = Counter()
    for r in rows("ravenstack_feature_usage.csv"):
        totals[company[r["subscription_id"]]] += int(r["usage_count"])
    expected = {
        key: round(100 * sum(other < total for other in totals.values()) / (len(totals) - 1))
        for key, total in totals.items()
    }

    assert dict(Company.objects.filter(workspace=raven).values_list("external_id", "usage_score")) == expected


def test_all_people(raven):
    expected = {
        (r["Contact ID"], r["Account"], r["First Name"], r["Last Name"], r["Job Title"], r["Seniority"],
         r["E-Mail"].lower() or None, r["Time Zone"], "GB" if r["Country"] == "UK" else r["Country"])
        for r in rows("people.csv", ";")
    }  # fmt: skip

    columns = ("external_id", "company__external_id", "first_name", "last_name", "title", "seniority")
    stored = Contact.objects.filter(workspace=raven)
    assert len(expected) == 1_500
    assert set(stored.values_list(*columns, "email_normalized", "timezone", "country")) == expected
    assert stored.filter(email_normalized__startswith="info@").count() == 6


def test_answers_come_from_the_cases_and_blanks_are_none(raven):
    expected = {
        (r["ticket_id"], r["account_id"], int(r["satisfaction_score"]), moment(r["closed_at"]),
         r["escalation_flag"] == "TRUE", r["satisfaction_score"] == "5", False)
        for r in rows("ravenstack_supports_ticket.csv") if r["satisfaction_score"]
    }  # fmt: skip

    columns = (
        "external_id",
        "company__external_id",
        "score",
        "responded_at",
        "on_escalated_ticket",
        "is_high",
        "is_low",
    )
    stored = Response.objects.filter(workspace=raven, metric="csat", contact=None, channel="import")
    assert len(expected) == 1_175
    assert set(stored.values_list(*columns)) == expected
    assert Counter(stored.values_list("category", flat=True)) == {"satisfied": 374 + 405, "neutral": 396}
    assert Moment.objects.filter(workspace=raven).count() == 0


def test_the_fives_are_those_the_files_are_known_for(raven):
    fives = Response.objects.filter(workspace=raven, is_high=True)

    assert fives.count() == 374
    assert fives.values("company").distinct().count() == 268
    assert fives.filter(company__churned_at__isnull=False).count() == 83
    assert fives.filter(company__trial=True).count() == 80
    assert fives.filter(on_escalated_ticket=True).count() == 26


def test_escalated_cases_hold_for_ninety_days_after_closing(raven):
    expected = {
        (f"ticket:{r['ticket_id']}", r["account_id"], "escalated_ticket" if r["escalation_flag"] == "TRUE" else
         "open_ticket", moment(r["closed_at"]) + timedelta(days=90) if r["closed_at"] else None)
        for r in rows("ravenstack_supports_ticket.csv") if r["escalation_flag"] == "TRUE" or not r["closed_at"]
    }  # fmt: skip

    stored = Hold.objects.filter(workspace=raven).values_list("source_key", "company__external_id", "reason", "until")
    assert len(expected) == 95
    assert set(stored) == expected


def test_every_person_has_an_expert_score_that_adds_up(raven):
    use = defaultdict(int) | dict(Company.objects.filter(workspace=raven).values_list("id", "usage_score"))
    contacts = list(Contact.objects.filter(workspace=raven).values_list("company_id", "expert_score", "expert_parts"))

    names = ("use", "outcomes", "tenure", "steadiness", "involvement")
    assert len(contacts) == 1_500
    assert all(total == sum(parts[name] for name in names) for _, total, parts in contacts)
    assert all(parts["use"] == round(use[company] / 100 * 35) for company, _, parts in contacts)


def test_the_warm_start_asks_only_whom_the_files_allow_and_says_why_of_each_other(raven):
    accounts = {r["account_id"]: r for r in rows("ravenstack_accounts.csv")}
    answers = defaultdict(list)
    still_open = set()
    for r in rows("ravenstack_supports_ticket.csv"):
        if not r["closed_at"]:
            still_open.add(r["account_id"])
        if r["satisfaction_score"]:
            told = (moment(r["closed_at"]), r["satisfaction_score"], r["escalation_flag"])
            answers[r["account_id"]].append(told)
    praised = {key for key, told in answers.items() if any(score == "5" for _at, score, _escalated in told)}
    expected = {
        key
        for key in praised
        if max(answers[key])[1:] == ("5", "FALSE")
        and accounts[key]["churn_flag"] == accounts[key]["is_trial"] == "FALSE"
        and key not in still_open
    }

    warm = warm_start(workspace=raven, now=timezone.now())

    ready = {one.company.external_id for one in warm.ready}
    left_alone = {one.company.external_id: {reason.code for reason in one.reasons} for one in warm.left_alone}
    assert len({max(told)[0] for told in answers.values()}) > 200
    assert ready == expected
    assert set(left_alone) == praised - expected
    assert all(reasons for reasons in left_alone.values())
    for key, reasons in left_alone.items():
        gone = accounts[key]["churn_flag"] == "TRUE"
        assert ("churned" in reasons) == gone
        # Of a customer who is gone nobody needs to hear that it was a trial.
        assert ("trial" in reasons) == (accounts[key]["is_trial"] == "TRUE" and not gone)
        assert ("no_longer_high" in reasons) == (max(answers[key])[1] != "5")


def test_importing_everything_again_changes_no_number(raven):
    def counted():
        models = (Company, Contact, Subscription, MonthlyRevenue, Response, Hold)
        churned = sorted(Company.objects.filter(workspace=raven).values_list("external_id", "churned_at", "arr_minor"))
        return [model.objects.filter(workspace=raven).count() for model in models], churned

    before = counted()
    for kind, file in FILES:
        call_command("import_csv", kind, str(FOLDER / file), "--workspace", "raven", verbosity=0)

    assert counted() == before
