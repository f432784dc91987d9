import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.tenancy.scope import workspace_scope
from referrals.thanks.models import ThankYou
from tests.factories import referrals
from tests.factories.accounts import NOW

TODAY = "/app/acme/today"


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def test_today_shows_the_ask_with_words_clock_and_letter(manager, ask):
    page = text(manager.get(TODAY))

    assert "One person just said they love it." in page
    assert "Ask them before tomorrow 11:00." in page
    assert "We close the month in two days." in page
    assert "Goes out by itself at 15:00." in page
    assert "Hi Jamie, is there somebody?" in page
    assert "Send now" in page


def test_every_fact_leads_to_its_record(manager, acme, ask_at):
    fact = {"token": "response.score", "value": "10", "source": "NPS answer of today"}
    ask = ask_at(acme, body="You gave us a 10.", facts=[fact])

    page = text(manager.get(TODAY))

    assert f'href="/app/acme/feedback/answers/{ask.moment.response.public_id}" hx-boost="false">NPS answer of' in page


def test_an_empty_desk_says_so(manager):
    page = text(manager.get(TODAY))

    assert "Nobody new waits to be asked." in page
    assert "not enough answers" in page


def test_the_clock_is_the_members_own(acme, ana, client, ask):
    with workspace_scope(acme.pk):
        ana.timezone = "America/New_York"
        ana.save()
    client.force_login(ana.user)

    page = text(client.get(TODAY))

    assert "Tuesday 17 November, 05:00" in page
    assert "Goes out by itself at 09:00." in page


def test_strangers_find_no_desk(manager, globex):
    assert manager.get("/app/globex/today").status_code == 404


def test_an_ask_of_another_workspace_does_not_exist(manager, globex, ask_at):
    foreign = ask_at(globex)

    assert manager.get(f"{TODAY}/asks/{foreign.public_id}").status_code == 404
    assert manager.post(f"{TODAY}/asks/{foreign.public_id}/send").status_code == 404


def test_nobody_sees_the_desk_without_signing_in(client, acme):
    response = client.get(TODAY)

    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


def test_analysts_read_but_learn_who_can_send(as_role, ana, ask):
    page = text(as_role("analyst").get(TODAY))

    assert "Hi Jamie, is there somebody?" in page
    assert "Analysts can read this but not send. Ana can." in page
    assert "Send now" not in page


def test_without_the_right_to_scores_nobody_sees_what_single_persons_said(as_role, ask):
    page = text(as_role("marketing").get(TODAY))

    assert "Jamie Okafor" in page
    assert "We close the month in two days." not in page
    assert "Hi Jamie, is there somebody?" not in page
    assert '<span class="vh">Score </span>10' not in page


@pytest.mark.parametrize(
    ("fields", "what", "sentence"),
    [
        (
            {"problems": [{"code": "missing_fact", "detail": "No outcome.", "token": "outcome.summary"}]},
            "needs an outcome",
            "Stopped before sending.",
        ),
        (
            {"state": "expired", "deadline_at": NOW - datetime.timedelta(minutes=40), "send_at": None},
            "missed 40 min ago",
            "Missed by 40 min.",
        ),
        ({"state": "unconfirmed"}, "did it arrive?", "Did Jamie get it?"),
        ({"state": "failed", "ended_reason": "Unknown address"}, "was not reached", "It did not arrive."),
        ({"channel": "call", "send_at": None}, "wants a call", "Call first."),
        ({"state": "sending", "send_at": NOW + datetime.timedelta(seconds=50)}, "is leaving now", "Take it back"),
    ],
)
def test_what_needs_a_hand_says_why(manager, acme, ask_at, fields, what, sentence):
    ask_at(acme, **fields)

    page = text(manager.get(TODAY))

    assert what in page
    assert sentence in page


def test_also_today_lists_calls_with_what_was_said(manager, acme, ask):
    with workspace_scope(acme.pk):
        referral = referrals.ReferralFactory(
            link=ask.link, relation="Former colleagues", advocate_note="She closes the books by hand."
        )

    assert "Call Kim Park" in text(manager.get(TODAY))
    page = text(manager.get(f"{TODAY}/referrals/{referral.public_id}"))
    assert "How they know each other: Former colleagues." in page
    assert "She closes the books by hand." in page


def test_the_poll_sends_the_pile_but_not_the_letter(manager, ask):
    page = text(manager.get(f"{TODAY}/asks/{ask.public_id}?part=pile", headers={"HX-Request": "true"}))

    assert "Jamie Okafor" in page
    assert 'aria-current="true"' in page
    assert 'hx-swap-oob="true"' in page
    assert "Hi Jamie, is there somebody?" not in page


def test_with_htmx_only_the_desk_is_sent_and_a_restored_page_is_whole(manager, ask):
    part = text(manager.get(TODAY, headers={"HX-Request": "true"}))
    whole = text(manager.get(TODAY, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}))

    assert "<html" not in part
    assert "<html" in whole


def test_ten_asks_cost_as_many_queries_as_one(manager, acme, ask_at):
    ask_at(acme)
    with CaptureQueriesContext(connection) as one:
        manager.get(TODAY)
    for _ in range(9):
        ask_at(acme)
    with CaptureQueriesContext(connection) as ten:
        page = text(manager.get(TODAY))

    assert page.count('class="slip"') == 10
    assert len(ten) == len(one)
    assert len(ten) <= 28


def test_a_thank_you_is_sent_in_the_words_on_the_screen(manager, acme, ask, stored):
    with workspace_scope(acme.pk):
        thank_you = ThankYou.objects.create(
            workspace=acme,
            contact=ask.contact,
            source_key="response:1",
            occasion="self_reported",
            subject="Thank you",
            body="Hi Jamie, thank you.",
            owed_since=NOW,
            due_at=NOW,
        )
    address = reverse("today-thank-you-send", args=["acme", thank_you.public_id])

    empty = manager.post(address, {"subject": "Thank you", "body": ""})
    assert empty.status_code == 422
    assert stored(thank_you).state == "owed"

    sent = manager.post(address, {"subject": "Thank you so much", "body": "Hi Jamie, that was kind."})
    assert sent.status_code == 302
    assert stored(thank_you).state == "sending"
    assert stored(thank_you).body == "Hi Jamie, that was kind."
