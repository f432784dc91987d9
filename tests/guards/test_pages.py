"""Every page below /app/<workspace>/: strangers see nothing of it, and who may only read changes nothing."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.members.models import MemberInvitation
from tests.factories import accounts as make
from tests.factories import feedback as make_feedback
from tests.factories import referrals as make_referrals
from tests.factories import rewards as make_rewards
from tests.factories.accounts import NOW

# What a parameter of an address is called, and the row of ours that stands for it.
ROWS = {
    "ask_id": lambda story: story["ask"].public_id,
    "company_id": lambda story: story["company"].public_id,
    "contact_id": lambda story: story["contact"].public_id,
    "hold_id": lambda story: story["hold"].public_id,
    "invitation_id": lambda story: story["invitation"].public_id,
    "key_id": lambda story: story["key"].public_id,
    "kind": lambda story: "people",
    "member_id": lambda story: story["member"].public_id,
    "program_id": lambda story: story["program"].public_id,
    "public_id": lambda story: story["contact"].public_id,
    "referral_id": lambda story: story["referral"].public_id,
    "response_id": lambda story: story["response"].public_id,
    "reward_id": lambda story: story["reward"].public_id,
    "rule_id": lambda story: story["rule"].public_id,
    "thank_you_id": lambda story: story["thank_you"].public_id,
}
# Where one parameter means another row on another page.
ROWS_OF_PAGES = {("company-edit", "public_id"): lambda story: story["company"].public_id}
# A POST that changes nothing of the workspace, with its reason.
READING_POSTS: dict[str, str] = {}


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


def changes(entry: URLPattern) -> bool:
    return hasattr(entry.callback.view_class, "post") and entry.name not in READING_POSTS


def tell_a_story(workspace):
    """One row of everything a page may be about."""
    member = make.MemberFactory(workspace=workspace)
    contact = make.ContactFactory(workspace=workspace)
    link = make_referrals.LinkFactory(contact=contact)
    response = make_feedback.ResponseFactory(contact=contact)
    referral = make_referrals.ReferralFactory(link=link)
    return {
        "ask": make_referrals.AskFactory(link=link, moment=make_feedback.MomentFactory(response=response)),
        "company": contact.company,
        "contact": contact,
        "hold": make.HoldFactory(company=contact.company),
        "invitation": MemberInvitation.objects.create(
            workspace=workspace, email="kim@acme.example", role="sales", invited_by=member, expires_at=NOW
        ),
        "key": make.ApiKeyFactory(workspace=workspace),
        "member": member,
        "program": link.program,
        "referral": referral,
        "response": response,
        "reward": make_rewards.RewardFactory(workspace=workspace, contact=contact, source_id=referral.pk),
        "rule": make_rewards.RewardRuleFactory(workspace=workspace),
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


@pytest.fixture
def address(story):
    def of(entry):
        known = {name: ROWS_OF_PAGES.get((entry.name, name), ROWS.get(name)) for name in parameters(entry)}
        known.pop("workspace_slug")
        return reverse(entry.name, args=["acme", *(row(story) for row in known.values())])

    return of


def sign_in(client, workspace, role):
    member = make.MemberFactory(workspace=workspace, role=role, name=f"The {role}")
    client.force_login(member.user)


@pytest.mark.django_db
def test_there_are_pages():
    assert {"today", "contact-list", "referral-record", "settings-team"} <= {entry.name for entry in pages()}


@pytest.mark.django_db
@pytest.mark.parametrize("entry", pages(), ids=lambda entry: entry.name)
def test_every_parameter_of_a_page_is_known_here(entry):
    unknown = set(parameters(entry)) - set(ROWS) - {"workspace_slug"} - {name for _page, name in ROWS_OF_PAGES}
    assert unknown == set(), "Say in ROWS which row of ours this parameter stands for."


@pytest.mark.django_db
@pytest.mark.parametrize("entry", pages(), ids=lambda entry: entry.name)
def test_somebody_not_signed_in_is_asked_to(client, address, entry):
    url = address(entry)

    answers = [client.get(url), client.post(url)]

    assert [(answer.status_code, answer.url.split("?")[0]) for answer in answers] == [(302, "/accounts/login/")] * 2


@pytest.mark.django_db
@pytest.mark.parametrize("entry", pages(), ids=lambda entry: entry.name)
def test_the_owner_sees_the_page_and_a_member_of_another_workspace_does_not(client, address, entry, acme, globex, scope):
    url = address(entry)
    sign_in(client, acme, "owner")
    if hasattr(entry.callback.view_class, "get"):
        assert client.get(url, follow=True).status_code == 200

    with scope(globex.pk):
        sign_in(client, globex, "owner")

    assert [client.get(url).status_code, client.post(url).status_code] == [404, 404]


@pytest.mark.django_db
@pytest.mark.parametrize("entry", [entry for entry in pages() if parameters(entry)[1:]], ids=lambda entry: entry.name)
def test_rows_of_another_workspace_do_not_exist_in_ours(client, entry, acme, globex, scope):
    with scope(globex.pk):
        story = tell_a_story(globex)
    names = [name for name in parameters(entry) if name != "workspace_slug"]
    theirs = [(ROWS_OF_PAGES.get((entry.name, name)) or ROWS[name])(story) for name in names]
    url = reverse(entry.name, args=["acme", *theirs])
    with scope(acme.pk):
        sign_in(client, acme, "owner")

    view = entry.callback.view_class
    answers = [getattr(client, method)(url).status_code for method in ("get", "post") if hasattr(view, method)]

    assert set(answers) == {404}


@pytest.mark.django_db
@pytest.mark.parametrize("entry", [entry for entry in pages() if changes(entry)], ids=lambda entry: entry.name)
def test_who_may_only_read_changes_nothing(client, address, entry, acme):
    url = address(entry)
    sign_in(client, acme, "analyst")

    assert client.post(url).status_code == 403


def test_every_exception_is_still_a_page():
    names = {entry.name for entry in pages()}
    assert set(READING_POSTS) | {name for name, _parameter in ROWS_OF_PAGES} <= names
