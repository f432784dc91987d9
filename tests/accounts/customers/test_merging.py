from datetime import date, timedelta

import pytest

from accounts.customers import actions, gate
from accounts.mail.actions import suppress
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.errors import InvalidInput
from tests.factories import accounts as make
from tests.factories import feedback, referrals
from tests.factories.accounts import NOW

DAY = timedelta(days=1)


@pytest.fixture
def pair(in_acme):
    company = make.CompanyFactory(workspace=in_acme)
    return [
        make.ContactFactory(workspace=in_acme, company=company, external_id=name, email=f"{name}@northwind.example")
        for name in ("keep", "merge")
    ]


def merge(acme, keep, other):
    return actions.merge_contacts(workspace=acme, keep=keep, merge=other, by=SYSTEM, now=NOW)


def test_the_latest_ask_the_longest_rest_and_the_strictest_opt_out_are_kept(in_acme, pair):
    keep, other = pair
    keep.asked_at, keep.silences, other.asked_at = NOW - 5 * DAY, 1, NOW - DAY
    keep.save()
    other.save()
    actions.set_rest(contact=keep, until=NOW + 3 * DAY, reason="answered")
    actions.set_rest(contact=other, until=NOW + 90 * DAY, reason="declined")
    suppress(workspace=in_acme, email=other.email, purpose="asks", reason="preferences")

    kept = merge(in_acme, keep, other)

    assert (kept.asked_at, kept.silences) == (NOW - DAY, 1)
    assert (kept.rest.until, kept.rest.reason) == (NOW + 90 * DAY, "declined")
    said = gate.judge(workspace=in_acme, contact=kept, purpose="asks", now=NOW)
    assert [reason.code for reason in said.reasons] == ["opted_out", "resting"]


def test_the_latest_answer_decides_whether_somebody_is_unhappy(in_acme, pair):
    keep, other = pair
    keep.low_answer_at = keep.latest_answer_at = NOW - 9 * DAY
    keep.latest_scores = {"nps": {"score": 3, "at": "2026-11-08T10:00:00Z"}}
    other.latest_answer_at = other.promoter_at = NOW - DAY
    other.latest_scores = {"nps": {"score": 10, "at": "2026-11-16T10:00:00Z"}}
    keep.save()
    other.save()

    kept = merge(in_acme, keep, other)

    assert (kept.low_answer_at, kept.promoter_at) == (None, NOW - DAY)
    assert kept.latest_scores == other.latest_scores


def test_rows_of_the_apps_above_move_and_what_can_not_stays_reachable(in_acme, pair):
    keep, other = pair
    response = feedback.ResponseFactory(contact=other)
    program = referrals.ProgramFactory(workspace=in_acme)
    own, twin = (referrals.LinkFactory(contact=contact, program=program) for contact in pair)
    elsewhere = referrals.LinkFactory(contact=other)
    referral = referrals.ReferralFactory(link=twin)

    merge(in_acme, keep, other)

    for row in (response, own, twin, elsewhere, referral):
        row.refresh_from_db()
    assert (response.contact, own.contact, elsewhere.contact, referral.referrer) == (keep, keep, keep, keep)
    assert (twin.contact, referral.link) == (other, twin)


def test_the_old_address_and_key_lead_to_the_person_and_the_signpost_gets_nothing(in_acme, pair):
    keep, other = pair

    merge(in_acme, keep, other)

    for reference in ({"email": "merge@northwind.example"}, {"external_id": "merge"}, {"id": other.public_id}):
        found = actions.resolve_contact(workspace=in_acme, reference=reference, by=SYSTEM, now=NOW)
        assert found == keep
    fields = {"external_id": "merge", "email": "merge@northwind.example", "title": "COO"}
    assert actions.upsert_contact(workspace=in_acme, fields=fields, by=SYSTEM, now=NOW) == (keep, False)
    keep.refresh_from_db()
    assert (keep.external_id, keep.email, keep.title) == ("keep", "keep@northwind.example", "COO")
    said = gate.judge(workspace=in_acme, contact=other, purpose="asks", now=NOW)
    assert [reason.code for reason in said.reasons] == ["merged"]


def test_what_only_the_duplicate_has_is_taken_over(in_acme):
    keep = make.ContactFactory(workspace=in_acme, email="", email_normalized=None, title="", company=None)
    other = make.ContactFactory(workspace=in_acme, external_id=None, email="jamie@northwind.example")

    kept = merge(in_acme, keep, other)

    kept.refresh_from_db()
    assert (kept.email, kept.email_normalized, kept.title, kept.company) == (
        "jamie@northwind.example",
        "jamie@northwind.example",
        "Head of Operations",
        other.company,
    )


def test_nobody_is_merged_into_themselves_or_twice(in_acme, pair):
    keep, other = pair
    with pytest.raises(InvalidInput, match="itself"):
        merge(in_acme, keep, keep)
    merge(in_acme, keep, other)

    with pytest.raises(InvalidInput, match="merged before"):
        merge(in_acme, keep, other)


def test_two_companies_become_one_with_all_their_people_domains_and_revenue(in_acme):
    keep, other = (make.CompanyFactory(workspace=in_acme, external_id=name) for name in ("keep", "merge"))
    people = [make.ContactFactory(workspace=in_acme, company=company) for company in (keep, other)]
    in_acme.company_domains.create(company=other, domain="northwind.org")
    other.publicity, other.customer_since = "forbidden", date(2020, 1, 1)
    other.save()
    for company, month in ((keep, 9), (other, 9), (other, 10)):
        in_acme.revenue.create(company=company, month=date(2026, month, 1), amount_minor=100, currency="USD")

    kept = actions.merge_companies(workspace=in_acme, keep=keep, merge=other, by=SYSTEM, now=NOW)

    assert set(kept.contacts.all()) == set(people)
    assert [row.domain for row in kept.domains.all()] == ["northwind.org"]
    assert (kept.publicity, kept.customer_since) == ("forbidden", date(2020, 1, 1))
    revenue = in_acme.revenue.order_by("month").values_list("company", "month", "amount_minor")
    assert list(revenue) == [(keep.pk, date(2026, 9, 1), 200), (keep.pk, date(2026, 10, 1), 100)]
    reference = {"external_id": "merge"}
    assert actions.resolve_company(workspace=in_acme, reference=reference, by=SYSTEM, now=NOW) == keep


def test_over_the_api_the_duplicate_disappears_from_lists(api, acme, scope):
    with scope(acme.pk):
        keep, other = make.ContactFactory.create_batch(2, workspace=acme)
    body = {"keep": keep.public_id, "merge": other.public_id}

    answer = api.post("/api/v1/contacts/merge", body, format="json")

    assert (answer.status_code, answer.json()["id"]) == (200, keep.public_id)
    assert [row["id"] for row in api.get("/api/v1/contacts").json()["results"]] == [keep.public_id]
    assert api.get(f"/api/v1/contacts/{other.public_id}").status_code == 404


def test_over_the_api_a_foreign_record_is_not_merged(api, acme, globex, scope):
    with scope(globex.pk):
        foreign = make.CompanyFactory(workspace=globex)
    with scope(acme.pk):
        own = make.CompanyFactory(workspace=acme)

    answer = api.post("/api/v1/companies/merge", {"keep": own.public_id, "merge": foreign.public_id}, format="json")

    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, ["merge"])
