import pytest

from accounts.tenancy.scope import workspace_scope
from referrals.pipeline.models import Referral
from tests.factories import accounts as make
from tests.factories import referrals as tell
from tests.factories import rewards as owe

URL = "/api/v1/referrals"
KIM = {"name": "Kim Park", "email": "kim@globex.example", "company_name": "Globex"}


@pytest.fixture
def jamie(acme):
    with workspace_scope(acme.pk):
        jamie = make.ContactFactory(workspace=acme, email="jamie@northwind.example")
        jamie.link = tell.LinkFactory(contact=jamie, code="jamie-23456789ab")
    return jamie


@pytest.fixture
def referral(acme, jamie):
    with workspace_scope(acme.pk):
        return tell.ReferralFactory(link=jamie.link)


def codes(answer):
    return [(error["field"], error["code"]) for error in answer.json()["errors"]]


@pytest.mark.parametrize("path", ["", "/{id}", "/{id}/transitions"])
def test_without_a_key_nothing_is_answered(client, referral, path):
    url = URL + path.format(id=referral.public_id)

    assert client.post(url).status_code == 401
    assert client.get(url).status_code == 401


def test_a_stranger_finds_nothing(foreign_api, referral):
    one = f"{URL}/{referral.public_id}"

    assert foreign_api.get(URL).json()["results"] == []
    answers = [
        foreign_api.get(one),
        foreign_api.patch(one, {"note": "mine"}),
        foreign_api.post(f"{one}/transitions", {"stage": "contacted"}),
        foreign_api.post(f"{one}/transitions", {"stage": "nonsense"}),
        foreign_api.get(f"{URL}/ref_nonsense"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 5


def test_a_reading_key_changes_nothing(reading_api, referral):
    one = f"{URL}/{referral.public_id}"
    answers = [
        reading_api.post(URL, {"link_code": "jamie-23456789ab", "referee": KIM}),
        reading_api.patch(one, {"note": "x"}),
        reading_api.post(f"{one}/transitions", {"stage": "contacted"}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert reading_api.get(one).status_code == 200


def test_a_referral_is_told_with_the_code_of_a_link(api, acme, jamie):
    answer = api.post(URL, {"link_code": "jamie-23456789ab", "referee": KIM, "relation": "a friend"})

    assert answer.status_code == 201, answer.content
    told = answer.json()
    with workspace_scope(acme.pk):
        row = Referral.objects.get(workspace=acme)
    assert {
        name: told[name] for name in ("id", "stage", "kind", "source", "referrer", "program", "link", "relation")
    } == {
        "id": row.public_id,
        "stage": "new",
        "kind": "new_business",
        "source": "link",
        "referrer": jamie.public_id,
        "program": jamie.link.program.public_id,
        "link": jamie.link.public_id,
        "relation": "a friend",
    }
    assert told["referee"] == {
        **KIM, "phone": "", "title": "", "company_domain": "globex.example", "contact": None,
    }  # fmt: skip
    assert (told["deal_value"], told["fraud"]) == (None, {"score": 0, "level": "none", "reasons": []})
    assert api.get(f"{URL}/{told['id']}").json() == told


@pytest.mark.parametrize(
    "referrer",
    [{"email": "jamie@northwind.example"}, {"contact": {"email": "jamie@northwind.example"}}],
)
def test_a_referrer_is_a_reference(api, jamie, referrer):
    answer = api.post(URL, {"referrer": referrer, "referee": {"name": "Lee Moss"}, "external_id": "crm-1"})

    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["referrer"], told["stage"], told["source"]) == (jamie.public_id, "named", "api")


def test_the_same_external_id_answers_200_unchanged(api, jamie):
    body = {"link_code": "jamie-23456789ab", "referee": KIM, "external_id": "crm-1"}
    first = api.post(URL, body)
    again = api.post(URL, {**body, "referee": {"name": "Other"}})

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"referee": KIM}, [("referrer", "invalid")]),
        ({"link_code": "jamie-23456789ab"}, [("referee", "required")]),
        ({"link_code": "nobody", "referee": KIM}, [("link_code", "unknown")]),
        ({"link_code": "jamie-23456789ab", "referee": {**KIM, "email": "kim"}}, [("referee.email", "email")]),
        ({"link_code": "jamie-23456789ab", "referee": KIM, "colour": "red"}, [("colour", "unknown_field")]),
        ({"referrer": {"id": "con_nonsense"}, "referee": KIM}, [("contact.id", "unknown")]),
    ],
)
def test_a_body_that_makes_no_sense_is_refused_by_name(api, jamie, body, found):
    answer = api.post(URL, body)

    assert (answer.status_code, codes(answer)) == (422, found)


