from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.customers.models import Deal, Hold, MonthlyRevenue, Outcome
from tests.factories import accounts as make

OUTCOMES, HOLDS = "/api/v1/outcomes", "/api/v1/holds"


@pytest.fixture
def jamie(acme, scope):
    with scope(acme.pk):
        return make.ContactFactory(workspace=acme, external_id="p1", company__external_id="c1")


@pytest.fixture
def hold(acme, scope, jamie):
    with scope(acme.pk):
        return make.HoldFactory(workspace=acme, company=jamie.company)


def fields_of(answer):
    return [error["field"] for error in answer.json()["errors"]]


@pytest.mark.parametrize("url", [OUTCOMES, HOLDS])
def test_without_a_key_nothing_is_shown(client, db, url):
    assert client.get(url).status_code == 401


@pytest.mark.parametrize(
    ("url", "body"),
    [
        (OUTCOMES, {"contact": {"external_id": "p1"}, "metric": "reporting time"}),
        (HOLDS, {"contact": {"external_id": "p1"}, "reason": "requested"}),
        ("/api/v1/revenue/bulk", {"items": [{}]}),
        ("/api/v1/deals/bulk", {"items": [{}]}),
    ],
)
def test_a_key_that_may_only_read_writes_nothing(reading_api, jamie, url, body):
    assert reading_api.post(url, body, format="json").status_code == 403


def test_an_outcome_is_added_with_an_approval_for_twelve_months(api, jamie):
    body = {
        "contact": {"external_id": "p1"},
        "metric": "reporting time",
        "baseline": "40",
        "now": "24",
        "unit": "h",
        "period": "a month",
        "old_challenge": "40 hours of reporting",
        "summary": "cut reporting time by 40 %",
        "source": "business review",
        "approved_by": "Jamie Okafor",
        "approved_at": "2024-02-29T10:00:00Z",
    }

    answer = api.post(OUTCOMES, body, format="json")

    assert answer.status_code == 201, answer.content
    said = answer.json()
    del said["created_at"]
    assert said == {
        **body,
        "id": said["id"],
        "contact": jamie.public_id,
        "company": jamie.company.public_id,
        "approved_until": "2025-02-28T10:00:00Z",
    }


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"contact": None}, "contact"),
        ({"metric": ""}, "metric"),
        ({"approved_at": "2026-01-01T00:00:00Z"}, "approved_by"),
        ({"approved_by": "Jamie", "approved_at": "2999-01-01T00:00:00Z"}, "approved_at"),
        ({"contact": {"id": "con_01h455vb4pex5vsknk084sn02q"}}, "contact.id"),
        ({"company": {"id": "cmp_01h455vb4pex5vsknk084sn02q"}}, "company.id"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_outcome_names_its_field(api, jamie, acme, scope, fields, wrong):
    answer = api.post(OUTCOMES, {"contact": {"external_id": "p1"}, "metric": "time", **fields}, format="json")

    assert (answer.status_code, fields_of(answer)) == (422, [wrong])
    with scope(acme.pk):
        assert not Outcome.objects.exists()


def test_an_outcome_without_a_sentence_gets_one(api, jamie):
    body = {"company": {"external_id": "c1"}, "metric": "reporting time", "baseline": "40 h", "now": "24 h"}

    assert api.post(OUTCOMES, body, format="json").json()["summary"] == "reporting time: 40 h → 24 h"


def test_a_hold_is_placed_seen_by_the_gate_and_lifted(api, jamie, acme, scope):
    placed = api.post(HOLDS, {"company": {"external_id": "c1"}, "reason": "open_ticket"}, format="json")
    assert placed.status_code == 201, placed.content
    hold = placed.json()
    assert (hold["company"], hold["contact"], hold["purpose"]) == (jamie.company.public_id, None, "asks")
    asks = api.get(f"/api/v1/contacts/{jamie.public_id}").json()["contactable"]["asks"]
    assert [reason["code"] for reason in asks["reasons"]] == ["open_ticket"]

    lifted = [api.delete(f"{HOLDS}/{hold['id']}").status_code for _ in range(2)]

    assert lifted == [204, 204]
    assert api.get(f"/api/v1/contacts/{jamie.public_id}").json()["contactable"]["asks"]["ok"]
    assert api.get(f"{HOLDS}/{hold['id']}").json()["lifted_at"] is not None
    with scope(acme.pk):
        assert list(acme.events.order_by("id").values_list("type", flat=True)) == ["company.held", "hold.lifted"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"reason": "mood"}, "reason"),
        ({"purpose": "thanks"}, "purpose"),
        ({"until": "2020-01-01T00:00:00Z"}, "until"),
        ({"company": {"external_id": "c1"}}, "contact"),
        ({"contact": {}}, "contact.id"),
    ],
)
def test_a_wrong_hold_names_its_field(api, jamie, acme, scope, fields, wrong):
    body = {"contact": {"external_id": "p1"}, "reason": "requested", **fields}

    answer = api.post(HOLDS, body, format="json")

    assert (answer.status_code, fields_of(answer)) == (422, [wrong])
    with scope(acme.pk):
        assert not Hold.objects.exists()


