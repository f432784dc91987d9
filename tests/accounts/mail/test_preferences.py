import re

import pytest
from django.test import Client

from accounts.customers import recipients
from accounts.mail import actions
from accounts.tenancy import tokens
from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as make


@pytest.fixture
def jamie(acme):
    with workspace_scope(acme.pk):
        return make.ContactFactory(workspace=acme, email="jamie@northwind.example")


@pytest.fixture
def stranger(db):
    """A mail program or a browser without any cookie, that insists on CSRF checks."""
    return Client(enforce_csrf_checks=True)


def path(contact, purpose="all"):
    return recipients.preferences_url(contact, purpose=purpose).removeprefix("http://127.0.0.1:8000")


def refused(workspace):
    with workspace_scope(workspace.pk):
        return sorted(workspace.suppressions.values_list("purpose", flat=True))


def events(workspace):
    with workspace_scope(workspace.pk):
        return [
            (event.type, event.actor_kind, event.data, event.contact_id) for event in workspace.events.order_by("pk")
        ]


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_opening_the_link_changes_nothing(stranger, acme, jamie, method):
    for purpose in ["asks", "all"]:
        for _time in range(5):
            answer = getattr(stranger, method)(path(jamie, purpose))
            assert answer.status_code == 200

    assert (refused(acme), events(acme), answer.cookies) == ([], [], {})


def test_one_click_ends_what_the_mail_was_about_without_cookies(stranger, acme, jamie):
    address = path(jamie, "asks")
    for _twice in range(2):
        answer = stranger.post(address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 200

    assert refused(acme) == ["asks"]
    assert events(acme) == [("contact.unsubscribed", "contact", {"purpose": "asks"}, jamie.pk)]
    assert answer["Referrer-Policy"] == "no-referrer"


def test_one_click_of_a_mail_about_nothing_in_particular_ends_everything(stranger, acme, jamie):
    stranger.post(path(jamie), {"List-Unsubscribe": "One-Click"})

    assert refused(acme) == ["all"]


def test_the_page_shows_and_keeps_what_was_chosen(stranger, acme, jamie):
    def boxes(answer):
        return {name: bool(checked) for name, checked in re.findall(r'value="(asks|surveys)"( checked)?', answer)}

    before = boxes(stranger.get(path(jamie)).content.decode())
    after = boxes(stranger.post(path(jamie), {"choose": "yes", "wanted": ["surveys"]}).content.decode())
    again = boxes(stranger.post(path(jamie), {"choose": "yes", "wanted": ["asks"]}).content.decode())

    assert (before, after, again) == (
        {"asks": True, "surveys": True},
        {"asks": False, "surveys": True},
        {"asks": True, "surveys": False},
    )
    assert refused(acme) == ["surveys"]


def test_nothing_at_all_and_back_again(stranger, acme, jamie):
    stranger.post(path(jamie), {"choose": "yes", "wanted": ["asks"]})
    nothing = stranger.post(path(jamie), {"nothing": "yes"}).content.decode()
    assert "You get nothing from us." in nothing
    assert refused(acme) == ["all", "surveys"]

    stranger.post(path(jamie), {"again": "yes"})
    assert refused(acme) == ["surveys"]


def test_a_post_that_says_nothing_is_refused(stranger, acme, jamie):
    assert stranger.post(path(jamie), {}).status_code == 400
    assert refused(acme) == []


def test_altered_retired_and_foreign_tokens_find_nobody(stranger, acme, globex, jamie):
    good = path(jamie)
    token = good.removeprefix("/p/")
    foreign = tokens.make("preferences:contact", workspace_id=globex.pk, object_id=jamie.pk, nonce=0)
    other_purpose = tokens.make("advocate", workspace_id=acme.pk, object_id=jamie.pk, nonce=0)
    bad = [token[:-1] + ("A" if token[-1] != "A" else "B"), token[:-4], "x", "é" * 64, foreign, other_purpose]

    for text in bad:
        for answer in [stranger.get(f"/p/{text}"), stranger.post(f"/p/{text}", {"nothing": "yes"})]:
            assert answer.status_code == 404, text
            assert "This link does not work any more." in answer.content.decode()
    with workspace_scope(acme.pk):
        type(jamie).objects.update(preferences_nonce=1)
    assert stranger.post(good, {"nothing": "yes"}).status_code == 404
    assert refused(acme) == refused(globex) == []


def test_a_person_without_an_address_has_no_page(stranger, acme, jamie):
    with workspace_scope(acme.pk):
        type(jamie).objects.update(email="")

    assert stranger.get(path(jamie)).status_code == 404


def test_who_unsubscribed_gets_no_ask_but_the_survey(stranger, acme, jamie, sink, post):
    from accounts.mail import dispatcher

    post(acme, jamie.email, kind="ask")
    post(acme, jamie.email, kind="survey")
    stranger.post(path(jamie, "asks"), {"List-Unsubscribe": "One-Click"})

    dispatcher.dispatch(acme.pk)

    with workspace_scope(acme.pk):
        assert dict(acme.messages.values_list("kind", "error")) == {"ask": "suppressed", "survey": ""}
    assert len(sink.taken) == 1
    assert actions.email_hash(jamie.email) == actions.email_hash(" JAMIE@Northwind.example")


def test_one_click_takes_back_what_is_queued_at_once(stranger, acme, jamie, post, states, settled):
    post(acme, jamie.email, kind="ask", due_in=600)
    post(acme, jamie.email, kind="survey", due_in=600)
    post(acme, "kim@northwind.example", due_in=600)

    stranger.post(path(jamie, "asks"), {"List-Unsubscribe": "One-Click"})

    assert settled == [("ask:jamie@northwind.example", "cancelled", "suppressed")]
    with workspace_scope(acme.pk):
        assert sorted(acme.messages.filter(state="queued").values_list("key", flat=True)) == [
            "ask:kim@northwind.example",
            "survey:jamie@northwind.example",
        ]


def test_a_survey_opt_out_leaves_asks_and_the_other_way_round(stranger, acme, jamie):
    stranger.post(path(jamie, "surveys"), {"List-Unsubscribe": "One-Click"})

    assert refused(acme) == ["surveys"]


def test_who_wants_nothing_ends_a_queued_ask_as_skipped(stranger, acme, jamie):
    from referrals.asks.models import Ask
    from tests.factories import referrals as refer

    with workspace_scope(acme.pk):
        ask = refer.AskFactory(link__contact=jamie)
        queue_mail_of(ask)

    stranger.post(path(jamie), {"nothing": "1"})

    with workspace_scope(acme.pk):
        ask = Ask.objects.get()
        assert (ask.state, ask.ended_reason) == ("skipped", "They asked not to be asked")


def queue_mail_of(ask):
    from referrals.asks import post as asks_post

    asks_post.put(
        workspace=ask.workspace,
        ask=ask,
        contact=ask.contact,
        due_at=ask.send_at,
        expires_at=ask.deadline_at,
        judged_at=ask.queued_at,
    )
    ask.save()


def test_a_new_secret_key_forgets_no_opt_out(stranger, acme, jamie, settings, sink, post):
    from accounts.mail import dispatcher

    stranger.post(path(jamie), {"List-Unsubscribe": "One-Click"})
    settings.SECRET_KEY = "rotated"
    post(acme, jamie.email)

    dispatcher.dispatch(acme.pk)

    assert sink.taken == []


def test_the_page_wears_the_workspace_colour(stranger, acme, jamie):
    acme.brand_color = "#2747b8"
    acme.save()

    assert "/brand/2747b8.css" in stranger.get(path(jamie)).content.decode()
