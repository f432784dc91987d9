"""Every page below /app/<workspace>/: strangers see nothing of it, and who may only read changes nothing."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.members.models import MemberInvitation, User
from tests.factories import accounts as make
from tests.factories import feedback as make_feedback
from tests.factories import referrals as make_referrals
from tests.factories import rewards as make_rewards
from tests.factories.accounts import NOW

# What a parameter of an address is called, and the row of ours that stands for it.
ROWS = {
    "archive_id": lambda story: story["archive"].public_id,
    "ask_id": lambda story: story["ask"].public_id,
    "company_id": lambda story: story["company"].public_id,
    "contact_id": lambda story: story["contact"].public_id,
    "domain_id": lambda story: story["domain"].public_id,
    "export_id": lambda story: story["export"].public_id,
    "figure": lambda story: "asks",
    "hold_id": lambda story: story["hold"].public_id,
    "invitation_id": lambda story: story["invitation"].public_id,
    "key_id": lambda story: story["key"].public_id,
    "job_id": lambda story: story["import"].public_id,
    "kind": lambda story: "people",
    "list_name": lambda story: "people",
    "notice_id": lambda story: story["notice"].public_id,
    "member_id": lambda story: story["member"].public_id,
    "note_id": lambda story: story["note"].public_id,
    "message_id": lambda story: story["message"].public_id,
    "outage_id": lambda story: story["outage"].public_id,
    "page": lambda story: "landing",
    "program_id": lambda story: story["program"].public_id,
    "public_id": lambda story: story["contact"].public_id,
    "referral_id": lambda story: story["referral"].public_id,
    "response_id": lambda story: story["response"].public_id,
    "reward_id": lambda story: story["reward"].public_id,
    "rule_id": lambda story: story["rule"].public_id,
    "thank_you_id": lambda story: story["thank_you"].public_id,
    "view_id": lambda story: story["view"].public_id,
}
# Parameters that are words of ours: they name no row of anybody.
WORDS = {"figure", "kind", "list_name", "page"}
# Where one parameter means another row on another page.
ROWS_OF_PAGES = {("company-edit", "public_id"): lambda story: story["company"].public_id}
# A POST that everybody may send, because it changes nothing of the workspace's or only what is one's own.
READING_POSTS = {
    "you": "everybody says of themselves when they work",
    "you-away": "everybody says of themselves when they are away",
    "view-save": "a view is one's own way to look at rows one may read",
    "view-default": "the same",
    "list-export": "a copy of what one may read",
    "notices-read": "one's own notices",
    "notice-open": "the same; a colleague's is not found",
    "notice-choices": "everybody says how they want to be told",
    "export-cancel": "one's own file; a colleague's is not found",
}
METHODS = ("get", "post")


def pages_below(resolver, inside=False):
    for entry in resolver.url_patterns:
        below = inside or "workspace_slug" in str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from pages_below(entry, below)
        elif below:
            yield entry


def pages() -> list[URLPattern]:
    return list(pages_below(get_resolver()))


def parameters(entry: URLPattern) -> list[str]:
    return list(entry.pattern.converters)


def answers_to(entry: URLPattern, method: str) -> bool:
    return hasattr(entry.callback.view_class, method)


def tell_a_story(workspace):
    """One row of everything a page may be about."""
    member = make.MemberFactory(workspace=workspace)
    contact = make.ContactFactory(workspace=workspace)
    link = make_referrals.LinkFactory(contact=contact)
    response = make_feedback.ResponseFactory(contact=contact)
    referral = make_referrals.ReferralFactory(link=link)
    return {
        "archive": workspace.archives.create(member=member, expires_at=NOW),
        "ask": make_referrals.AskFactory(link=link, moment=make_feedback.MomentFactory(response=response)),
        "company": contact.company,
        "contact": contact,
        "domain": make.SignOnDomainFactory(sign_on__workspace=workspace),
        "export": workspace.exports.create(list_name="people", member=member, expires_at=NOW),
        "hold": make.HoldFactory(company=contact.company),
        "import": make.ImportJobFactory(workspace=workspace),
        "invitation": MemberInvitation.objects.create(
            workspace=workspace, email="kim@acme.example", role="sales", invited_by=member, expires_at=NOW
        ),
        "key": make.ApiKeyFactory(workspace=workspace),
        "member": member,
        "notice": workspace.notices.create(
            member=member, kind="mention", key="note:1", title="Ben named you", path="/app/", channels=["in_app"]
        ),
        "note": workspace.notes.create(contact=contact, author=member, body="Prefers calls."),
        "message": make.MessageFactory(workspace=workspace, state="unconfirmed"),
        "outage": workspace.outage_reports.create(started_at=NOW, ended_at=NOW, numbers={}, reported_at=NOW),
        "program": link.program,
        "referral": referral,
        "response": response,
        "reward": make_rewards.RewardFactory(workspace=workspace, contact=contact, source_id=referral.pk),
        "rule": make_rewards.RewardRuleFactory(workspace=workspace),
        "view": workspace.saved_views.create(list_name="people", name="Mine", owner=member, shared=True),
        "thank_you": workspace.thank_yous.create(
            contact=contact,
            referral=referral,
            source_key="referral:1:won",
            occasion="won",
            subject="Thank you",
            body="Thank you",
            owed_since=NOW,
            due_at=NOW,
        ),
    }


@pytest.fixture
def story(in_acme):
    return tell_a_story(in_acme)


def address(entry, story):
    rows = [ROWS_OF_PAGES.get((entry.name, name), ROWS.get(name)) for name in parameters(entry)]
    return reverse(entry.name, args=["acme", *(row(story) for row in rows)])


def sign_in(client, workspace, role):
    member = make.MemberFactory(workspace=workspace, role=role, name=f"The {role}")
    # Read again: the factory's user carries a password hash that was never stored.
    client.force_login(User.objects.get(pk=member.user_id))


def test_there_are_pages_and_every_parameter_of_them_is_known_here():
    assert {"today", "contact-list", "referral-record", "settings-team"} <= {entry.name for entry in pages()}
    # Say in ROWS which row of ours a new parameter stands for.
    assert {name for entry in pages() for name in parameters(entry)} - set(ROWS) == set()


def test_somebody_not_signed_in_is_asked_to(client, story):
    answers = {
        (entry.name, method): getattr(client, method)(address(entry, story)) for entry in pages() for method in METHODS
    }

    assert {key: answer.status_code for key, answer in answers.items() if answer.status_code != 302} == {}
    assert {answer.url.split("?")[0] for answer in answers.values()} == {reverse("account_login")}


def test_the_owner_sees_every_page(client, story, acme):
    sign_in(client, acme, "owner")

    answers = {entry.name: client.get(address(entry, story)) for entry in pages() if answers_to(entry, "get")}

    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code != 200} == {
        "front": 302,
        "export-download": 404,  # a colleague's file
        "resting": 302,  # it does not rest
    }


def test_a_member_of_another_workspace_finds_nothing(client, story, globex, scope):
    with scope(globex.pk):
        sign_in(client, globex, "owner")

    answers = {
        (entry.name, method): getattr(client, method)(address(entry, story)) for entry in pages() for method in METHODS
    }

    assert {key: answer.status_code for key, answer in answers.items() if answer.status_code != 404} == {}


def test_rows_of_another_workspace_do_not_exist_in_ours(client, acme, globex, scope):
    with scope(globex.pk):
        theirs = tell_a_story(globex)
    with scope(acme.pk):
        sign_in(client, acme, "owner")
    about_rows = [entry for entry in pages() if set(parameters(entry)) - WORDS]

    answers = {
        (entry.name, method): getattr(client, method)(address(entry, theirs)).status_code
        for entry in about_rows
        for method in METHODS
        if answers_to(entry, method)
    }

    assert {key: status for key, status in answers.items() if status != 404} == {}


def test_who_may_only_read_changes_nothing(client, story, acme):
    sign_in(client, acme, "analyst")
    changing = [entry for entry in pages() if answers_to(entry, "post") and entry.name not in READING_POSTS]

    answers = {entry.name: client.post(address(entry, story)).status_code for entry in changing}

    assert {name: status for name, status in answers.items() if status != 403} == {}


def test_every_exception_is_still_a_page():
    names = {entry.name for entry in pages()}
    assert set(READING_POSTS) | {name for name, _parameter in ROWS_OF_PAGES} <= names
