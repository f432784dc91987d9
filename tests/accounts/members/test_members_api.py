from tests.factories import accounts as make

URL = "/api/v1/members"


def test_without_a_key_nothing_is_shown(client, db):
    assert client.get(URL).status_code == 401


def test_the_team_is_listed_and_filtered(api, ana, acme, scope):
    with scope(acme.pk):
        sam = make.MemberFactory(workspace=acme, role="sales", user__email="sam@acme.example", deputy=ana)

    assert [row["id"] for row in api.get(URL).json()["results"]] == [sam.public_id, ana.public_id]
    assert [row["id"] for row in api.get(f"{URL}?role=sales").json()["results"]] == [sam.public_id]
    assert [row["id"] for row in api.get(f"{URL}?email=ANA@acme.example").json()["results"]] == [ana.public_id]
    assert api.get(f"{URL}/{sam.public_id}").json()["deputy"] == ana.public_id


def test_a_strangers_team_does_not_exist(foreign_api, ana):
    assert foreign_api.get(URL).json()["results"] == []
    assert foreign_api.get(f"{URL}/{ana.public_id}").status_code == 404
