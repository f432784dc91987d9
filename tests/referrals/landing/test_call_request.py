"""Asking for a call: works without script, loses nothing, one person is one referral."""

import datetime
import html
import re

import pytest
from django.utils import timezone

from accounts.tenancy.scope import workspace_scope
from referrals.landing import seals
from referrals.links.models import Visit
from referrals.pipeline.models import Referral
from tests.factories import referrals as make

KIM = {"name": "Kim Park", "email": "kim@tarn.example", "company": "Tarn & Co", "wishes": "A quicker month-end"}


@pytest.fixture
def ask(client, link):
    """Send the form as a browser without script does, `age` seconds after it was opened."""

    def post(age=30, **changes):
        opened_at = timezone.now() - datetime.timedelta(seconds=age)
        data = {**KIM, "phone": "", "timezone": "", "website": "", "seal": seals.seal(link.pk, opened_at), **changes}
        return client.post("/r/jamie-abc", data)

    return post


def referrals(workspace):
    with workspace_scope(workspace.pk):
        return list(Referral.objects.select_related("link", "referrer").order_by("created_at"))


def errors(response):
    return [html.unescape(text) for text in re.findall(r'<p class="err"[^>]*>(.*?)</p>', response.content.decode())]


def test_a_request_becomes_a_referral_and_says_what_happens_next(client, ask, acme, link):
    sent = ask(timezone="Europe/Lisbon")

    assert sent.status_code == 303
    page = client.get(sent["Location"])
    assert page.status_code == 200
    assert "Thank you, Kim. Ana Acme gets in touch." in page.content.decode()
    [referral] = referrals(acme)
    assert (referral.referee_name, referral.referee_email, referral.referee_company_name) == (
        "Kim Park",
        "kim@tarn.example",
        "Tarn & Co",
    )
    assert (referral.source, referral.stage, referral.referrer, referral.link) == ("link", "new", link.contact, link)
    assert (referral.wishes, referral.referee_timezone) == ("A quicker month-end", "Europe/Lisbon")


def test_the_same_person_twice_is_recognised_kindly_and_one_referral(client, ask, acme):
    ask()
    again = ask(name="Kim P.", email="KIM@tarn.example")

    assert "We have you already, Kim." in client.get(again["Location"]).content.decode()
    assert len(referrals(acme)) == 1


def test_who_was_introduced_before_they_came_adds_what_we_did_not_know(ask, acme, link):
    with workspace_scope(acme.pk):
        make.ReferralFactory(
            link=link,
            source="introduction",
            stage="contacted",
            referee_name="Kim",
            referee_email="kim@tarn.example",
            referee_email_normalized="kim@tarn.example",
            referee_company_name="Tarn",
            referee_phone="",
            wishes="",
        )

    ask(phone="+44 20 7946 0000", timezone="Europe/Lisbon")

    [referral] = referrals(acme)
    assert (referral.source, referral.stage) == ("introduction", "contacted")
    assert (referral.referee_name, referral.referee_company_name) == ("Kim", "Tarn")
    assert (referral.wishes, referral.referee_phone) == ("A quicker month-end", "+44 20 7946 0000")
    assert referral.referee_timezone == "Europe/Lisbon"
    with workspace_scope(acme.pk):
        told = acme.events.get(type="referral.changed").data["told"]
    assert {"wishes", "referee_phone", "referee_timezone"} <= set(told)


def test_a_phone_number_is_enough(ask, acme):
    assert ask(email="", phone="+44 20 7946 0000").status_code == 303
    assert [referral.referee_phone for referral in referrals(acme)] == ["+44 20 7946 0000"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, ["Tell us what to call you."]),
        ({"email": "", "phone": ""}, ["Give an e-mail address or a phone number, so that we can reach you."]),
        ({"email": "kim@tarn"}, ["This address has no ending, such as .com, or no @. Check it once more."]),
        (
            {"phone": "call me"},
            ["This does not look like a phone number. Use digits, such as +44 20 7946 0000."],
        ),
        ({"wishes": "x" * 2001}, ["This is longer than 2,000 characters. The rest can wait for the call."]),
    ],
)
def test_what_is_missing_is_said_beside_the_field_and_nothing_is_lost(ask, acme, changes, words):
    response = ask(**changes)

    assert (response.status_code, errors(response)) == (422, words)
    kept = {**KIM, **changes}
    page = html.unescape(response.content.decode())
    assert all(f'value="{kept[name]}"' in page for name in ("name", "email", "company") if kept[name].strip())
    assert kept["wishes"] in page
    assert referrals(acme) == []


