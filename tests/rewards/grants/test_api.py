import pytest

from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as make
from tests.factories import rewards as owe

URL = "/api/v1/rewards"
CALLS = ["approve", "cancel", "fulfil"]


@pytest.fixture
def reward(acme):
    with workspace_scope(acme.pk):
        return owe.RewardFactory(contact=make.ContactFactory(workspace=acme), kind="swag", amount_minor=0)


def state(reward):
    with workspace_scope(reward.workspace_id):
        reward.refresh_from_db()
    return reward.state


def test_without_a_key_nothing_is_answered(client, reward):
    one = f"{URL}/{reward.public_id}"
    answers = [client.get(URL), client.get(one), *(client.post(f"{one}/{call}") for call in CALLS)]

    assert [answer.status_code for answer in answers] == [401] * 5


def test_a_stranger_finds_nothing(foreign_api, reward):
    one = f"{URL}/{reward.public_id}"
    answers = [foreign_api.get(one), *(foreign_api.post(f"{one}/{call}", {}) for call in CALLS)]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert foreign_api.get(URL).json()["results"] == []
    assert state(reward) == "pending_approval"


def test_a_reading_key_changes_nothing(reading_api, reward):
    answers = [reading_api.post(f"{URL}/{reward.public_id}/{call}", {}) for call in CALLS]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert state(reward) == "pending_approval"


def test_a_reward_tells_what_is_owed_to_whom(api, reward):
    told = api.get(f"{URL}/{reward.public_id}").json()

    assert api.get(URL).json()["results"] == [told]
    names = ("id", "kind", "amount", "state", "rule", "beneficiary", "payout", "sentence")
    assert {name: told[name] for name in names} == {
        "id": reward.public_id,
        "kind": "swag",
        "amount": {"amount": 0, "currency": "USD"},
        "state": "pending_approval",
        "rule": None,
        "beneficiary": {"contact": reward.contact.public_id, "company": None},
        "payout": None,
        "sentence": reward.sentence,
    }
    assert told["referral"].startswith("ref_")


def test_a_reward_is_approved_and_paid_once(api, reward):
    one = f"{URL}/{reward.public_id}"

    approved, again = api.post(f"{one}/approve", {}), api.post(f"{one}/approve")
    paid, twice = api.post(f"{one}/fulfil", {"note": "By post"}), api.post(f"{one}/fulfil", {})
    late = api.post(f"{one}/cancel", {})

    assert (approved.json()["state"], again.status_code, again.json()["code"]) == (
        "approved", 409, "reward_not_pending",
    )  # fmt: skip
    assert (paid.json()["state"], paid.json()["payout"]["note"]) == ("paid", "By post")
    assert [(a.status_code, a.json()["code"]) for a in (twice, late)] == [
        (409, "reward_not_approved"),
        (409, "reward_not_open"),
    ]


def test_a_key_approves_only_what_one_person_may(api, acme):
    with workspace_scope(acme.pk):
        contact = make.ContactFactory(workspace=acme)
        large = owe.RewardFactory(contact=contact, amount_minor=acme.approval_limit_minor + 1)
        small = owe.RewardFactory(contact=contact, amount_minor=acme.approval_limit_minor)

    refused = api.post(f"{URL}/{large.public_id}/approve", {})
    approved = api.post(f"{URL}/{small.public_id}/approve", {})

    assert (refused.status_code, refused.json()["code"], state(large)) == (
        409, "second_person_needed", "pending_approval",
    )  # fmt: skip
    assert (approved.status_code, state(small)) == (200, "approved")


def test_a_body_with_more_than_we_know_is_refused(api, reward):
    answer = api.post(f"{URL}/{reward.public_id}/cancel", {"reason": "x", "amount": 5})

    assert (answer.status_code, state(reward)) == (422, "pending_approval")


def test_the_list_is_filtered(api, acme, reward):
    with workspace_scope(acme.pk):
        held = owe.RewardFactory(contact=make.ContactFactory(workspace=acme), state="held")

    def listed(**query):
        return [row["id"] for row in api.get(URL, query).json()["results"]]

    assert listed() == [held.public_id, reward.public_id]
    assert listed(state="held") == [held.public_id]
    assert listed(contact=reward.contact.public_id) == [reward.public_id]
    assert api.get(URL, {"state": "dreaming"}).status_code == 422