def test_without_a_live_program_there_is_nothing_to_refer_to(api, acme):
    answer = api.post(URL, {"referrer": {"email": "new@northwind.example"}, "referee": KIM})

    assert (answer.status_code, answer.json()["code"]) == (409, "no_program")
    with workspace_scope(acme.pk):
        assert acme.contacts.count() == 0


def test_the_body_of_a_transition_is_judged_before_the_move(api, referral):
    url = f"{URL}/{referral.public_id}/transitions"
    won = {"stage": "won", "deal_value": {"amount": 900_000, "currency": "USD"}}

    assert codes(api.post(url, {"stage": "won"})) == [("deal_value", "required")]
    assert api.post(url, won).json()["deal_value"] == {"amount": 900_000, "currency": "USD"}
    again, worse = api.post(url, won), api.post(url, {"stage": "won"})

    assert [(a.status_code, a.json()["code"]) for a in (again, worse)] == [
        (409, "move_not_possible"),
        (422, "required"),
    ]


def test_won_over_the_api_grants_what_was_promised(api, acme, referral):
    with workspace_scope(acme.pk):
        owe.RewardRuleFactory(workspace=acme)
    body = {"stage": "won", "deal_value": {"amount": 900_000, "currency": "USD"}, "occurred_at": "2026-01-05T10:00:00Z"}

    answer = api.post(f"{URL}/{referral.public_id}/transitions", body)
    rewards = api.get("/api/v1/rewards").json()["results"]

    assert answer.json()["won_at"] == "2026-01-05T10:00:00Z"
    assert [(r["referral"], r["amount"], r["state"]) for r in rewards] == [
        (referral.public_id, {"amount": 50_000, "currency": "USD"}, "held")
    ]


def test_owner_note_and_attributes_can_be_changed(api, referral, ana):
    one = f"{URL}/{referral.public_id}"

    changed = api.patch(one, {"owner_email": "ana@acme.example", "note": "Call on Friday", "attributes": {"crm": 7}})
    kept = api.patch(one, {"note": ""})
    refused = api.patch(one, {"owner_email": "nobody@acme.example"})

    names = ("owner_email", "note", "attributes")
    assert [changed.json()[name] for name in names] == ["ana@acme.example", "Call on Friday", {"crm": 7}]
    assert [kept.json()[name] for name in names] == ["ana@acme.example", "", {"crm": 7}]
    assert (refused.status_code, codes(refused)) == (422, [("owner_email", "unknown")])


def test_the_list_is_filtered(api, acme, jamie, referral, ana):
    with workspace_scope(acme.pk):
        met = tell.ReferralFactory(link__contact__workspace=acme, stage="met", owner=ana)

    def listed(**query):
        return [row["id"] for row in api.get(URL, query).json()["results"]]

    assert listed() == [met.public_id, referral.public_id]
    assert listed(stage="met") == [met.public_id]
    assert listed(owner=ana.public_id) == [met.public_id]
    assert listed(referrer=jamie.public_id) == [referral.public_id]
    assert listed(program=jamie.link.program.public_id) == [referral.public_id]
    assert api.get(URL, {"stage": "dreaming"}).status_code == 422


@pytest.mark.parametrize("many", [1, 3])
def test_a_list_costs_the_same_however_long(api, acme, jamie, many, django_assert_num_queries):
    with workspace_scope(acme.pk):
        tell.ReferralFactory.create_batch(many, link=jamie.link)
    api.get(URL)

    with django_assert_num_queries(5):
        assert len(api.get(URL).json()["results"]) == many
