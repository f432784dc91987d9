"""Mail by a provider's HTTP API. The provider is the judge of what left; it knows nothing of our tables."""

import datetime
import socket

import pytest
from django.utils import timezone

from accounts.mail import checks, dispatcher, providers
from accounts.tenancy.scope import workspace_scope

ADDRESS = "jamie@northwind.example"


def message_of(workspace):
    with workspace_scope(workspace.pk):
        return workspace.messages.get()


def make_due(workspace, **changes):
    with workspace_scope(workspace.pk):
        workspace.messages.update(due_at=timezone.now() - datetime.timedelta(seconds=1), **changes)


def without_rest():
    """The transport of this thread forgets that nobody answered."""
    from accounts.mail import transports

    for connection in transports._kept.by_address.values():
        connection._rests_until = 0.0


def test_a_mail_leaves_with_all_its_headers_and_is_known_by_the_providers_id(acme, resend, post, states, settled):
    post(
        acme,
        unsubscribe_url="https://goodword.example.com/p/token?for=asks",
        in_reply_to="<first@acme.example>",
        reply_to="ana.desk@acme.example",
        from_name='Ana "Änn", Acme\r\nBcc: x@y.example',
        body_html="<p>Dear Jamie</p>",
    )

    dispatcher.dispatch(acme.pk)

    message = message_of(acme)
    (sent,) = resend.delivered
    assert (message.state, message.provider_id, message.transport.partition(":")[0]) == ("sent", "id-1", "resend")
    assert "secret" not in message.transport
    assert settled == [(f"ask:{ADDRESS}", "sent", "")]
    assert sent["to"] == ["Jamie Okafor <jamie@northwind.example>"]
    assert sent["from"] == '"Ana \\"Änn\\", Acme Bcc: x@y.example" <ana@acme.example>'
    assert sent["reply_to"] == ['"Ana \\"Änn\\", Acme Bcc: x@y.example" <ana.desk@acme.example>']
    assert (sent["subject"], sent["text"], sent["html"]) == (
        "Another Head of Ops?",
        "Dear Jamie,\n\nwould you?\n",
        "<p>Dear Jamie</p>",
    )
    assert sent["headers"] == {
        "Message-ID": message.rfc_message_id,
        "In-Reply-To": "<first@acme.example>",
        "References": "<first@acme.example>",
        "List-Unsubscribe": "<https://goodword.example.com/p/token?for=asks>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "X-Metadata": f'{{"goodword_message": "{message.pk}"}}',
    }


def test_a_notice_says_that_no_person_wrote_it(acme, resend, post):
    post(acme, kind="notice")

    dispatcher.dispatch(acme.pk)

    assert resend.delivered[0]["headers"]["Auto-Submitted"] == "auto-generated"


def test_postmark_is_asked_to_keep_our_message_id_and_told_to_track_nothing(acme, postmark, post):
    post(acme)

    dispatcher.dispatch(acme.pk)

    (sent,) = postmark.delivered
    headers = {header["Name"]: header["Value"] for header in sent["Headers"]}
    assert headers == {"Message-ID": message_of(acme).rfc_message_id, "X-PM-KeepID": "true"}
    assert (sent["TrackOpens"], sent["TrackLinks"]) == (False, "None")


@pytest.mark.parametrize("fault", ["lose reply", (500, {"message": "Oops"}), (502, {"message": "Bad gateway"})])
def test_a_lost_answer_is_tried_again_under_the_same_key_and_delivers_once(acme, resend, post, states, fault):
    post(acme)
    resend.script_after = [fault]

    dispatcher.dispatch(acme.pk)
    between = message_of(acme)
    make_due(acme)
    dispatcher.dispatch(acme.pk)

    after = message_of(acme)
    assert (between.state, between.key_attempt) == ("queued", 1)
    assert (after.state, after.provider_id, after.keyed_until, after.key_attempt) == ("sent", "id-1", None, None)
    assert len(resend.requests) == 2
    assert len(resend.delivered) == 1


def test_brevo_gets_its_key_in_the_mail_and_delivers_once(acme, provider, settings, post):
    settings.EMAIL_URL = provider.url("brevo")
    post(acme)
    provider.script_after = ["lose reply"]

    dispatcher.dispatch(acme.pk)
    make_due(acme)
    dispatcher.dispatch(acme.pk)

    assert message_of(acme).state == "sent"
    assert (len(provider.requests), len(provider.delivered)) == (2, 1)


