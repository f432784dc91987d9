"""What providers report. Each report reaches us by the address a provider would post it to."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from svix.webhooks import Webhook

from accounts.events.models import Event
from accounts.mail import connections, dispatcher, hooks
from accounts.mail.models import DeliveryReport, MailConnection
from accounts.mail.signals import address_bounced
from accounts.tenancy import secrets
from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as make

ADDRESS = "jamie@northwind.example"
SECRET = "whsec_" + base64.b64encode(b"a secret of the provider's own").decode()


@pytest.fixture
def hook(settings):
    settings.MAIL_HOOK_SECRET = "the-end-of-our-address"
    return "/hooks/mail/the-end-of-our-address"


@pytest.fixture
def bounces():
    """What address_bounced has told, as (address, kind, words)."""
    heard = []

    def hear(*, email, kind, words, **kwargs):
        heard.append((email, kind, words))

    address_bounced.connect(hear, weak=False)
    yield heard
    address_bounced.disconnect(hear)


@pytest.fixture
def sent(acme, postmark, post):
    """A mail that Postmark took as id-1."""
    message = post(acme)
    dispatcher.dispatch(acme.pk)
    return message


def bounce(kind="HardBounce", **fields):
    return {
        "RecordType": "Bounce",
        "ID": 42,
        "Type": kind,
        "MessageID": "id-1",
        "Email": ADDRESS,
        "Description": "The server was unable to deliver your message (ex: unknown user, mailbox not found).",
        "Details": f"smtp;550 5.1.1 <{ADDRESS}> unknown here",
        "BouncedAt": "2026-11-17T10:05:00Z",
        **fields,
    }


def report(client, hook, body, **headers):
    return client.post(hook, json.dumps(body), content_type="application/json", headers=headers)


def state(workspace):
    with workspace_scope(workspace.pk):
        return workspace.messages.get()


def suppressions(workspace):
    with workspace_scope(workspace.pk):
        return list(workspace.suppressions.values_list("purpose", "reason"))


def test_a_hard_bounce_ends_mail_to_the_address_and_tells_why(client, acme, hook, sent, bounces, post):
    post(acme, key="another", due_in=600)

    answer = report(client, hook, bounce())

    words = "bounced: smtp;550 5.1.1 <the address> unknown here"
    assert answer.status_code == 200
    assert bounces == [(ADDRESS, "hard", words)]
    assert suppressions(acme) == [("all", "bounced")]
    with workspace_scope(acme.pk):
        assert dict(acme.messages.values_list("key", "state")) == {f"ask:{ADDRESS}": "failed", "another": "cancelled"}
        assert acme.messages.get(key="another").error == "bounced"
        assert acme.messages.get(pk=sent.pk).error == words


def test_a_report_that_comes_again_counts_once(client, acme, hook, sent, bounces):
    report(client, hook, bounce())
    report(client, hook, bounce())

    assert len(bounces) == 1
    with workspace_scope(acme.pk):
        assert DeliveryReport.objects.count() == 1


def test_a_soft_bounce_fails_the_mail_and_keeps_the_address(client, acme, hook, sent, bounces):
    report(client, hook, bounce("SoftBounce"))

    assert [kind for _email, kind, _words in bounces] == ["soft"]
    assert suppressions(acme) == []
    assert state(acme).state == "failed"


def test_a_bounced_notice_does_not_silence_a_colleague(client, acme, hook, postmark, post):
    post(acme, kind="notice")
    dispatcher.dispatch(acme.pk)

    report(client, hook, bounce())

    assert suppressions(acme) == []
    assert state(acme).state == "failed"


def test_a_complaint_is_an_opt_out_and_is_recorded_as_theirs(client, acme, hook, postmark, post):
    from accounts.customers import recipients

    with workspace_scope(acme.pk):
        jamie = make.ContactFactory(workspace=acme, email=ADDRESS)
    post(acme, unsubscribe_url=recipients.preferences_url(jamie, purpose="asks"))
    dispatcher.dispatch(acme.pk)

    report(client, hook, {"RecordType": "SpamComplaint", "Type": "SpamComplaint", "ID": 7, "MessageID": "id-1"})

    assert suppressions(acme) == [("all", "complained")]
    with workspace_scope(acme.pk):
        event = Event.objects.get(type="contact.unsubscribed")
        assert (event.subject_id, event.data) == (jamie.pk, {"purpose": "all"})
    # It did arrive.
    assert state(acme).state == "sent"


def test_who_moved_on_since_is_suppressed_by_the_address_that_complained(client, acme, hook, postmark, post):
    from accounts.customers import recipients

    with workspace_scope(acme.pk):
        jamie = make.ContactFactory(workspace=acme, email="new@northwind.example")
    post(acme, unsubscribe_url=recipients.preferences_url(jamie))
    dispatcher.dispatch(acme.pk)

    body = {"RecordType": "SubscriptionChange", "SuppressSending": True, "SuppressionReason": "ManualSuppression"}
    report(client, hook, {**body, "MessageID": "id-1", "Recipient": ADDRESS})

    from accounts.mail.actions import email_hash

    with workspace_scope(acme.pk):
        row = acme.suppressions.get()
        assert (bytes(row.email_hash), row.reason) == (email_hash(ADDRESS), "unsubscribed")


def test_a_delivery_report_proves_what_nobody_knew(client, acme, hook, postmark, post, settled):
    message = post(acme)
    postmark.script_after = ["lose reply"]
    dispatcher.dispatch(acme.pk)
    before = state(acme).state

    delivered = {"RecordType": "Delivery", "MessageID": "id-1", "DeliveredAt": "2026-11-17T10:05:00Z"}
    report(client, hook, {**delivered, "Metadata": {"goodword_message": str(message.pk)}})

    after = state(acme)
    assert before == "unconfirmed"
    assert (after.state, after.sent_at) == ("sent", datetime(2026, 11, 17, 10, 5, tzinfo=UTC))
    assert [end for _key, end, _error in settled] == ["unconfirmed", "sent"]


def test_a_mail_in_doubt_is_not_tried_again_once_it_is_proven(client, acme, resend, hook, settings, post):
    message = post(acme)
    resend.script_after = ["lose reply"]
    dispatcher.dispatch(acme.pk)

    headers = [{"name": "X-Metadata", "value": json.dumps({"goodword_message": str(message.pk)})}]
    data = {"email_id": "id-1", "to": [ADDRESS], "headers": headers}
    report(client, hook, {"type": "email.delivered", "created_at": "2026-11-17T10:05:00Z", "data": data})
    with workspace_scope(acme.pk):
        acme.messages.filter(state="queued").update(due_at=timezone.now() - timedelta(seconds=1))
    dispatcher.dispatch(acme.pk)

    assert state(acme).state == "sent"
    assert len(resend.requests) == 1


@pytest.mark.parametrize("body", [bounce(MessageID="unknown"), {"RecordType": "Open", "MessageID": "id-1"}])
def test_what_is_not_about_our_mail_is_answered_and_dropped(client, acme, hook, sent, bounces, body):
    assert report(client, hook, body).status_code == 200
    assert bounces == []
    assert state(acme).state == "sent"


@pytest.mark.parametrize("body", ["nonsense", [], {"RecordType": ["Bounce"]}, {"RecordType": "Inbound", "FromFull": 1}])
def test_what_is_no_report_is_refused(client, db, hook, postmark, body):
    assert report(client, hook, body).status_code == 400


@pytest.mark.parametrize("path", ["/hooks/mail/another-end", "/hooks/mail/", "/hooks/mail/the-end-of-our-address"])
def test_an_address_nobody_gave_out_does_not_exist(client, db, postmark, path):
    assert report(client, path, bounce()).status_code == 404


def test_with_a_mail_server_nobody_reports(client, db, hook, sink):
    assert report(client, hook, bounce()).status_code == 404


def test_a_provider_may_try_the_address(client, db, hook, postmark):
    assert client.head(hook).status_code == 200
    assert client.get(hook).status_code == 405


@pytest.mark.parametrize(
    ("raw", "passes"),
    [
        ({"Type": "SoftBounce"}, True),
        ({"Type": "HardBounce"}, False),
        ({"event": "soft_bounce"}, True),
        ({"event": "hard_bounce"}, False),
        ({"event": "bounce", "hard_bounce": False}, True),
        ({"event": "bounce", "hard_bounce": True}, False),
        ({"event": "bounce", "type": "blocked"}, True),
        ({"eventType": "Bounce", "bounce": {"bounceType": "Transient"}}, True),
        ({"eventType": "Bounce", "bounce": {"bounceType": "Permanent"}}, False),
        ({"type": "email.bounced", "data": {"bounce": {"type": "Transient"}}}, True),
        ({"msys": {"message_event": {"type": "bounce", "bounce_class": "22"}}}, True),
        ({"msys": {"message_event": {"type": "bounce", "bounce_class": "10"}}}, False),
        ("not a mapping", False),
    ],
)
def test_a_full_mailbox_is_no_dead_address_in_any_providers_words(raw, passes):
    assert hooks._will_pass(raw) is passes


class TestSigned:
    """Resend signs; without its signature nothing is believed."""

    @pytest.fixture
    def hook(self, hook, settings, resend):
        settings.EMAIL_URL += f"&signing_secret={SECRET}"
        return hook

    def body(self):
        data = {
            "email_id": "id-1",
            "to": [ADDRESS],
            "bounce": {"type": "Permanent", "message": "a hard bounce message"},
        }
        return {"type": "email.bounced", "created_at": "2026-11-17T10:05:00Z", "data": data}

    def signed(self, body, secret=SECRET, at=None):
        at = at or datetime.now(UTC)
        signature = Webhook(secret).sign("msg_1", at, json.dumps(body))
        return {"svix-id": "msg_1", "svix-timestamp": str(int(at.timestamp())), "svix-signature": signature}

    def test_the_providers_signature_is_believed(self, client, acme, hook, post):
        post(acme)
        dispatcher.dispatch(acme.pk)

        answer = report(client, hook, self.body(), **self.signed(self.body()))

        assert answer.status_code == 200
        assert suppressions(acme) == [("all", "bounced")]

    @pytest.mark.parametrize("forgery", ["no signature", "another secret", "another body", "yesterday's"])
    def test_a_forged_one_is_refused(self, client, acme, hook, post, forgery):
        post(acme)
        dispatcher.dispatch(acme.pk)
        other = "whsec_" + base64.b64encode(b"a secret of somebody else's").decode()
        headers = {
            "no signature": {},
            "another secret": self.signed(self.body(), other),
            "another body": self.signed({"type": "email.sent"}),
            "yesterday's": self.signed(self.body(), at=datetime.now(UTC) - timedelta(days=1)),
        }[forgery]

        assert report(client, hook, self.body(), **headers).status_code == 403
        assert suppressions(acme) == []


class TestOwnConnection:
    """A workspace's own provider has an address of its own, and speaks of that workspace's mail only."""

    def connect(self, workspace, nonce=1):
        with workspace_scope(workspace.pk):
            return MailConnection.objects.create(
                workspace=workspace,
                kind="provider",
                sealed_url=secrets.encrypt("anymail+postmark://?server_token=theirs"),
                hook_nonce=nonce,
            )

    def test_it_reports_its_own_mail(self, client, acme, sent):
        path = connections.hook_url(self.connect(acme)).partition("/hooks/")[2]

        report(client, f"/hooks/{path}", bounce())

        assert suppressions(acme) == [("all", "bounced")]

    def test_it_cannot_report_mail_of_others(self, client, acme, globex, sent, bounces):
        path = connections.hook_url(self.connect(globex)).partition("/hooks/")[2]

        answer = report(client, f"/hooks/{path}", bounce(Metadata={"goodword_message": str(sent.pk)}))

        assert answer.status_code == 200
        assert (suppressions(acme), suppressions(globex), bounces) == ([], [], [])

    def test_a_retired_address_does_not_exist(self, client, acme, sent):
        connection = self.connect(acme)
        path = connections.hook_url(connection).partition("/hooks/")[2]
        with workspace_scope(acme.pk):
            MailConnection.objects.update(hook_nonce=2)

        assert report(client, f"/hooks/{path}", bounce()).status_code == 404
