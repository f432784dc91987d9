"""What no sound link or form would send: every page answers in words, and nothing is written."""

import base64

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse

from accounts.tenancy.scope import workspace_scope
from referrals.programs.models import Program
from tests.factories import referrals

NOTHING = base64.urlsafe_b64encode(b"\x00" * 48).decode()
GARBAGE = ["x", NOTHING, f"{NOTHING[:-2]}==", "A" * 5_000, "é☂", "a\x00b", "%2F", "-1"]
# Not found, gone for good, or no such method: each comes with a page.
ANSWERED = (404, 405, 410)


def addresses(resolver, before=()):
    for entry in resolver.url_patterns:
        names = (*before, *entry.pattern.converters)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, names)
        elif names:
            yield entry.name, names


ALL = list(addresses(get_resolver()))
PUBLIC = [
    (name, names) for name, names in ALL if not name.startswith(("api-", "account_")) and "workspace_slug" not in names
]
DASHBOARD = [(name, names) for name, names in ALL if len(names) > 1 and names[0] == "workspace_slug"]


@pytest.fixture
def stranger(db):
    """A 500 is an answer here, so that it can be told from the right one."""
    return Client(raise_request_exception=False)


def test_the_walk_finds_the_pages():
    assert {"survey-score", "survey-thanks", "landing-thanks", "advocate", "preferences"} <= {
        name for name, _ in PUBLIC
    }
    assert {"today-ask", "reward-fulfil", "contact-record"} <= {name for name, _ in DASHBOARD}


@pytest.mark.parametrize(("name", "names"), PUBLIC, ids=[name for name, _ in PUBLIC])
def test_no_public_page_opens_to_garbage(stranger, acme, name, names):
    nobody_of_ours = base64.urlsafe_b64encode(acme.pk.bytes + b"\x00" * 32).decode()

    assert opened(stranger, [*GARBAGE, nobody_of_ours], name, names) == {}


@pytest.mark.parametrize(("name", "names"), DASHBOARD, ids=[name for name, _ in DASHBOARD])
def test_no_page_of_the_dashboard_opens_to_garbage(stranger, ana, name, names):
    stranger.force_login(ana.user)

    assert opened(stranger, GARBAGE, name, names, workspace_slug="acme") == {}


def opened(client, texts, name, names, **known):
    """What answered otherwise than it should: {(method, text): status}."""
    answers = {}
    for text in texts:
        try:
            path = reverse(name, kwargs=dict.fromkeys(names, text) | known)
        except NoReverseMatch:
            continue  # the address itself takes only numbers or words: Django answers 404
        answers |= {("get", text[:80]): client.get(path), ("post", text[:80]): client.post(path)}
    return {asked: answer.status_code for asked, answer in answers.items() if not is_answered(answer)}


def is_answered(answer):
    # To the sign-in page; or, with what another site posted, to the page that judges it.
    elsewhere = answer.get("Location", "").startswith(("/accounts/login/", "/accounts/saml/"))
    return answer.status_code in ANSWERED or elsewhere


@pytest.mark.parametrize("field", ["ask_subject", "ask_body", "reminder_body", "share_text"])
def test_a_word_we_do_not_know_in_a_programs_text_is_said_and_not_saved(client, acme, ana, field):
    with workspace_scope(acme.pk):
        program = referrals.ProgramFactory(workspace=acme)
    client.force_login(ana.user)
    path = f"/app/acme/settings/program/{program.public_id}"
    form = client.get(path).context["form"]
    sound = {name: form[name].value() for name in form.fields}

    refused = client.post(path, {**sound, field: "Hi {{ contact.shoe_size }}"})

    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == [field]
    assert "contact.shoe_size" in refused.content.decode()
    with workspace_scope(acme.pk):
        assert getattr(Program.objects.get(), field) == getattr(program, field)
    assert client.post(path, sound).status_code == 302
