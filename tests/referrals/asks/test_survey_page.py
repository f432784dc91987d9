"""`/s/<token>`: one tap, two words, and the ask in the same breath."""

import random
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from accounts.tenancy.scope import workspace_scope
from feedback.invitations.actions import survey_url
from feedback.invitations.models import Invitation
from feedback.responses.models import Response
from referrals.asks.models import Ask
from tests.factories.accounts import ContactFactory, HoldFactory
from tests.factories.feedback import SurveyFactory
from tests.factories.referrals import ProgramFactory


@pytest.fixture
def invitation(acme):
    with workspace_scope(acme.pk):
        ProgramFactory(workspace=acme)
        return Invitation.objects.create(
            workspace=acme,
            survey=SurveyFactory(workspace=acme),
            contact=ContactFactory(workspace=acme),
            expires_at=timezone.now() + timedelta(days=60),
        )


@pytest.fixture
def path(invitation):
    return urlsplit(survey_url(invitation)).path


def rows(workspace, model):
    with workspace_scope(workspace.pk):
        return list(model.objects.filter(workspace=workspace))


def test_the_question_is_asked_without_a_login(client, path, invitation):
    page = client.get(path)

    assert page.status_code == 200
    assert invitation.survey.question in page.content.decode()
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("no-referrer", "noindex")


def test_a_browser_that_tells_no_origin_may_answer(acme, path):
    """Under "no-referrer" browsers send "Origin: null", which no check of origins takes."""
    client = Client(enforce_csrf_checks=True)

    after = client.post(path, {"score": "10"}, headers={"origin": "null"})

    assert (after.status_code, len(rows(acme, Response))) == (302, 1)


def test_the_pages_wear_the_workspace_colour(client, acme, path):
    acme.brand_color = "#2747b8"
    acme.save()

    pages = [client.get(path), client.get(path.replace("/s/", "/s/x"))]

    assert ["/brand/2747b8.css" in page.content.decode() for page in pages] == [True, False]


def test_opening_the_link_records_nothing_whatever_it_says(client, acme, path):
    for method in (client.get, client.head, client.options):
        for query in ("", "?score=9", "?score=0", "?score=nine"):
            method(path + query)

    assert rows(acme, Response) == []


def test_the_score_in_the_address_is_filled_in(client, path):
    assert "You chose 9." in client.get(path + "?score=9").content.decode()


def test_one_tap_stores_the_score_and_queues_the_ask(client, acme, path):
    after = client.post(path, {"score": "10", "timezone": "America/Chicago"})

    assert (after.status_code, after["Location"]) == (302, f"{path}/more")
    [response], [ask] = rows(acme, Response), rows(acme, Ask)
    assert (response.score, response.channel, ask.state) == (10, "page", "queued")
    with workspace_scope(acme.pk):
        assert response.contact.timezone == "America/Chicago"


@pytest.mark.parametrize("score", ["11", "-1", "", "ten", "１"])
def test_a_score_off_the_scale_is_explained_and_not_stored(client, acme, path, score):
    page = client.post(path, {"score": score})

    assert page.status_code == 422
    assert "Choose a number from 0 to 10." in page.content.decode()
    assert rows(acme, Response) == []


def test_the_whole_way_to_the_ask_in_the_same_breath(client, acme, path):
    client.post(path, {"score": "9"})
    client.post(f"{path}/more", {"comment": "We close in two days.", "referred_recently": "no"})

    page = client.get(f"{path}/thanks").content.decode()

    [response] = rows(acme, Response)
    assert (response.comment, response.referred_recently) == ("We close in two days.", False)
    assert "Who else at another company fights with month-end?" in page
    assert "Introduce someone" in page
    assert "/a/" in page


def test_not_now_takes_the_written_ask_back(client, acme, path):
    client.post(path, {"score": "9"})

    client.post(f"{path}/thanks", {"answer": "snoozed"})

    [ask] = rows(acme, Ask)
    assert (ask.state, ask.answer) == ("answered", "snoozed")


def test_a_low_score_is_promised_a_person_and_no_ask(client, acme, path):
    client.post(path, {"score": "3"})

    page = client.get(f"{path}/thanks").content.decode()

    assert "will get in touch with you" in page
    assert rows(acme, Ask) == []


def test_a_changed_mind_is_the_last_word(client, acme, path):
    client.post(path, {"score": "10"})
    client.post(path, {"score": "4"})

    [response], [ask] = rows(acme, Response), rows(acme, Ask)
    assert (response.score, ask.state) == (4, "skipped")


def test_where_the_gate_says_no_there_is_thanks_and_their_link(client, acme, path, invitation):
    with workspace_scope(acme.pk):
        HoldFactory(workspace=acme, company=invitation.contact.company, starts_at=timezone.now() - timedelta(days=1))
    client.post(path, {"score": "10"})

    page = client.get(f"{path}/thanks").content.decode()

    assert rows(acme, Ask) == []
    assert "your own link is here" in page


def test_a_very_long_comment_is_explained_and_kept(client, path):
    client.post(path, {"score": "10"})

    page = client.post(f"{path}/more", {"comment": "x" * 5001})

    assert page.status_code == 422
    assert "5,000 characters at most" in page.content.decode()
    assert "x" * 5001 in page.content.decode()


def test_altered_and_expired_links_say_what_to_do(client, acme, path, invitation):
    token = path.removeprefix("/s/")
    rng = random.Random(7)
    for _ in range(40):
        at = rng.randrange(len(token))
        letter = rng.choice([one for one in "abcXYZ019-_" if one != token[at]])
        assert client.get(f"/s/{token[:at]}{letter}{token[at + 1 :]}").status_code == 404
    with workspace_scope(acme.pk):
        Invitation.objects.update(expires_at=timezone.now())

    page = client.get(path)

    assert page.status_code == 404
    assert "This link does not work any more." in page.content.decode()


def test_a_later_step_without_a_score_goes_back_to_the_question(client, path):
    assert client.get(f"{path}/thanks")["Location"] == path
