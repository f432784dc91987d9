"""The whole story over HTTP and a real mail server: from a ten to a thanked referral, and to a quiet goodbye."""

import datetime
import re

import pytest
from django.utils import timezone

from accounts.tenancy.scope import workspace_scope
from rewards.grants import actions as grants
from tests.flow.outside import Person, Session, path_of

OLD_WORDS = "Is there one person at another company who is where you were then?"
NEW_WORDS = "Is there one finance lead elsewhere who still closes the month by hand?"
TOLD_BY_API = {
    "external_id": "jamie-1",
    "email": "jamie@acme-logistics.example",
    "first_name": "Jamie",
    "last_name": "Okafor",
    "title": "Head of Ops",
    "timezone": "Europe/Lisbon",
    "company": {"external_id": "acme-logistics"},
}
TOLD_ON_PAGE = {
    "external_id": "marta-1",
    "email": "marta@osterberg.example",
    "first_name": "Marta",
    "last_name": "Lindqvist",
    "company": {"external_id": "osterberg"},
}
STORY = """\
member.joined api_key.created
company.created company.created contact.created contact.created outcome.added
response.received moment.created promoter.recognized link.created
ask.queued ask.edited ask.approved ask.sent ask.answered
referral.created thank_you.owed
referral.stage_changed referral.stage_changed referral.stage_changed thank_you.owed
company.created contact.created referral.stage_changed referral.won reward.granted reward.granted thank_you.owed
reward.released reward.approved reward.paid reward.approved reward.paid
advocate.thanked
"""


@pytest.fixture
def customers(northstar):
    """Two companies with one person each, and what Jamie's team has gained, approved."""
    api = northstar.api
    for external_id, name in (("acme-logistics", "Acme Logistics"), ("osterberg", "Osterberg")):
        company = {"external_id": external_id, "name": name, "domains": [f"{external_id}.example"]}
        api.post("/companies", company | {"customer_since": "2025-01-15", "publicity": "allowed"})
    jamie, marta = api.post("/contacts", TOLD_BY_API), api.post("/contacts", TOLD_ON_PAGE)
    outcome = api.post(
        "/outcomes",
        {
            "contact": {"id": jamie["id"]},
            "metric": "days to close the month",
            "baseline": "5 days",
            "now": "2 days",
            "old_challenge": "closing the month by hand",
            "summary": "close the month in two days instead of five",
            "approved_by": "Jamie Okafor",
            "approved_at": timezone.now().isoformat(),
        },
    )
    assert outcome["approved_until"] > timezone.now().isoformat()
    return jamie["id"], marta["id"]


def test_the_survey_page_records_nothing_until_a_score_is_pressed_and_ends_in_the_ask(northstar, customers):
    api, (_jamie, marta_id), marta = northstar.api, customers, Person()
    (survey,) = api.get("/surveys")["results"]
    (invitation,) = api.post(f"/surveys/{survey['id']}/invitations", {"contacts": [{"id": marta_id}]})

    question = marta.open(f"{invitation['url']}?score=10")

    assert (question.status, api.get("/responses")["results"]) == (200, [])

    more = marta.press(question, "score", score="10")
    thanks = marta.press(more, "comment", comment="I stopped dreading the first of the month.", referred_recently="no")

    assert path_of(thanks.url).endswith("/thanks")
    assert "Thank you, Marta. Who else at another company" in thanks.text
    (response,) = api.get("/responses")["results"]
    assert (response["score"], response["comment"]) == (10, "I stopped dreading the first of the month.")
    (ask,) = api.get("/asks?state=queued")["results"]
    assert (ask["contact"], f"{ask['advocate_url']}#introduce" in thanks.text) == (marta_id, True)

    after = marta.press(thanks, "answer", answer="snoozed")

    assert "Who else at another company" not in after.text
    answered = api.get(f"/asks/{ask['id']}")
    assert (answered["state"], answered["answer"], answered["channel"]) == ("answered", "snoozed", "same_breath")


def test_a_ten_becomes_a_thanked_referral_and_an_opt_out_is_kept(
    northstar, customers, minute_passes, seal_of_before, served
):
    jamie_id, _marta = customers
    ask, mail = jamie_is_asked(northstar, jamie_id, minute_passes)
    jamie_shares(ask, mail)
    referral = kim_asks_for_a_call(northstar, ask, jamie_id, seal_of_before)
    kim_becomes_a_customer(northstar, referral)
    both_are_rewarded(northstar, referral, jamie_id)
    jamie_is_thanked(northstar, minute_passes, served)
    the_events_tell_it_in_order(northstar)
    jamie_says_goodbye(northstar, mail)


