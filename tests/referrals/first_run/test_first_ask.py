"""Three people, a story each, and the first letter from one's own mailbox."""

import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as make
from tests.factories import feedback, referrals
from tests.factories.accounts import NOW

START = "/app/acme/start"


@pytest.fixture(autouse=True)
def at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def jamie(acme):
    """Jamie gave a 10 a month ago."""
    with workspace_scope(acme.pk):
        referrals.ProgramFactory(workspace=acme)
        contact = make.ContactFactory(workspace=acme, email="jamie@northwind.example")
        feedback.ResponseFactory(contact=contact, responded_at=NOW - datetime.timedelta(days=30))
        return contact


@pytest.fixture
def letter(dana, jamie):
    """The page with the letter to Jamie open."""
    answer = dana.post(f"{START}/send", {"contact": jamie.public_id})
    return dana.get(answer.url)


def test_a_story_is_kept_for_the_person_who_was_chosen(dana, acme, jamie):
    page = f"{START}/people/{jamie.public_id}"
    assert dana.post(page, {"metric": "days to close"}).status_code == 422

    dana.post(page, {"old_challenge": "closing in five days", "metric": "days to close", "approved_by": "Jamie Okafor"})

    with workspace_scope(acme.pk):
        outcome = acme.outcomes.get()
    assert (outcome.contact_id, outcome.old_challenge, outcome.approved_by) == (
        jamie.pk,
        "closing in five days",
        "Jamie Okafor",
    )
    assert "1 chosen, 2 to go" in dana.get(f"{START}/people").content.decode()


def test_the_letter_speaks_of_what_was_hard_before(dana, jamie):
    story = {"old_challenge": "closing in five days", "metric": "days to close", "approved_by": "Jamie Okafor"}
    dana.post(f"{START}/people/{jamie.public_id}", story)
    answer = dana.post(f"{START}/send", {"contact": jamie.public_id})

    assert "closing in five days" in dana.get(answer.url).context["letter"].body


def test_the_letter_opens_in_gmail_and_outlook_with_everything_in_it(letter):
    made = letter.context["letter"]
    gmail, outlook = (parse_qs(urlsplit(url).query) for url in (made.gmail, made.outlook))

    assert gmail["to"] == outlook["to"] == ["jamie@northwind.example"]
    assert gmail["su"] == outlook["subject"] == [made.subject]
    assert gmail["body"] == outlook["body"] == [made.body]
    assert "bcc" not in gmail
    assert "+" not in urlsplit(made.outlook).query
    assert "Rather not get these?" in made.body
    assert "Acme Inc, 1 Main Street, Springfield" in made.body


def test_without_an_inbound_domain_no_capture_address_is_shown(letter):
    assert letter.context["letter"].capture == ""
    assert "In Bcc" not in letter.content.decode()


def test_with_an_inbound_domain_the_capture_address_is_in_bcc(dana, jamie, settings):
    settings.INBOUND_DOMAIN = "in.goodword.example"
    page = dana.get(dana.post(f"{START}/send", {"contact": jamie.public_id}).url)
    made = page.context["letter"]

    assert made.capture.endswith("@in.goodword.example")
    assert parse_qs(urlsplit(made.gmail).query)["bcc"] == [made.capture]
    assert made.capture in page.content.decode()


def test_did_you_send_it_settles_the_ask(dana, acme, jamie, letter):
    ask = letter.context["ask"]

    dana.post(f"/app/acme/today/asks/{ask.public_id}/own/sent", {"back": "first-run"})

    with workspace_scope(acme.pk):
        ask.refresh_from_db()
        jamie.refresh_from_db()
        assert (ask.state, ask.sent_at, ask.sent_by_person, ask.reminder_due_at) == ("sent", NOW, True, None)
        assert (jamie.asked_at, jamie.rest.until) == (NOW, NOW + datetime.timedelta(days=180))
    assert "The first ask is out." in dana.get(f"{START}/send").content.decode()


def test_who_should_be_left_alone_by_now_gets_no_button(dana, acme, jamie, letter):
    with workspace_scope(acme.pk):
        make.HoldFactory(company=jamie.company, reason="open_ticket")

    page = dana.get(f"{START}/send").content.decode()

    assert "Better not now." in page
    assert "Open in Gmail" not in page


def test_a_customer_of_somebody_else_is_not_written_to(dana, globex, jamie, scope):
    with scope(globex.pk):
        stranger = make.ContactFactory(workspace=globex)

    assert dana.post(f"{START}/send", {"contact": stranger.public_id}).status_code == 404