@pytest.mark.parametrize("fault", ["lose reply", (500, {"Message": "Oops"}), (200, "not the form we know")])
def test_without_keys_a_lost_answer_is_shown_and_never_repeated(acme, postmark, post, fault):
    post(acme)
    postmark.script_after = [fault]

    dispatcher.dispatch(acme.pk)
    make_due(acme)
    dispatcher.dispatch(acme.pk)

    assert message_of(acme).state == "unconfirmed"
    assert len(postmark.delivered) == 1


def test_when_the_key_has_lived_its_life_the_mail_is_unconfirmed(acme, resend, post, settled):
    post(acme)
    resend.script_after = ["lose reply"]
    dispatcher.dispatch(acme.pk)

    make_due(acme, keyed_until=timezone.now())
    dispatcher.dispatch(acme.pk)

    message = message_of(acme)
    assert (message.state, message.keyed_until, message.key_attempt) == ("unconfirmed", None, None)
    assert "Connection aborted" in message.error
    assert [state for _key, state, _error in settled] == ["unconfirmed"]
    assert len(resend.requests) == 1


def test_a_mail_in_doubt_is_never_handed_to_another_account(acme, resend, sink, settings, post):
    settings.EMAIL_URL = resend.url("resend")
    post(acme)
    resend.script_after = ["lose reply"]
    dispatcher.dispatch(acme.pk)

    settings.EMAIL_URL = sink.url
    make_due(acme)
    dispatcher.dispatch(acme.pk)

    assert message_of(acme).state == "unconfirmed"
    assert sink.taken == []


def test_a_mail_in_doubt_that_expires_is_unconfirmed_not_taken_back(acme, resend, post):
    post(acme)
    resend.script_after = ["lose reply"]
    dispatcher.dispatch(acme.pk)

    make_due(acme, expires_at=timezone.now())
    dispatcher.dispatch(acme.pk)

    assert message_of(acme).state == "unconfirmed"


def test_a_mail_in_doubt_cannot_be_taken_back(acme, resend, post):
    from accounts.mail import actions

    message = post(acme)
    resend.script_after = ["lose reply"]
    dispatcher.dispatch(acme.pk)

    with workspace_scope(acme.pk):
        assert actions.cancel(workspace=acme, message_id=message.pk) is False


def test_of_a_repeat_only_success_says_anything(acme, resend, post):
    post(acme)
    resend.script_after = ["lose reply"]
    dispatcher.dispatch(acme.pk)

    resend.script = [(422, {"message": "The domain is not verified."})]
    make_due(acme)
    dispatcher.dispatch(acme.pk)
    make_due(acme)
    dispatcher.dispatch(acme.pk)

    assert message_of(acme).state == "sent"
    assert len(resend.delivered) == 1


def test_after_a_worker_died_the_mail_is_tried_again_under_its_key(acme, resend, post):
    """It took the mail to the provider, and was killed before it wrote that down."""
    post(acme)
    resend.script_after = ["lose reply"]
    dispatcher.dispatch(acme.pk)
    past = timezone.now() - datetime.timedelta(minutes=1)
    # As the row stood during the hand-over; its journal is gone with the machine.
    fields = {"state": "sending", "lease_until": past, "handed_at": past, "keyed_until": None, "key_attempt": None}
    make_due(acme, journal="", **fields)

    dispatcher.dispatch(acme.pk)

    assert message_of(acme).state == "sent"
    assert (len(resend.requests), len(resend.delivered)) == (2, 1)


def test_after_a_worker_died_long_ago_nobody_guesses(acme, resend, post):
    message = post(acme)
    past = timezone.now() - datetime.timedelta(hours=25)
    name = providers.read(resend.url("resend")).name
    make_due(acme, state="sending", lease_until=past, handed_at=past, attempts=1, transport=name)

    dispatcher.dispatch(acme.pk)

    assert message_of(acme).state == "unconfirmed"
    assert resend.requests == []
    assert message.pk


def test_a_refused_mail_fails_with_the_providers_words(acme, resend, post, settled):
    post(acme)
    resend.script = [(422, {"name": "validation_error", "message": "Invalid `to` field."})]

    dispatcher.dispatch(acme.pk)

    assert settled == [(f"ask:{ADDRESS}", "failed", "422 Invalid `to` field.")]


def test_an_address_the_provider_does_not_send_to_any_more_fails(acme, postmark, post, states):
    post(acme)
    words = "You tried to send to a recipient that has been marked as inactive.\nFound inactive addresses: "
    refusal = {"ErrorCode": 406, "Message": f"{words}{ADDRESS}.\nInactive recipients are ones that bounced."}
    postmark.script = [(422, refusal)]

    dispatcher.dispatch(acme.pk)

    ((state, error),) = states(acme).values()
    assert state == "failed"
    assert "earlier mail bounced" in error


