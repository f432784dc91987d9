import pytest
from django.utils import timezone

from accounts.events.models import Event
from accounts.tenancy.scope import workspace_scope
from referrals.links.addresses import advocate_url
from referrals.links.models import Link, Visit
from tests.factories import accounts as make
from tests.factories.referrals import LinkFactory, ProgramFactory, ReferralFactory


@pytest.fixture
def program(acme):
    with workspace_scope(acme.pk):
        return ProgramFactory(workspace=acme)


@pytest.fixture
def jamie(acme):
    with workspace_scope(acme.pk):
        return make.ContactFactory(workspace=acme, external_id="jamie")


def test_a_link_is_made_once_and_found_again(api, acme, program, jamie):
    body = {"contact": {"external_id": "jamie"}, "program": program.public_id, "slug": "jamie-northwind"}

    first = api.post("/api/v1/links", body)
    again = api.post("/api/v1/links", {**body, "slug": "another-slug"})

    with workspace_scope(acme.pk):
        [link] = Link.objects.all()
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json() == {
        "id": link.public_id,
        "contact": jamie.public_id,
        "program": program.public_id,
        "code": "jamie-northwind",
        "url": "http://127.0.0.1:8000/r/jamie-northwind",
        "advocate_url": advocate_url(link),
        "visits": 0,
        "unique_visitors": 0,
        "bots": 0,
        "referrals": 0,
        "withdrawn_at": None,
        "created_at": first.json()["created_at"],
    }
    with workspace_scope(acme.pk):
        assert [event.type for event in Event.objects.all()] == ["link.created"]


def test_visits_of_people_and_machines_are_counted_apart(api, client, acme, jamie):
    with workspace_scope(acme.pk):
        link = LinkFactory(contact=jamie, code="jamie-abc")
        LinkFactory(contact=make.ContactFactory(workspace=acme), program=link.program)
        ReferralFactory(link=link)
    person = {"HTTP_USER_AGENT": "Mozilla/5.0 Chrome/150.0"}
    for visitor in ("0d9ab4a2-8c8e-4a2e-9d0e-6f8a2a1f5c11", "0d9ab4a2-8c8e-4a2e-9d0e-6f8a2a1f5c12"):
        client.get("/r/jamie-abc", HTTP_COOKIE=f"gw_visitor={visitor}", **person)
        client.get("/r/jamie-abc", HTTP_COOKIE=f"gw_visitor={visitor}", **person)
    client.get("/r/jamie-abc", HTTP_USER_AGENT="Slackbot 1.0")

    [found] = api.get("/api/v1/links", {"contact": jamie.public_id}).json()["results"]

    counted = [found[name] for name in ("visits", "unique_visitors", "bots", "referrals")]
    assert counted == [4, 2, 1, 1]
    assert api.get(f"/api/v1/links/{link.public_id}").json() == found


def test_a_slug_of_another_workspace_is_taken(api, acme, globex, program, jamie):
    with workspace_scope(globex.pk):
        LinkFactory(contact=make.ContactFactory(workspace=globex), code="jamie")

    answer = api.post(
        "/api/v1/links", {"contact": {"id": jamie.public_id}, "program": program.public_id, "slug": "jamie"}
    )

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "slug")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"program": "prg_nonsense"}, "program"),
        ({"slug": "No Spaces!"}, "slug"),
        ({"slug": "../../etc"}, "slug"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_bad_input_names_its_field(api, program, jamie, change, field):
    body = {"contact": {"id": jamie.public_id}, "program": program.public_id, **change}

    answer = api.post("/api/v1/links", body)

    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [field])


def test_strangers_and_readers_are_kept_out(client, api, foreign_api, reading_api, acme, program, jamie):
    with workspace_scope(acme.pk):
        link = LinkFactory(contact=jamie, program=program)
    body = {"contact": {"id": jamie.public_id}, "program": program.public_id}

    assert client.post("/api/v1/links").status_code == 401
    assert reading_api.post("/api/v1/links", body).status_code == 403
    assert foreign_api.post("/api/v1/links", body).status_code == 422
    assert foreign_api.get(f"/api/v1/links/{link.public_id}").status_code == 404
    assert foreign_api.get("/api/v1/links").json()["results"] == []
    assert api.get("/api/v1/links/lnk_nonsense").status_code == 404


def test_visits_stay_in_their_workspace(acme, globex, jamie):
    with workspace_scope(acme.pk):
        link = LinkFactory(contact=jamie)
        Visit.objects.create(workspace=acme, link=link, at=timezone.now())

    with workspace_scope(globex.pk):
        assert Visit.objects.count() == 0
