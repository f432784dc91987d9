"""Pages of the dashboard ask the database little: no page asks once per row, and each stays under ten statements."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from zeal import NPlusOneError, zeal_context
from zeal.constants import initialize_app_registry
from zeal.patch import patch

from tests.factories import accounts as make
from tests.factories import feedback as make_feedback
from tests.factories import referrals as make_referrals
from tests.factories import rewards as make_rewards
from tests.guards.test_pages import address, answers_to, pages, sign_in, tell_a_story

MOST = 10
# What every page asks before its own first question: session, user, membership, its workspace, the switcher's list.
_BELL = "LIMIT 100) subquery"  # how many notices wait, in the shell
FRAME = ("django_session", "accounts_user", "enter_workspace", "workspaces_of_user", _BELL)
# Pages that ask more, with their number and the reason.
_DESK = (
    "beside the open row lies the whole desk: five piles, pace, warm start with its gate, what is done or went wrong, "
    "the pulse, how far the first run has come, and whether somebody plays a customer"
)
_STORY = "each part of the story on a record is a table of its own, and the gate is asked"
MORE: dict[str, tuple[int, str]] = {
    "contact-record": (15, _STORY),
    "week": (14, "six figures of two weeks, each from its own table; goals, the pulse"),
    "company-record": (14, _STORY),
    "first-run": (14, "each step is read from the data it is about"),
    "first-run-people": (14, "the warm start with its gate, and who has a story"),
    "first-run-send": (18, "the warm start with its gate, the letters that wait, and the gate for the open one"),
    **{entry.name: (21, _DESK) for entry in pages() if entry.name == "today" or entry.name.startswith("today-")},
    "today-ask-own": (22, f"{_DESK}, and the gate for the letter that is about to be opened elsewhere"),
}


@pytest.fixture(scope="module", autouse=True)
def watch_for_one_question_per_row():
    """zeal looks at relations only inside its context; its hooks stay, and cost others nothing."""
    initialize_app_registry()
    patch()


@pytest.fixture
def story(in_acme):
    """Three of everything that lists and records show."""
    story = tell_a_story(in_acme)
    company = story["company"]
    for number in range(2):
        contact = make.ContactFactory(workspace=in_acme, company=company)
        make.ContactFactory(workspace=in_acme)
        make.OutcomeFactory(company=company)
        make.HoldFactory(company=company, reason="open_deal")
        link = make_referrals.LinkFactory(contact=contact, program=story["program"])
        response = make_feedback.ResponseFactory(contact=contact)
        make_referrals.AskFactory(link=link, moment=make_feedback.MomentFactory(response=response))
        referral = make_referrals.ReferralFactory(link=link)
        make_rewards.RewardFactory(workspace=in_acme, contact=contact, source_id=referral.pk)
        make_referrals.ThankYouFactory(contact=contact, referral=referral)
        make.ApiKeyFactory(workspace=in_acme, secret=f"gw_more-{number}")
        in_acme.notes.create(contact=contact, author=story["member"], body="A note.")
        in_acme.saved_views.create(list_name="people", name=f"View {number}", owner=story["member"], shared=True)
    return story


def own_statements(queries):
    """What the page itself asked."""
    asked = [query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    return [sql for sql in asked if not any(word in sql for word in FRAME)]


def reading():
    return [entry for entry in pages() if answers_to(entry, "get")]


def test_no_page_asks_much_or_once_per_row(client, story, acme):
    sign_in(client, acme, "owner")
    asked, once_per_row = {}, {}
    for entry in reading():
        with CaptureQueriesContext(connection) as queries:
            try:
                with zeal_context():
                    client.get(address(entry, story))
            except NPlusOneError as error:
                once_per_row[entry.name] = str(error)
        asked[entry.name] = len(own_statements(queries))

    too_many = {name: n for name, n in asked.items() if n > MORE.get(name, (MOST - 1, ""))[0]}
    assert not once_per_row, str(once_per_row)
    assert not too_many, str(too_many)


def test_every_exception_is_still_a_page():
    assert set(MORE) <= {entry.name for entry in pages()}
    assert all(number >= MOST and reason for number, reason in MORE.values())
