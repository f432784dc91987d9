def test_me_tells_the_workspace_and_scopes_of_the_key(api, acme):
    answer = api.get("/api/v1/me")

    assert answer.status_code == 200, answer.content
    assert answer.json()["workspace"] == {"id": acme.public_id, "slug": "acme", "name": "Acme"}


def test_without_a_key_the_api_answers_401_as_a_problem(client, db):
    answer = client.get("/api/v1/me")

    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_a_trailing_slash_is_accepted(api):
    assert api.get("/api/v1/me/").json() == api.get("/api/v1/me").json()


def test_an_unknown_address_below_the_api_is_a_problem(client, db):
    answer = client.get("/api/v1/nothing-here")

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