def jamie_is_asked(northstar, jamie_id, minute_passes):
    api = northstar.api
    answer = {"contact": {"id": jamie_id}, "metric": "nps", "score": 10, "comment": "Two days instead of five!"}
    taken_in = api.post("/responses", answer | {"external_id": "survey-tool-77"})
    assert (taken_in["category"], taken_in["is_high"], taken_in["not_asked"]) == ("promoter", True, None)
    (queued,) = taken_in["asks"]
    assert (queued["state"], queued["problems"], queued["contact"]) == ("queued", [], jamie_id)
    assert [ask["id"] for ask in api.get("/asks")["results"]] == [queued["id"]]

    edited = api.patch(f"/asks/{queued['id']}", {"body": queued["body"].replace(OLD_WORDS, NEW_WORDS)})
    assert (NEW_WORDS in edited["body"], OLD_WORDS in edited["body"]) == (True, False)
    sending = api.post(f"/asks/{queued['id']}/send")
    assert sending["state"] == "sending"

    (taken,) = [one for one in minute_passes(northstar.row) if one.recipients == [TOLD_BY_API["email"]]]
    mail = taken.mail
    assert (mail["To"], mail["From"]) == (
        "Jamie Okafor <jamie@acme-logistics.example>",
        "Dana Reyes <dana.reyes@northstar.example>",
    )
    assert (mail.get_content_type(), mail["List-Unsubscribe-Post"]) == ("text/plain", "List-Unsubscribe=One-Click")
    text = mail.get_content()
    assert (NEW_WORDS in text, "closing the month by hand" in text, queued["advocate_url"] in text) == (
        True,
        True,
        True,
    )
    sent = api.get(f"/asks/{queued['id']}")
    assert (sent["state"], sent["minutes_to_ask"] <= 1) == ("sent", True)
    return sent, mail


def jamie_shares(ask, mail):
    jamie = Person()
    (address,) = re.findall(r"http\S+/a/\S+", mail.get_content())
    page = jamie.open(address)
    assert (page.status, ask["link"]["url"] in page.text) == (200, True)

    shared = jamie.press(page, "do", do="shared")

    assert "Thank you for passing it on." in shared.text


def kim_asks_for_a_call(northstar, ask, jamie_id, seal_of_before):
    api, kim = northstar.api, Person()
    page = kim.open(ask["link"]["url"])
    assert "You’ve been referred by Jamie at Acme Logistics." in page.text
    (link,) = api.get("/links")["results"]
    assert (link["code"], link["visits"], link["unique_visitors"], link["bots"]) == (ask["link"]["code"], 1, 1, 0)
    typed = {"name": "Kim Park", "email": "kim@tarn.example", "company": "Tarn & Co", "wishes": "A quicker month-end"}

    too_fast = kim.press(page, "seal", **typed)

    assert (too_fast.status, api.get("/referrals")["results"]) == (422, [])

    # Half a minute has passed since the page was opened.
    thanks = kim.press(too_fast, "seal", seal=seal_of_before(northstar.row, ask["link"]["code"]))

    assert "Thank you, Kim. Dana Reyes gets in touch." in thanks.text
    (referral,) = api.get("/referrals")["results"]
    assert (referral["stage"], referral["source"], referral["referrer"]) == ("new", "link", jamie_id)
    assert (referral["referee"]["name"], referral["wishes"]) == ("Kim Park", "A quicker month-end")
    return referral


def kim_becomes_a_customer(northstar, referral):
    api, transitions = northstar.api, f"/referrals/{referral['id']}/transitions"
    stages = [api.post(transitions, {"stage": stage})["stage"] for stage in ("contacted", "meeting_booked", "met")]
    assert stages == ["contacted", "meeting_booked", "met"]

    status, problem = api.call("POST", transitions, {"stage": "won"})

    assert (status, [error["field"] for error in problem["errors"]]) == (422, ["deal_value"])
    assert api.get(f"/referrals/{referral['id']}")["stage"] == "met"

    value = {"amount": 1_200_000, "currency": "USD"}
    won = api.post(transitions, {"stage": "won", "deal_value": value})

    assert (won["stage"], won["deal_value"]) == ("won", value)
    assert won["referee"]["contact"] is not None
    assert api.call("POST", transitions, {"stage": "met"})[0] == 409


