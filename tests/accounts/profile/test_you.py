"""A member's own page, and the same set by an admin."""

import pytest

from accounts.members.models import User
from tests.factories import accounts as make

YOU, AWAY = "/app/acme/you", "/app/acme/you/away"
FIELDS = {"name": "Ben O.", "title": "CS", "timezone": "Europe/Lisbon", "work_starts": "08:00", "work_ends": "16:30"}


@pytest.fixture
def ben(acme, scope):
    with scope(acme.pk):
        return make.MemberFactory(workspace=acme, role="analyst", name="Ben Okoro")


@pytest.fixture
def as_ben(client, ben):
    client.force_login(User.objects.get(pk=ben.user_id))
    return client


def stored(member, scope):
    with scope(member.workspace_id):
        member.refresh_from_db()
    return member


def test_everybody_says_when_they_work_also_who_may_only_read(as_ben, ben, scope):
    answer = as_ben.post(YOU, FIELDS)

    assert answer.url == YOU
    ben = stored(ben, scope)
    assert (ben.name, ben.title, ben.timezone, ben.work_ends.isoformat()) == (
        *("Ben O.", "CS", "Europe/Lisbon"),
        "16:30:00",
    )


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(as_ben, ben, scope):
    answer = as_ben.post(YOU, {**FIELDS, "name": "", "timezone": "Lisbon", "work_ends": "07:00"})

    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"name", "timezone", "work_ends"})
    assert stored(ben, scope).name == "Ben Okoro"
    assert "Ben Okoro</h1>" in answer.content.decode()


def test_nobody_changes_their_own_role_here(as_ben, ben, scope):
    as_ben.post(YOU, {**FIELDS, "role": "owner", "is_active": "on", "email": "x@y.example"})

    assert (stored(ben, scope).role, ben.email != "x@y.example") == ("analyst", True)


def test_an_absence_is_kept_with_its_deputy(as_ben, ben, ana, scope):
    as_ben.post(AWAY, {"absent_from": "2099-12-01", "absent_until": "2099-12-05", "deputy": ana.pk})

    ben = stored(ben, scope)
    assert (str(ben.absent_from), str(ben.absent_until), ben.deputy_id) == ("2099-12-01", "2099-12-05", ana.pk)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"absent_from": "2099-12-05", "absent_until": "2099-12-01"}, "absent_until"),
        ({"absent_from": "2099-12-05"}, "absent_until"),
        ({"absent_until": "2001-01-01"}, "absent_until"),
        ({"absent_until": "soon"}, "absent_until"),
    ],
)
def test_days_that_make_no_absence_are_refused_beside_their_field(as_ben, ben, fields, field):
    answer = as_ben.post(AWAY, fields)

    assert (answer.status_code, list(answer.context["away_form"].errors)) == (422, [field])


def test_a_deputy_is_of_the_same_workspace(as_ben, ben, globex, scope):
    with scope(globex.pk):
        stranger = make.MemberFactory(workspace=globex)

    answer = as_ben.post(AWAY, {"absent_until": "2099-12-01", "deputy": stranger.pk})

    assert (answer.status_code, list(answer.context["away_form"].errors)) == (422, ["deputy"])


def test_the_page_is_in_the_menu_of_every_page(as_ben):
    assert '<a href="/app/acme/you">You</a>' in as_ben.get("/app/acme/today").content.decode()


def test_an_admin_sets_the_same_for_others(client, ana, ben, scope):
    client.force_login(User.objects.get(pk=ana.user_id))
    one = f"/app/acme/settings/team/{ben.public_id}"

    client.post(one, FIELDS)
    client.post(f"{one}/away", {"absent_until": "2099-12-01", "deputy": ana.pk})
    client.post(f"{one}/role", {"role": "sales"})

    ben = stored(ben, scope)
    assert (ben.timezone, ben.deputy_id, ben.role) == ("Europe/Lisbon", ana.pk, "sales")
    team = client.get("/app/acme/settings/team").content.decode()
    assert "away until 1 Dec, Ana Acme stands in" in team


def test_others_set_it_for_nobody(as_ben, ana):
    one = f"/app/acme/settings/team/{ana.public_id}"

    assert [as_ben.post(f"{one}{more}", {}).status_code for more in ("", "/away", "/role")] == [403, 403, 403]


def test_figures_of_one_person_are_shown_unless_the_team_comes_first(as_ben, acme):
    before = as_ben.get(YOU).content.decode()
    type(acme).objects.filter(pk=acme.pk).update(team_only_figures=True)
    after = as_ben.get(YOU).content.decode()

    assert ("From score to ask" in before, "From score to ask" in after) == (True, False)


def test_taking_somebody_off_says_that_their_keys_go_on(client, ana, ben, acme, scope):
    with scope(acme.pk):
        make.ApiKeyFactory(workspace=acme, created_by_id=ben.pk)
    client.force_login(User.objects.get(pk=ana.user_id))

    answer = client.post(f"/app/acme/settings/team/{ben.public_id}/deactivate", follow=True)

    assert "One API key they made goes on working" in answer.content.decode()