def test_a_hold_of_another_workspace_is_not_lifted(foreign_api, hold, acme, scope):
    assert foreign_api.delete(f"{HOLDS}/{hold.public_id}").status_code == 404
    with scope(acme.pk):
        hold.refresh_from_db()
    assert hold.lifted_at is None


def test_open_and_ended_holds_are_told_apart(api, hold, acme, scope):
    with scope(acme.pk):
        ended = make.HoldFactory(workspace=acme, company=hold.company, until=timezone.now() - timedelta(days=1))

    answers = {flag: api.get(f"{HOLDS}?open={flag}").json()["results"] for flag in ("true", "false")}

    assert {flag: [row["id"] for row in rows] for flag, rows in answers.items()} == {
        "true": [hold.public_id],
        "false": [ended.public_id],
    }
    assert api.get(f"{HOLDS}?open=maybe").status_code == 422


def test_revenue_of_a_month_is_set_anew_not_added(api, jamie, acme, scope):
    row = {"company": {"external_id": "c1"}, "month": "2026-10", "amount": 100_00, "currency": "USD"}
    items = [
        row,
        {**row, "amount": 120_00},
        {**row, "month": "2026-13"},
        {**row, "currency": "XXX"},
        {**row, "kind": "one_off"},
    ]

    rows = api.post("/api/v1/revenue/bulk", {"items": items}, format="json").json()["results"]

    assert [row["status"] for row in rows] == [201, 200, 422, 422, 201]
    assert [error["field"] for row in rows for error in row.get("errors", [])] == ["month", "currency"]
    with scope(acme.pk):
        stored = sorted(MonthlyRevenue.objects.values_list("kind", "amount_minor"))
    assert stored == [("one_off", 100_00), ("recurring", 120_00)]


def test_deals_are_known_by_their_external_id(api, jamie, acme, scope):
    deal = {"external_id": "d1", "company": {"external_id": "c1"}, "created_on": "2026-10-01", "source": "outbound"}
    won = {**deal, "outcome": "won", "closed_on": "2026-11-01", "value": {"amount": 5000, "currency": "USD"}}
    items = [deal, won, {**deal, "closed_on": "2026-11-01"}, {**won, "external_id": "d2", "closed_on": "2026-09-01"}]

    rows = api.post("/api/v1/deals/bulk", {"items": items}, format="json").json()["results"]

    assert [row["status"] for row in rows] == [201, 200, 422, 422]
    with scope(acme.pk):
        assert list(Deal.objects.values_list("external_id", "outcome", "value_minor")) == [("d1", "won", 5000)]


def test_an_open_deal_stops_asks_until_it_is_closed(api, jamie):
    deal = {"external_id": "d1", "company": {"external_id": "c1"}, "created_on": "2026-10-01"}
    codes = []
    for outcome in ("open", "lost"):
        api.post("/api/v1/deals/bulk", {"items": [{**deal, "outcome": outcome}]}, format="json")
        asks = api.get(f"/api/v1/contacts/{jamie.public_id}").json()["contactable"]["asks"]
        codes.append([reason["code"] for reason in asks["reasons"]])

    assert codes == [["open_deal"], []]