def both_are_rewarded(northstar, referral, jamie_id):
    api = northstar.api
    rewards = {reward["side"]: reward for reward in api.get("/rewards")["results"]}
    owed = {side: (one["kind"], one["amount"]["amount"], one["state"]) for side, one in rewards.items()}
    assert owed == {
        "referrer": ("gift_card", 50_000, "held"),
        "referee": ("account_credit", 25_000, "pending_approval"),
    }
    assert {one["referral"] for one in rewards.values()} == {referral["id"]}
    assert rewards["referrer"]["beneficiary"] == {"contact": jamie_id, "company": None}
    assert balances(api) == {"expense": 75_000, "payable": -75_000}
    assert api.call("POST", f"/rewards/{rewards['referrer']['id']}/approve", {})[0] == 409

    with workspace_scope(northstar.row.pk):
        assert grants.release_due(workspace=northstar.row, now=timezone.now() + datetime.timedelta(days=31)) == 1
    for reward in rewards.values():
        assert api.post(f"/rewards/{reward['id']}/approve")["state"] == "approved"
        paid = api.post(f"/rewards/{reward['id']}/fulfil", {"note": "By hand, with a card"})
        assert (paid["state"], paid["payout"]["note"]) == ("paid", "By hand, with a card")

    assert balances(api) == {"expense": 75_000, "payable": 0, "cash": -75_000}


def balances(api):
    found = {row["account"]: row["balance"]["amount"] for row in api.get("/ledger/balances")["results"]}
    assert sum(found.values()) == 0
    return found


def jamie_is_thanked(northstar, minute_passes, served):
    dana = Person()
    sign_in = dana.open(f"{served}/accounts/login/")
    today = dana.press(sign_in, "login", login=northstar.owner_email, password=northstar.password)
    assert path_of(today.url) == f"/app/{northstar.slug}/today"
    slips = re.findall(r'href="([^"]*/today/thanks/[^"]*)"', today.text)
    letters = {dana.open(f"{served}{slip}").form("subject", "body").fields["subject"]: slip for slip in slips}
    assert set(letters) == {
        "Thank you for introducing Kim",
        "We spoke with Kim. Thank you",
        "Kim is with us now, thanks to you",
    }

    letter = dana.open(f"{served}{letters['Kim is with us now, thanks to you']}")
    after = dana.press(letter, "subject", "body", body="Hi Jamie,\n\nKim is with us. Thank you.\n\nDana")

    assert "Thanked Jamie Okafor." in after.text
    (taken,) = [one for one in minute_passes(northstar.row) if one.recipients == [TOLD_BY_API["email"]]]
    assert (taken.mail["Subject"], taken.mail["From"]) == (
        "Kim is with us now, thanks to you",
        "Dana Reyes <dana.reyes@northstar.example>",
    )
    assert taken.mail.get_content().startswith("Hi Jamie,\n\nKim is with us. Thank you.\n\nDana\n")


def the_events_tell_it_in_order(northstar):
    events = northstar.api.get("/events?limit=200&ordering=created_at")["results"]
    assert " ".join(event["type"] for event in events) == " ".join(STORY.split())


def jamie_says_goodbye(northstar, mail):
    address = mail["List-Unsubscribe"].strip("<>")
    mail_program = Session()
    assert mail_program.get(address).status_code == 200
    assert "opted_out" not in not_asked(northstar.api, external_id="after-a-look")

    assert mail_program.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200

    assert not_asked(northstar.api, external_id="after-the-opt-out")[0] == "opted_out"
    assert northstar.api.get("/events?type=contact.unsubscribed")["results"][0]["data"] == {"purpose": "asks"}


def not_asked(api, *, external_id):
    """The codes why the next ten asked nobody."""
    answer = {"contact": {"external_id": "jamie-1"}, "metric": "nps", "score": 10, "external_id": external_id}
    taken_in = api.post("/responses", answer)
    assert taken_in["asks"] == []
    return [reason["code"] for reason in taken_in["not_asked"]["reasons"]]
