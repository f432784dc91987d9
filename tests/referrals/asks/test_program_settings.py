"""A program's texts on its settings page: checked before they are stored, and never lost."""

import pytest
from django.urls import reverse

from accounts.members.models import User
from referrals.programs.models import Program
from tests.factories import referrals as make


@pytest.fixture
def program(in_acme):
    return make.ProgramFactory(workspace=in_acme)


@pytest.fixture
def page(client, ana, program):
    client.force_login(User.objects.get(pk=ana.user_id))
    return reverse("program-settings", args=["acme", program.public_id])


def filled_in(client, page, **changes):
    """Everything the form shows, as a browser would send it back."""
    form = client.get(page).context["form"]
    return {name: form[name].value() for name in form.fields} | changes


def test_a_text_is_stored_as_it_was_written(client, page, program):
    letter = "Hi {{ contact.first_name }},\r\n\r\nwho else?"

    answer = client.post(page, filled_in(client, page, ask_body=letter, peer_title="head of ops"))

    assert (answer.status_code, answer.url) == (302, page)
    stored = Program.objects.get(pk=program.pk)
    assert (stored.ask_body.splitlines(), stored.peer_title) == (letter.splitlines(), "head of ops")


def test_an_unknown_token_is_told_beside_its_field_and_nothing_is_lost_or_stored(client, page, program):
    changes = {"ask_body": "Hi {{ contact.nickname }}, who else?", "name": "Spring letters"}

    answer = client.post(page, filled_in(client, page, **changes))

    html = answer.content.decode()
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"ask_body": ["There is no “contact.nickname” to fill in."]}
    assert 'id="id_ask_body_error"' in html
    assert "Hi {{ contact.nickname }}, who else?" in html
    assert 'value="Spring letters"' in html
    stored = Program.objects.get(pk=program.pk)
    assert (stored.name, stored.ask_body) == (program.name, program.ask_body)


def test_the_tab_of_the_programs_is_the_current_one(client, page):
    tabs = client.get(page).context["tabs"]

    assert [tab["label"] for tab in tabs if tab["current"]] == ["Programs"]
