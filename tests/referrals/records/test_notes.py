"""Notes of the team: who reads and writes them, whom they tell, and what becomes of their words."""

import pytest

from accounts.mail.models import Message
from accounts.members.models import User
from accounts.notes.mentions import mentioned
from tests.factories import accounts as make
from tests.factories import referrals as make_referrals


@pytest.fixture
def contact(in_acme):
    return make.ContactFactory(workspace=in_acme)


@pytest.fixture
def dana(in_acme):
    return make.MemberFactory(workspace=in_acme, name="Dana Lopez", role="manager", user__email="dl@acme.example")


@pytest.fixture
def sign_in(client, in_acme):
    def as_role(role):
        member = make.MemberFactory(workspace=in_acme, role=role, name=f"Member {role}")
        client.force_login(User.objects.get(pk=member.user_id))
        return client

    return as_role


def write(client, kind, row, body):
    return client.post(f"/app/acme/notes/on/{kind}/{row.public_id}", {"body": body}, follow=True)


def test_a_note_stands_in_the_timeline_of_its_record(sign_in, contact):
    answer = write(sign_in("sales"), "people", contact, "Prefers calls.\nAfter ten.")

    assert "Prefers calls.<br>After ten." in answer.content.decode()
    assert (
        "Prefers calls."
        in answer.client.get(f"/app/acme/customers/companies/{contact.company.public_id}").content.decode()
    )


def test_companies_and_referrals_take_notes_too(sign_in, in_acme, contact):
    referral = make_referrals.ReferralFactory(link__contact=contact)
    client = sign_in("manager")

    on_company = write(client, "companies", contact.company, "Budget in spring.").content.decode()
    on_referral = write(client, "referrals", referral, "Call on Monday.").content.decode()

    assert ("Budget in spring." in on_company, "Call on Monday." in on_referral) == (True, True)
    assert "Call on Monday." not in on_company


def test_who_is_named_gets_one_mail_even_when_the_note_is_changed(sign_in, in_acme, contact, dana):
    client = sign_in("manager")
    write(client, "people", contact, "@dana could you call? @dana @nobody me@dana.example")
    note = in_acme.notes.get()

    client.post(f"/app/acme/notes/{note.public_id}", {"body": "@DanaLopez please call her."})

    mail = Message.objects.get(kind="notice")
    assert mail.to_email == dana.email
    assert mail.subject == "Member manager named you in a note on Jamie Okafor"
    assert "@dana could you call?" in mail.body_text


def test_a_name_that_two_colleagues_have_means_neither(in_acme, dana):
    other = make.MemberFactory(workspace=in_acme, name="Dana Park", user__email="dp@acme.example")

    assert mentioned("@dana, @danapark.", [dana, other]) == [other]


def test_who_may_not_read_what_persons_said_is_not_told_by_a_detour(sign_in, in_acme, contact):
    make.MemberFactory(workspace=in_acme, name="Finn", role="finance")
    write(sign_in("manager"), "people", contact, "@finn she is angry about the invoice")

    page = sign_in("finance").get(f"/app/acme/customers/people/{contact.public_id}")

    assert not Message.objects.filter(kind="notice").exists()
    assert "angry" not in page.content.decode()
    assert "A note." in page.content.decode()


def test_only_its_author_changes_a_note_or_takes_it_back(sign_in, in_acme, contact):
    write(sign_in("manager"), "people", contact, "Hers.")
    note = in_acme.notes.get()

    stranger = sign_in("owner")

    assert stranger.post(f"/app/acme/notes/{note.public_id}", {"body": "Mine."}).status_code == 403
    assert stranger.post(f"/app/acme/notes/{note.public_id}/delete").status_code == 403
    note.refresh_from_db()
    assert note.body == "Hers."


def test_a_note_taken_back_leaves_no_words(sign_in, in_acme, contact):
    client = sign_in("manager")
    write(client, "people", contact, "Too harsh.")
    note = in_acme.notes.get()

    page = client.post(f"/app/acme/notes/{note.public_id}/delete", follow=True).content.decode()

    note.refresh_from_db()
    assert note.body == ""
    assert ("Too harsh." in page, "A note was taken back." in page) == (False, True)
    assert client.post(f"/app/acme/notes/{note.public_id}", {"body": "Again."}).status_code == 404


@pytest.mark.parametrize("body", ["", "  \n ", "x" * 5001])
def test_an_empty_or_endless_note_is_not_kept(sign_in, in_acme, contact, body):
    write(sign_in("manager"), "people", contact, body)

    assert not in_acme.notes.exists()


def test_an_analyst_reads_notes_and_writes_none(sign_in, contact):
    client = sign_in("manager")
    write(client, "people", contact, "Prefers calls.")

    client = sign_in("analyst")

    assert "Prefers calls." in client.get(f"/app/acme/customers/people/{contact.public_id}").content.decode()
    assert client.post(f"/app/acme/notes/on/people/{contact.public_id}", {"body": "No."}).status_code == 403
