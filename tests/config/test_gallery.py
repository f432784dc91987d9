"""The gallery of components: for staff, and nobody else."""

import pytest

from accounts.members.models import User


@pytest.fixture
def signed_in(client, db):
    def sign_in(**fields):
        client.force_login(User.objects.create_user("kim@goodword.example", "three unlikely words", **fields))
        return client

    return sign_in


def test_staff_see_every_piece(signed_in):
    answer = signed_in(is_staff=True).get("/components")

    assert answer.status_code == 200
    assert answer.content.decode().count('class="sw-') == 16


def test_others_find_no_such_page(client, signed_in):
    stranger = client.get("/components").status_code
    member = signed_in().get("/components").status_code

    assert (stranger, member) == (404, 404)


def test_where_debug_is_on_everybody_sees_it(client, db, settings):
    settings.DEBUG = True

    assert client.get("/components").status_code == 200