@pytest.mark.parametrize(
    "bot", [{"age": 0}, {"website": "http://spam.example"}, {"seal": ""}, {"seal": "5f.forged"}, {"seal": "zz.é"}]
)
def test_who_looks_like_a_bot_is_asked_to_press_again_and_then_believed(client, ask, acme, bot):
    response = ask(**bot)

    page = html.unescape(response.content.decode())
    assert response.status_code == 422
    assert "Press the button once more." in page
    assert KIM["wishes"] in page
    assert referrals(acme) == []

    seal = re.search(r'name="seal" value="(.*?)"', page)[1]
    assert re.search(r'name="website"[^>]*', page)[0].find("spam") == -1
    then = timezone.now() + datetime.timedelta(seconds=3)
    assert seals.is_ripe(seal, referral_link(acme).pk, then)


def referral_link(workspace):
    with workspace_scope(workspace.pk):
        return workspace.links.get()


def test_a_seal_of_another_link_is_not_believed(ask, acme):
    from uuid import uuid4

    other = seals.seal(uuid4(), timezone.now() - datetime.timedelta(minutes=1))

    assert ask(seal=other).status_code == 422
    assert referrals(acme) == []


def test_the_form_on_the_kept_page_carries_a_seal_of_its_own(open_page, link):
    page = open_page("/r/jamie-abc").content.decode()

    seal = re.search(r'name="seal" value="(.*?)"', page)[1]
    now = timezone.now()
    assert not seals.is_ripe(seal, link.pk, now)
    assert seals.is_ripe(seal, link.pk, now + datetime.timedelta(seconds=3))


def test_the_click_and_the_request_have_the_same_visitor(client, open_page, ask, acme):
    cookie = open_page("/r/jamie-abc")["Set-Cookie"].partition(";")[0].partition("=")[2]
    client.cookies["gw_visitor"] = cookie

    ask()

    [referral] = referrals(acme)
    with workspace_scope(acme.pk):
        assert [visit.visitor_id for visit in Visit.objects.all()] == [referral.visitor_id]
    assert str(referral.visitor_id) != cookie


def test_in_eu_mode_the_code_in_the_form_is_all_there_is(client, ask, acme, link):
    acme.eu_mode = True
    acme.save()
    client.cookies["gw_visitor"] = "0d9ab4a2-8c8e-4a2e-9d0e-6f8a2a1f5c11"

    response = ask()

    assert response.status_code == 303
    assert not response.cookies
    [referral] = referrals(acme)
    assert (referral.visitor_id, referral.link) == (None, link)


@pytest.mark.parametrize("state", ["retired", "paused"])
def test_a_link_taken_down_meanwhile_takes_no_requests(ask, acme, link, state):
    with workspace_scope(acme.pk):
        if state == "retired":
            link.retired_at = timezone.now()
            link.save()
        else:
            link.program.state = "paused"
            link.program.save()

    assert ask().status_code in {404, 410}
    assert referrals(acme) == []


def test_thank_you_pages_open_with_their_own_token_only(client, ask, acme, link):
    address = ask()["Location"].partition("?")[0]
    start, _, token = address.rpartition("/")

    broken = [flipped(token, bit) for bit in range(0, len(token) * 6, 7)]

    statuses = {client.get(f"{start}/{one}").status_code for one in broken}
    assert (statuses, client.get(address).status_code) == ({404}, 200)
    assert client.get(f"/r/other/thanks/{token}").status_code == 404


def flipped(token, bit):
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    at, value = bit // 6, alphabet.index(token[bit // 6])
    return token[:at] + alphabet[value ^ (1 << (bit % 6))] + token[at + 1 :]


def test_other_methods_are_refused(client, link):
    assert [client.put("/r/jamie-abc").status_code, client.delete("/r/jamie-abc").status_code] == [405, 405]
