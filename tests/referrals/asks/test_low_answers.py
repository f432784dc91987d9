"""Somebody is unhappy: their owner hears it at once, and nothing goes out in their name."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.members.models import User
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.scope import workspace_scope
from feedback.responses.actions import Answer
from referrals.asks import intake
from tests.factories.accounts import NOW, ContactFactory
from tests.factories.referrals import LinkFactory


@pytest.fixture
def link(acme, ana):
    with workspace_scope(acme.pk):
        jamie = ContactFactory(workspace=acme, company__owner=ana)
        return LinkFactory(contact=jamie)


def says(link, score, at=NOW):
    with workspace_scope(link.workspace_id):
        answer = Answer("nps", score, "page", at, comment="The export broke.")
        who = {"workspace": link.workspace, "contact": link.contact, "company": None}
        intake.take_in(**who, answer=answer, by=SYSTEM, now=NOW)
        link.refresh_from_db()
        return list(link.workspace.messages.all())


def test_the_owner_is_told_at_once_with_the_words(link, ana):
    [notice] = says(link, 3)

    assert (notice.kind, notice.to_email, notice.subject) == ("notice", ana.email, "Jamie Okafor gave us a 3")
    assert "The export broke." in notice.body_text
    assert notice.due_at == NOW


def test_an_old_low_answer_is_no_news(link):
    assert says(link, 3, NOW - timedelta(days=30)) == []
    assert link.name_hidden is True


def test_the_name_is_hidden_until_somebody_confirms_it(client, link, ana):
    version, jamie = link.version, link.contact.public_id
    says(link, 3)
    assert (link.name_hidden, link.version) == (True, version + 1)

    client.force_login(User.objects.get(pk=ana.user_id))
    record = reverse("contact-record", args=["acme", jamie])
    assert "They may be named again" in client.get(record).content.decode()
    after = client.post(reverse("contact-confirm-name", args=["acme", jamie]))

    assert (after.status_code, after["Location"]) == (302, record)
    with workspace_scope(link.workspace_id):
        link.refresh_from_db()
    assert (link.name_hidden, link.version) == (False, version + 2)


def test_a_good_answer_hides_nothing(link):
    says(link, 8)

    assert link.name_hidden is False


def test_the_address_in_a_notice_leads_to_today(client, ana):
    client.force_login(User.objects.get(pk=ana.user_id))

    assert client.get("/app/acme/")["Location"] == "/app/acme/today"
