import pytest

from accounts.tenancy.scope import workspace_scope
from tests.factories.rewards import RewardRuleFactory

URL = "/api/v1/reward-rules"


@pytest.fixture
def rule(acme):
    with workspace_scope(acme.pk):
        RewardRuleFactory(workspace=acme, state="retired")
        return RewardRuleFactory(workspace=acme)


def test_rules_are_for_their_own_workspace(client, foreign_api, reading_api, rule):
    one = f"{URL}/{rule.public_id}"

    assert [client.get(URL).status_code, client.get(one).status_code] == [401, 401]
    assert (foreign_api.get(URL).json()["results"], foreign_api.get(one).status_code) == ([], 404)
    assert reading_api.get(one).status_code == 200


def test_a_rule_says_its_sentence(api, rule):
    told = api.get(URL, {"state": "live"}).json()["results"]

    assert told == [api.get(f"{URL}/{rule.public_id}").json()]
    assert (told[0]["amount"], told[0]["sentence"]) == (
        {"amount": 50_000, "currency": "USD"},
        "You get a gift card of $500 within 37 days after the person you introduced has become a customer.",
    )
