"""The advocate's page: one address that is its own key. GET shows and never changes; POST does one thing."""

import html
import re
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.events.models import Event
from accounts.tenancy import tokens
from accounts.tenancy.scope import workspace_scope
from referrals.asks.models import Ask
from referrals.links.addresses import advocate_url
from referrals.links.models import Link, Visit
from referrals.pipeline.models import Referral
from tests.factories import accounts as make
from tests.factories.referrals import AskFactory, LinkFactory, ReferralFactory
from tests.factories.rewards import RewardRuleFactory


@pytest.fixture
def address(link):
    return advocate_url(link).partition("/a/")[1] + advocate_url(link).partition("/a/")[2]


@pytest.fixture
def ask(acme, link):
    with workspace_scope(acme.pk):
        return AskFactory(link=link, state="sent", sent_at=timezone.now())


def text_of(response):
    body = re.sub(r"<head>.*?</head>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(body).split())


def people(response):
    listed = re.search(r'<ol class="people">(.*?)</ol>', response.content.decode(), re.DOTALL)
    rows = re.findall(r"<li><b>(.*?)</b>\s*<span[^>]*>(.*?)</span>", listed[1], re.DOTALL) if listed else []
    return [(html.unescape(who), word.strip()) for who, word in rows]


def fresh(row):
    with workspace_scope(row.workspace_id):
        return type(row).objects.get(pk=row.pk)


def test_it_shows_words_ready_to_send_and_ways_to_send_them(client, address, acme):
    response = client.get(address)

    page = html.unescape(response.content.decode())
    assert response.status_code == 200
    words = re.search(r'<textarea id="words"[^>]*>(.*?)</textarea>', page, re.DOTALL)[1]
    assert words.startswith(f"I work with {acme.name} and would do it again.")
    assert words.endswith("/r/jamie-abc")
    assert re.findall(r' href="(mailto:|https://wa\.me/|https://www\.linkedin\.com/)', page) == [
        "mailto:",
        "https://wa.me/",
        "https://www.linkedin.com/",
    ]
    assert "There is no reward for this, and your friend is told so." in text_of(response)


def test_it_shows_the_reward_in_the_sentence_of_its_rule(client, address, acme):
    with workspace_scope(acme.pk):
        RewardRuleFactory(workspace=acme, side="referrer", kind="gift_card", amount_minor=50_000)

    assert "You get a gift card of $500" in text_of(client.get(address))


def test_words_with_a_missing_fact_fall_back_to_a_plain_sentence(client, address, acme, link):
    with workspace_scope(acme.pk):
        link.program.share_text = "We saved {{ outcome.summary }}: {{ link_url }}"
        link.program.save()

    assert "I work with Acme and would do it again. See for yourself:" in text_of(client.get(address))


def test_an_introduction_becomes_a_referral_and_answers_the_ask(client, address, acme, link, ask):
    sent = client.post(
        address,
        {"do": "introduce", "name": "Kim Park", "email": "kim@tarn.example", "company": "Tarn", "note": "Old friend"},
    )

    assert (sent.status_code, sent["Location"]) == (303, f"{address}?done=introduced")
    assert "We look after them the way we look after you" in text_of(client.get(sent["Location"]))
    with workspace_scope(acme.pk):
        [referral] = Referral.objects.all()
    assert (referral.source, referral.stage, referral.advocate_note) == ("introduction", "new", "Old friend")
    assert (referral.referrer_id, referral.link_id, referral.ask_id) == (link.contact_id, link.pk, ask.pk)
    assert (fresh(ask).state, fresh(ask).answer) == ("answered", "introduced")


def test_a_first_name_is_enough_and_nobody_is_written_to(client, address, acme):
    sent = client.post(address, {"do": "introduce", "name": "Kim", "company": "Tarn"})

    assert sent["Location"] == f"{address}?done=named"
    page = client.get(sent["Location"])
    assert "Noted, and we write to nobody." in text_of(page)
    assert people(page) == [("Kim at Tarn", "named")]
    with workspace_scope(acme.pk):
        assert [referral.stage for referral in Referral.objects.all()] == ["named"]


def test_what_is_missing_is_said_and_nothing_is_lost(client, address, acme):
    response = client.post(address, {"do": "introduce", "name": "", "email": "kim@tarn", "note": "Knows month-end"})

    assert response.status_code == 422
    told = html.unescape(response.content.decode())
    assert "A first name is enough." in told
    assert 'value="kim@tarn"' in told
    assert "Knows month-end" in told
    with workspace_scope(acme.pk):
        assert Referral.objects.count() == 0


@pytest.mark.parametrize(
    ("said", "answer", "words"),
    [
        ("shared", "shared", "Thank you for passing it on."),
        ("snoozed", "snoozed", "That is fine. We leave you in peace for three months."),
        ("declined", "declined", "That is a fine answer too. We will not ask again for a year."),
    ],
)
def test_each_answer_ends_the_ask_with_one_human_sentence(client, address, ask, said, answer, words):
    sent = client.post(address, {"do": said})

    assert (fresh(ask).state, fresh(ask).answer) == ("answered", answer)
    assert words in text_of(client.get(sent["Location"]))


def test_a_no_without_an_ask_still_gives_them_their_rest(client, address, link):
    client.post(address, {"do": "declined"})

    with workspace_scope(link.workspace_id):
        rest = link.contact.rest
    assert rest.reason == "declined"
    assert (rest.until - timezone.now()).days in {364, 365}


def test_an_unknown_wish_is_answered_in_words(client, address, ask):
    response = client.post(address, {"do": "dance"})

    assert response.status_code == 422
    assert "Choose one of the buttons below." in text_of(response)
    assert fresh(ask).state == "sent"


def test_it_tells_what_became_of_each_and_never_why_or_for_how_much(client, address, acme, link):
    stages = ["new", "met", "lost", "rejected"]
    with workspace_scope(acme.pk):
        for stage in stages:
            ReferralFactory(link=link, stage=stage, referee_name=f"{stage.title()} Person", lost_reason="too dear")
        ReferralFactory(
            link=link,
            stage="won",
            referee_name="Owen Tarn",
            won_at=timezone.now(),
            deal_value_minor=4_200_000,
            deal_currency="USD",
        )

    response = client.get(address)

    assert sorted(people(response)) == [
        ("Lost at Globex", "closed for now"),
        ("Met at Globex", "we spoke"),
        ("New at Globex", "got it"),
        ("Owen at Globex", "became a customer"),
        ("Rejected at Globex", "closed for now"),
    ]
    assert "Jamie, Owen became a customer." in text_of(response)
    assert not re.search("too dear|42,?000|4200000|@globex", response.content.decode())


def test_people_referred_by_others_or_elsewhere_are_not_shown(client, address, acme, globex, link):
    with workspace_scope(acme.pk):
        ReferralFactory(link=link, referee_name="Mine Own")
        ReferralFactory(link=LinkFactory(contact=make.ContactFactory(workspace=acme)), referee_name="Not Mine")
    with workspace_scope(globex.pk):
        ReferralFactory(link=LinkFactory(contact=make.ContactFactory(workspace=globex)), referee_name="Far Away")

    assert people(client.get(address)) == [("Mine at Globex", "got it")]


@pytest.mark.parametrize("path", ["", "/preview", "/preview?via=post", "/qr.svg", "?done=declined", "?do=withdraw"])
def test_scanners_may_open_everything_and_change_nothing(client, address, acme, link, ask, path):
    before = everything(acme)

    for _ in range(5):
        assert client.get(address + path).status_code == 200
        assert client.head(address + path).status_code == 200

    assert everything(acme) == before


def everything(workspace):
    with workspace_scope(workspace.pk):
        rows = [list(model.objects.order_by("pk").values()) for model in (Link, Ask, Referral, Visit, Event)]
        return rows, list(workspace.contacts.values())


def test_the_landing_page_changes_nothing_but_visits_when_scanners_open_it(client, acme, link, ask):
    before = everything(acme)

    for _ in range(5):
        client.get("/r/jamie-abc", HTTP_USER_AGENT="Mozilla/5.0 Chrome/150.0")
        client.head("/r/jamie-abc")

    after = everything(acme)
    assert [len(rows) for rows in after[0]] == [1, 1, 0, 10, 0]
    assert [rows for at, rows in enumerate(after[0]) if at != 3] == [
        rows for at, rows in enumerate(before[0]) if at != 3
    ]
    assert after[1] == before[1]


def test_the_preview_is_the_page_of_the_friend_without_a_visit(client, address, acme, link):
    response = client.get(f"{address}/preview")

    assert "You’ve been referred by Jamie at Northwind." in response.content.decode()
    assert "Set-Cookie" not in response.headers
    assert re.search(r"<button[^>]*disabled", response.content.decode())
    with workspace_scope(acme.pk):
        assert Visit.objects.count() == 0


def test_the_code_to_point_a_phone_at_is_a_picture(client, address):
    response = client.get(f"{address}/qr.svg")

    assert response["Content-Type"] == "image/svg+xml"
    assert response.content.startswith(b"<svg")


@pytest.mark.parametrize("path", ["", "/preview", "/qr.svg", "?done=shared"])
def test_token_pages_tell_nobody_their_address(client, address, path):
    response = client.get(address + path)

    names = ["Referrer-Policy", "Cache-Control", "X-Robots-Tag"]
    assert [response[name] for name in names] == ["no-referrer", "private, no-store", "noindex"]
    assert not response.cookies


def test_altered_tokens_open_nothing(client, address, link):
    token = address.removeprefix("/a/")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    def flipped(bit):
        at, value = bit // 6, alphabet.index(token[bit // 6])
        return token[:at] + alphabet[value ^ (1 << (bit % 6))] + token[at + 1 :]

    statuses = [client.get(f"/a/{flipped(bit % 384)}").status_code for bit in range(7, 7 + 200 * 23, 23)]

    assert statuses == [404] * 200
    assert client.post(f"/a/{flipped(11)}", {"do": "withdraw"}).status_code == 404


def test_tokens_of_another_purpose_or_an_older_nonce_open_nothing(client, acme, address, link):
    other = tokens.make("survey", workspace_id=acme.pk, object_id=link.pk, nonce=str(link.nonce))
    with workspace_scope(acme.pk):
        Link.objects.update(nonce=uuid4())

    answers = [client.get(one) for one in (f"/a/{other}", address, "/a/nonsense", "/a/é", f"{address}/qr.svg")]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert "no longer opens your page" in text_of(answers[1])


def test_taking_the_page_down_works_at_the_next_click(client, address, link):
    sent = client.post(address, {"do": "withdraw"})

    assert "Your page is down." in text_of(client.get(sent["Location"]))
    assert client.get("/r/jamie-abc").status_code == 410
    assert fresh(link).retired_at is not None
    assert client.post(address, {"do": "introduce", "name": "Kim"}).status_code == 422


def test_the_page_costs_the_same_for_one_person_or_three(client, address, acme, link, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for more in (1, 2):
        with workspace_scope(acme.pk):
            ReferralFactory.create_batch(more, link=link)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 12
