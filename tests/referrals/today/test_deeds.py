import datetime

import pytest
from django.contrib.messages import get_messages

from accounts.tenancy.scope import workspace_scope
from rewards.grants.models import Reward
from tests.factories import accounts as make
from tests.factories import referrals
from tests.factories.accounts import NOW


def do(client, ask, deed, **data):
    return client.post(f"/app/acme/today/asks/{ask.public_id}/{deed}", data)


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_send_gives_a_minute_to_take_it_back(manager, ask, stored):
    response = do(manager, ask, "send")

    assert response.url == "/app/acme/today"
    assert said(response) == ["Sent to Jamie Okafor."]
    assert stored(ask).state == "sending"
    assert stored(ask).sent_by_person is True

    response = do(manager, ask, "undo")

    assert response.url == f"/app/acme/today/asks/{ask.public_id}"
    assert stored(ask).state == "queued"


def test_what_the_gate_forbids_is_said_and_not_sent(manager, acme, ask, stored):
    with workspace_scope(acme.pk):
        make.HoldFactory(workspace=acme, company=ask.contact.company)

    response = do(manager, ask, "send")

    assert response.url == f"/app/acme/today/asks/{ask.public_id}"
    assert len(said(response)) == 1
    assert "support case" in said(response)[0]
    assert stored(ask).state == "queued"


def test_a_stopped_draft_is_not_sent(manager, acme, ask_at, stored):
    stopped = ask_at(acme, problems=[{"code": "missing_fact", "detail": "There is no outcome.", "token": ""}])

    assert said(do(manager, stopped, "send")) == ["There is no outcome."]
    assert stored(stopped).state == "queued"


def test_edit_in_place(manager, ask, stored):
    form = manager.get(f"/app/acme/today/asks/{ask.public_id}/edit").content.decode()
    assert "Hi Jamie, is there somebody?" in form

    do(manager, ask, "edit", subject="Who else?", body="Hi Jamie,\n\nwho else?")

    assert (stored(ask).subject, stored(ask).body) == ("Who else?", "Hi Jamie,\n\nwho else?")


@pytest.mark.parametrize(
    ("state", "data"), [("queued", {"subject": "", "body": "My words"}), ("sent", {"subject": "S", "body": "My words"})]
)
def test_a_refused_edit_keeps_what_was_typed(manager, acme, ask_at, stored, state, data):
    ask = ask_at(acme, state=state, sent_at=NOW if state == "sent" else None)

    response = do(manager, ask, "edit", **data)

    assert response.status_code == 422
    assert "My words" in response.content.decode()
    assert stored(ask).body == "Hi Jamie, is there somebody?"


def test_skip_keeps_the_reason(manager, ask, stored):
    response = do(manager, ask, "skip", reason="Open support case", other="")

    assert said(response) == ["Skipped Jamie Okafor: open support case."]
    assert (stored(ask).state, stored(ask).ended_reason) == ("skipped", "Open support case")


def test_own_words_win_over_the_common_reasons(manager, ask, stored):
    do(manager, ask, "skip", reason="Open support case", other="Met her at the fair")

    assert stored(ask).ended_reason == "Met her at the fair"


def test_a_call_is_noted(manager, acme, ask_at, stored):
    call = ask_at(acme, channel="call", send_at=None)

    response = do(manager, call, "called")

    assert said(response) == ["Called Jamie Okafor."]
    assert stored(call).state == "sent"


def test_an_answer_given_to_a_person_is_noted(manager, ask, stored):
    do(manager, ask, "answer", answer="declined")

    assert (stored(ask).state, stored(ask).answer) == ("answered", "declined")


def test_an_answer_nobody_knows_is_refused(manager, ask, stored):
    assert said(do(manager, ask, "answer", answer="maybe")) == ["Choose what they said."]
    assert stored(ask).state == "queued"


@pytest.mark.parametrize(("arrived", "state"), [("yes", "sent"), ("no", "sending")])
def test_a_person_settles_what_nobody_heard_of(manager, acme, ask_at, stored, arrived, state):
    with workspace_scope(acme.pk):
        mail = make.MessageFactory(workspace=acme, kind="ask", state="unconfirmed")
    ask = ask_at(acme, state="unconfirmed", send_at=NOW - datetime.timedelta(minutes=5), message=mail)

    do(manager, ask, "confirm", arrived=arrived)

    assert stored(ask).state == state


@pytest.mark.parametrize("deed", ["send", "undo", "skip", "called", "answer", "confirm", "edit"])
@pytest.mark.parametrize("role", ["analyst", "sales", "marketing", "finance"])
def test_who_may_not_send_changes_nothing(as_role, ask, stored, deed, role):
    response = do(as_role(role), ask, deed, answer="declined", reason="x", subject="x", body="x")

    assert response.status_code == 403
    assert stored(ask).state == "queued"


def test_a_referral_is_contacted(as_role, acme, ask, stored):
    with workspace_scope(acme.pk):
        referral = referrals.ReferralFactory(link=ask.link)
    address = f"/app/acme/today/referrals/{referral.public_id}/contacted"

    assert as_role("analyst").post(address).status_code == 403
    assert stored(referral).stage == "new"

    assert said(as_role("sales").post(address)) == ["Kim Park is contacted."]
    assert stored(referral).stage == "contacted"


def test_a_reward_is_approved_once(as_role, acme, ask, stored):
    with workspace_scope(acme.pk):
        reward = Reward.objects.create(
            workspace=acme,
            contact=ask.contact,
            source_key="referral:1:referrer",
            source_id=ask.pk,
            side="referrer",
            kind="gift_card",
            amount_minor=10_000,
            currency="USD",
            sentence="You get a $100 gift card.",
            state="pending_approval",
            granted_at=NOW,
            hold_until=NOW,
            created_by_kind="system",
        )
    address = f"/app/acme/today/rewards/{reward.public_id}/approve"

    assert as_role("manager").post(address).status_code == 403
    finance = as_role("finance")
    assert said(finance.post(address)) == ["Approved: $100."]
    assert stored(reward).state == "approved"
    assert said(finance.post(address))[-1].startswith("This reward is")
