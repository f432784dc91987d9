"""What the page says, and that it says something else at the next click when something changed."""

import datetime
import html
import re

import pytest
from django.utils import timezone

from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.scope import workspace_scope
from referrals.links import actions as links
from referrals.links.models import Visit
from tests.factories import accounts as make
from tests.factories.referrals import LinkFactory
from tests.factories.rewards import RewardRuleFactory


def text_of(response):
    body = re.sub(r"<head>.*?</head>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(body).split())


def headline(response):
    return html.unescape(re.search(r'<h1 class="head">(.*?)</h1>', response.content.decode())[1])


def change(row, **fields):
    """By a bare UPDATE, as a bulk edit or an import writes: `updated_at` stays as it is."""
    with workspace_scope(row.workspace_id):
        type(row).objects.filter(pk=row.pk).update(**fields)


def approved(company, **fields):
    now = timezone.now()
    times = {"approved_at": now - datetime.timedelta(days=1), "approved_until": now + datetime.timedelta(days=364)}
    with workspace_scope(company.workspace_id):
        return make.OutcomeFactory(company=company, **{**times, **fields})


def test_forbidding_the_name_shows_at_the_next_click(open_page, link):
    before = headline(open_page("/r/jamie-abc"))

    change(link.contact.company, publicity="forbidden")

    after = open_page("/r/jamie-abc")
    assert (before, headline(after)) == (
        "You’ve been referred by Jamie at Northwind.",
        "You’ve been referred by Jamie.",
    )
    assert "Northwind" not in after.content.decode()


def test_an_approved_outcome_is_told_until_it_is_taken_back(open_page, link):
    outcome = approved(link.contact.company)
    told = text_of(open_page("/r/jamie-abc"))

    change(outcome, approved_by="", approved_at=None, approved_until=None)

    assert "Book a call to see how we helped their team cut reporting time by 40 %." in told
    assert "40 %" not in text_of(open_page("/r/jamie-abc"))


def test_an_approval_that_runs_out_is_gone_without_anybody_writing(open_page, link, time_machine_at):
    approved(link.contact.company, approved_until=timezone.now() + datetime.timedelta(hours=1))
    before = text_of(open_page("/r/jamie-abc"))

    with time_machine_at(timezone.now() + datetime.timedelta(hours=2)):
        after = text_of(open_page("/r/jamie-abc"))

    assert ("40 %" in before, "40 %" in after) == (True, False)


def test_a_hidden_name_is_hidden_at_the_next_click(open_page, link):
    open_page("/r/jamie-abc")

    change(link, name_hidden=True)

    response = open_page("/r/jamie-abc")
    assert headline(response) == "You’ve been referred by a customer of Acme."
    assert not re.search("Jamie|Okafor|Northwind|Operations", re.sub(r"/r/jamie-abc", "", response.content.decode()))


def test_texts_brand_and_rules_show_at_the_next_click(open_page, acme, link):
    open_page("/r/jamie-abc")

    change(link.program, call_title="A walk round the yard")
    acme.brand_color, acme.privacy_url = "#2747b8", "https://acme.example/privacy"
    acme.save()
    with workspace_scope(acme.pk):
        RewardRuleFactory(workspace=acme, side="referrer", kind="gift_card", amount_minor=50_000)

    response = open_page("/r/jamie-abc")
    assert "A walk round the yard." in text_of(response)
    assert "Jamie was told: “You get a gift card of $500" in text_of(response)
    assert '<link rel="stylesheet" href="/brand/2747b8.css">' in response.content.decode()
    assert 'href="https://acme.example/privacy"' in response.content.decode()


def test_it_says_where_nobody_gets_anything(open_page, link):
    assert "Jamie gets nothing for this." in text_of(open_page("/r/jamie-abc"))


def test_an_employer_that_forbids_gifts_means_nothing_for_jamie(open_page, acme, link):
    with workspace_scope(acme.pk):
        RewardRuleFactory(workspace=acme, side="referrer", kind="gift_card", amount_minor=50_000)
        RewardRuleFactory(workspace=acme, side="referee", kind="discount", amount_minor=0)
    change(link.contact.company, gift_policy="forbidden")

    told = text_of(open_page("/r/jamie-abc"))

    assert "Jamie gets nothing for this." in told
    assert "You get a discount for your company" in told


def test_a_page_says_where_the_data_comes_from_and_who_answers_for_it(open_page, acme, link):
    told = text_of(open_page("/r/jamie-abc"))

    assert "We know of you only through Jamie’s link and what you write here." in told
    assert acme.postal_address in told


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("", "You’ve been referred by Jamie at Northwind."),
        ("?via=post", "Jamie, Head of Operations in logistics uses Acme."),
        ("?via=elsewhere", "You’ve been referred by Jamie at Northwind."),
    ],
)
def test_the_preview_of_a_link_says_no_more_than_the_page(open_page, link, query, title):
    response = open_page(f"/r/jamie-abc{query}")

    page = html.unescape(response.content.decode())
    assert (headline(response), re.search('"og:title" content="(.*?)"', page)[1]) == (title, title)
    assert ("Northwind" in page) == ("Northwind" in title)