@pytest.mark.parametrize(
    ("status", "words"), [(429, "Too many requests"), (503, "Maintenance"), (401, "The API key is wrong"), (402, "Pay")]
)
def test_where_the_provider_takes_nothing_now_everything_waits_and_it_is_left_alone(acme, resend, post, status, words):
    post(acme, "one@northwind.example")
    post(acme, "two@northwind.example")
    resend.script = [(status, {"message": words}, {"Retry-After": "30"})]

    dispatcher.dispatch(acme.pk)
    make_due(acme)
    assert dispatcher.dispatch(acme.pk) == 0

    with workspace_scope(acme.pk):
        assert set(acme.messages.values_list("state", "error")) == {("queued", f"{status} {words}")}
    assert len(resend.requests) == 1
    without_rest()
    dispatcher.dispatch(acme.pk)
    assert len(resend.delivered) == 2


def test_a_sender_that_is_not_allowed_waits_while_others_go_on(acme, resend, post, states):
    post(acme, "one@northwind.example", due_in=-2)
    post(acme, "two@northwind.example", due_in=-1)
    resend.script = [(403, {"message": "The acme.example domain is not verified."})]

    dispatcher.dispatch(acme.pk)

    assert states(acme) == {
        "one@northwind.example": ("queued", "403 The acme.example domain is not verified."),
        "two@northwind.example": ("sent", ""),
    }


def test_a_provider_that_does_not_answer_the_door_keeps_the_mail_here(acme, settings, post):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_URL = f"anymail+postmark://?server_token=x&api_url=http://127.0.0.1:{closed.getsockname()[1]}/"
        post(acme)

        dispatcher.dispatch(acme.pk)

    message = message_of(acme)
    assert (message.state, message.keyed_until) == ("queued", None)
    assert "refused" in message.error


def test_an_answer_that_never_comes_is_unknown(acme, settings, post):
    settings.EMAIL_TIMEOUT = 0.3
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings.EMAIL_URL = f"anymail+postmark://?server_token=x&api_url=http://127.0.0.1:{silent.getsockname()[1]}/"
        post(acme)

        dispatcher.dispatch(acme.pk)

    assert message_of(acme).state == "unconfirmed"


def test_an_address_that_cannot_be_one_stays_here_with_its_reason(acme, resend, post):
    post(acme, "Jamie <jamie@northwind.example>, kim@x.example")

    dispatcher.dispatch(acme.pk)

    assert message_of(acme).state == "failed"
    assert resend.requests == []


def test_sign_in_mail_goes_by_the_provider_too(db, resend):
    from accounts.mail import account_mail, actions

    actions.queue_account_mail(
        to_email="ana@acme.example", subject="Sign in", body_text="Hello", body_html="", now=timezone.now()
    )
    account_mail.dispatch()

    (sent,) = resend.delivered
    assert (sent["to"], sent["headers"]["Auto-Submitted"]) == (["ana@acme.example"], "auto-generated")


@pytest.mark.parametrize("slug", sorted(providers.PROVIDERS))
def test_every_provider_is_there_and_takes_the_options_it_names(slug):
    from accounts.mail.provider_api import ProviderApi

    one = providers.PROVIDERS[slug]
    account = providers.read(providers.address(slug, dict.fromkeys(one.needs, "eu-west-1")))

    api = ProviderApi(account)
    api._open()
    api.close()

    assert account.name.startswith(f"{slug}:")
    assert len(account.name) <= 32


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("anymail+pigeon://?key=1", "no mail provider “anymail+pigeon”"),
        ("anymail+postmark://", "Postmark needs server_token"),
        ("anymail+postmark://?server_token=x&debug=1", "Postmark does not take debug"),
        ("carrier://pigeon", "begins with smtp"),
        ("smtp+tls://user:password@mail.example.com:587", ""),
        ("anymail+mailgun://?api_key=x&sender_domain=mg.acme.example", ""),
    ],
)
def test_an_address_nobody_understands_is_found_at_the_start(settings, url, fault):
    settings.EMAIL_URL = url

    found = [error.msg for error in checks.production_has_a_mail_server(None)]

    assert len(found) == bool(fault)
    assert all(fault in message for message in found)


def test_a_thread_keeps_a_bounded_number_of_connections(acme, settings):
    from accounts.mail import transports

    for number in range(12):
        settings.EMAIL_URL = f"anymail+postmark://?server_token={number}"
        transports.choose(acme)

    assert len(transports._kept.by_address) == 8
    assert transports.choose(acme) is transports.choose(acme)
