"""Copies of mails that people of the team write in their own mailbox, as Postmark hands them in."""

import datetime

import pytest
import time_machine

from accounts.mail import capture
from accounts.mail.models import CopiedMail
from accounts.tenancy.scope import workspace_scope
from referrals.asks.models import Ask
from referrals.links.addresses import advocate_url, landing_url
from tests.factories import accounts as make
from tests.factories import referrals
from tests.factories.accounts import NOW

HOOK = "/hooks/inbound/the-end-of-our-address"


@pytest.fixture(autouse=True)
def mail_comes_in(settings):
    settings.MAIL_HOOK_SECRET = "the-end-of-our-address"
    settings.EMAIL_URL = "anymail+postmark://?server_token=t-1"
    settings.INBOUND_DOMAIN = "in.goodword.example"
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ask(acme, ana):
    """A draft to Jamie that waits; Ana is a member."""
    with workspace_scope(acme.pk):
        contact = make.ContactFactory(workspace=acme, email="jamie@northwind.example")
        return referrals.AskFactory(link=referrals.LinkFactory(contact=contact, code="jamie-abc"), queued_at=NOW)


def handed_in(client, workspace, *, sender="ana@acme.example", to="jamie@northwind.example", text="Hi", **more):
    fields = {
        "FromFull": {"Email": sender, "Name": "Ana"},
        "ToFull": [{"Email": to, "Name": ""}],
        "OriginalRecipient": more.pop("recipient", capture.address_of(workspace)),
        "Subject": "Who else fights with month-end?",
        "TextBody": text,
        "Date": "Tue, 17 Nov 2026 09:58:00 +0000",
        "Headers": [{"Name": "Message-ID", "Value": more.pop("message_id", "<one@mail.example>")}],
    }
    return client.post(HOOK, fields, content_type="application/json", **more)


def what_came_in(workspace):
    with workspace_scope(workspace.pk):
        return list(workspace.copied_mails.order_by("pk").values_list("outcome", "reason"))


def state_of(ask):
    with workspace_scope(ask.workspace_id):
        return Ask.objects.get(pk=ask.pk).state


def test_a_copy_settles_the_ask_by_whom_it_went_to(client, acme, ask):
    assert handed_in(client, acme).status_code == 200

    with workspace_scope(acme.pk):
        ask.refresh_from_db()
    assert (ask.state, ask.sent_by_person, ask.sent_at) == ("sent", True, NOW)
    assert what_came_in(acme) == [("settled", "Ana Acme asked Jamie Okafor from their own mailbox.")]


@pytest.mark.parametrize("address", [advocate_url, landing_url])
def test_a_copy_settles_the_ask_by_a_link_in_its_text(client, acme, ask, address):
    handed_in(client, acme, to="jamie@private.example", text=f"Hi Jamie, this is yours: {address(ask.link)} Ana")

    assert state_of(ask) == "sent"


def test_the_time_is_that_of_the_mail_between_the_draft_and_now(client, acme, ask):
    with workspace_scope(acme.pk):
        Ask.objects.filter(pk=ask.pk).update(queued_at=NOW - datetime.timedelta(hours=1))

    handed_in(client, acme)

    with workspace_scope(acme.pk):
        ask.refresh_from_db()
    assert ask.sent_at == NOW - datetime.timedelta(minutes=2)


def test_the_same_mail_twice_is_once(client, acme, ask):
    handed_in(client, acme)
    handed_in(client, acme)

    assert len(what_came_in(acme)) == 1


def test_who_is_no_member_is_ignored_with_the_reason(client, acme, ask):
    handed_in(client, acme, sender="somebody@elsewhere.example")

    assert state_of(ask) == "queued"
    assert what_came_in(acme) == [
        ("ignored", "It was not written by somebody of the team, but by somebody at elsewhere.example.")
    ]


def test_a_mail_that_fits_no_draft_is_ignored_with_the_reason(client, acme, ask):
    handed_in(client, acme, to="kim@globex.example")

    assert state_of(ask) == "queued"
    assert [outcome for outcome, _reason in what_came_in(acme)] == ["ignored"]


def test_an_ask_of_another_workspace_is_never_meant(client, globex, ask, scope):
    with scope(globex.pk):
        make.MemberFactory(workspace=globex, user__email="ana2@globex.example")

    handed_in(client, globex, sender="ana2@globex.example", text=landing_url(ask.link))

    assert state_of(ask) == "queued"
    assert what_came_in(globex)[0][0] == "ignored"


@pytest.mark.parametrize("local", ["a" * 40, "", "!" * 40])
def test_an_address_we_did_not_sign_is_nobodys(client, acme, ask, local):
    assert handed_in(client, acme, recipient=f"{local}@in.goodword.example").status_code == 200
    assert (state_of(ask), what_came_in(acme)) == ("queued", [])


def test_what_the_provider_does_not_sign_is_refused(client, acme, ask, settings):
    settings.EMAIL_URL = "anymail+postmark://?server_token=t-1&webhook_secret=goodword:secret"

    assert handed_in(client, acme).status_code == 403
    assert what_came_in(acme) == []


def test_an_address_nobody_gave_out_is_no_page(client, acme):
    assert client.post("/hooks/inbound/guessed", {}, content_type="application/json").status_code == 404


def test_without_an_inbound_domain_there_is_no_address_and_no_door(client, acme, ask, settings):
    recipient = capture.address_of(acme)
    settings.INBOUND_DOMAIN = ""

    assert capture.address_of(acme) == ""
    assert handed_in(client, acme, recipient=recipient).status_code == 404


def test_a_consequence_that_fails_takes_the_copy_back(client, acme, ask, monkeypatch):
    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr("referrals.asks.actions.settle_copy", lambda **_more: 1 / 0)
        assert handed_in(client, acme).status_code == 500

    assert handed_in(client, acme).status_code == 200
    assert state_of(ask) == "sent"


def test_the_mail_itself_is_not_kept(client, acme, ask):
    handed_in(client, acme, text="Between you and me")

    with workspace_scope(acme.pk):
        row = CopiedMail.objects.values().get()
    assert "Between you and me" not in str(row)
    assert "jamie@northwind.example" not in str(row)
