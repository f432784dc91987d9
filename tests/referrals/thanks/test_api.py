"""Thank-yous over HTTP."""

import pytest

from accounts.tenancy.scope import workspace_scope
from referrals.thanks.models import ThankYou
from tests.factories.referrals import ThankYouFactory

URL = "/api/v1/thank-yous"


@pytest.fixture
def owed(acme):
    with workspace_scope(acme.pk):
        return ThankYouFactory(contact__workspace=acme)


def test_who_is_owed_thanks_is_listed(api, owed):
    with workspace_scope(owed.workspace_id):
        ThankYouFactory(contact=owed.contact, state="skipped")

    rows = api.get(URL, {"state": "owed"}).json()["results"]

    assert [(row["id"], row["occasion"], row["state"]) for row in rows] == [(owed.public_id, "introduction", "owed")]


def test_it_is_sent_in_our_words_once(api, owed):
    sent = api.post(f"{URL}/{owed.public_id}/send", {"body": "Jamie, that was kind. Thank you."})
    again = api.post(f"{URL}/{owed.public_id}/send", {})

    assert (sent.status_code, sent.json()["state"], again.status_code) == (200, "sending", 409)
    with workspace_scope(owed.workspace_id):
        [mail] = owed.workspace.messages.all()
        assert (mail.kind, mail.to_email) == ("thanks", owed.contact.email)
        assert "that was kind" in mail.body_text


def test_it_can_be_said_in_person(api, owed):
    answer = api.post(f"{URL}/{owed.public_id}/said", {})

    assert (answer.status_code, answer.json()["state"]) == (200, "sent")


def test_leaving_it_out_needs_a_reason(api, owed):
    refused = api.post(f"{URL}/{owed.public_id}/skip", {})
    skipped = api.post(f"{URL}/{owed.public_id}/skip", {"reason": "They left the company."})

    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "reason")
    assert skipped.json()["state"] == "skipped"


def test_a_reading_key_may_not_thank(reading_api, owed):
    assert reading_api.post(f"{URL}/{owed.public_id}/said", {}).status_code == 403
    with workspace_scope(owed.workspace_id):
        assert ThankYou.objects.get(pk=owed.pk).state == "owed"