def test_names_are_text_and_never_markup(open_page, link):
    change(link.contact, first_name="<b>Jamie</b>")

    assert "<b>Jamie" not in open_page("/r/jamie-abc").content.decode()


def test_a_withdrawn_link_is_gone_at_the_next_click_and_counts_no_more(open_page, acme, link):
    open_page("/r/jamie-abc")
    with workspace_scope(acme.pk):
        links.withdraw(link=link, by=SYSTEM, now=timezone.now())

    response = open_page("/r/jamie-abc")

    assert (response.status_code, headline(response)) == (410, "This page is no longer shared.")
    assert "Jamie" not in response.content.decode()
    assert "mailto:ana@acme.example" in response.content.decode()
    assert "Set-Cookie" not in response.headers
    with workspace_scope(acme.pk):
        assert Visit.objects.count() == 1


@pytest.mark.parametrize(
    ("what", "status", "title"),
    [
        ({"program": "paused"}, 404, "This page is resting."),
        ({"program": "ended"}, 410, "This page is no longer shared."),
        ({"workspace": "suspended"}, 404, "Acme is taking a break."),
        ({"workspace": "closing"}, 410, "This page is closed."),
    ],
)
def test_what_rests_or_is_closed_says_what_to_do_next(open_page, acme, link, what, status, title):
    if "program" in what:
        change(link.program, state=what["program"])
    else:
        acme.state = what["workspace"]
        acme.closes_at = timezone.now() if acme.state == "closing" else None
        acme.save()

    response = open_page("/r/jamie-abc")

    assert (response.status_code, headline(response)) == (status, title)
    with workspace_scope(acme.pk):
        assert Visit.objects.count() == 0


@pytest.mark.parametrize("code", ["nobody", "x" * 41, "%00", "jamie-abC", "'; DROP TABLE referrals_link; --", "ä"])
def test_a_code_nobody_has_is_a_page_with_a_way_on(open_page, link, code):
    response = open_page(f"/r/{code}")

    assert (response.status_code, headline(response)) == (404, "There is no page at this address.")


def test_the_form_can_be_sent(open_page, link):
    assert re.findall(r"<button[^>]*>", open_page("/r/jamie-abc").content.decode()) == [
        '<button type="submit" class="btn main wide">'
    ]


def test_every_link_has_its_own_page(open_page, acme, link):
    with workspace_scope(acme.pk):
        company = make.CompanyFactory(workspace=acme, name="Lowell")
        other = make.ContactFactory(workspace=acme, company=company, first_name="Hana")
        LinkFactory(contact=other, program=link.program, code="hana-abc")

    titles = [headline(open_page(f"/r/{code}")) for code in ("jamie-abc", "hana-abc", "jamie-abc")]

    assert titles == [
        f"You’ve been referred by {who}." for who in ("Jamie at Northwind", "Hana at Lowell", "Jamie at Northwind")
    ]


@pytest.mark.parametrize(("digits", "status"), [("2747b8", 200), ("red", 404), ("2747b8;}*{", 404), ("2747b", 404)])
def test_a_brand_is_a_colour_and_nothing_else(client, db, digits, status):
    response = client.get(f"/brand/{digits}.css")

    assert response.status_code == status
    if status == 200:
        assert response.content == b":root { --brand: #2747b8; }\n"
