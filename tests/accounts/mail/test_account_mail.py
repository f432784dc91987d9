import datetime

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from accounts.mail import account_mail, actions
from accounts.mail.models import AccountMessage
from tests.factories import accounts as make


@pytest.fixture
def queued(db):
    return actions.queue_account_mail(
        to_email="ana@acme.example", subject="Your\nnew password", body_text="Here.\n", body_html="", now=timezone.now()
    )


def test_a_password_reset_arrives_through_the_dispatcher_and_its_link_works(client, sink, db):
    from allauth.account.models import EmailAddress

    user = make.UserFactory(email="ana@acme.example")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)

    client.post("/accounts/password/reset/", {"email": "ana@acme.example"})
    assert sink.taken == []
    account_mail.dispatch()

    (one,) = sink.taken
    assert one.recipients == ["ana@acme.example"]
    link = next(word for word in one.mail.get_body(("plain",)).get_content().split() if "/password/reset/key/" in word)
    assert client.get(link.removeprefix("http://testserver"), follow=True).status_code == 200
    assert (one.mail["Auto-Submitted"], mail.outbox if hasattr(mail, "outbox") else []) == ("auto-generated", [])


def test_sign_in_mail_is_repeated_when_the_answer_was_lost(queued, sink):
    sink.drop_reply.add("ana@acme.example")
    account_mail.dispatch()
    queued.refresh_from_db()
    assert queued.state == "queued"

    sink.drop_reply.clear()
    AccountMessage.objects.update(due_at=timezone.now())
    account_mail.dispatch()

    queued.refresh_from_db()
    assert (queued.state, queued.attempts, len(sink.taken)) == ("sent", 2, 2)


def test_sign_in_mail_of_a_dead_worker_is_sent_by_another(queued, sink):
    AccountMessage.objects.update(state="sending", lease_until=timezone.now() - datetime.timedelta(seconds=1))

    account_mail.dispatch()

    queued.refresh_from_db()
    assert (queued.state, len(sink.taken)) == ("sent", 1)
    assert sink.taken[0].mail["Subject"] == "Your new password"


def test_sign_in_mail_that_is_refused_says_why(queued, sink):
    sink.refuse["ana@acme.example"] = "550 Unknown"

    account_mail.dispatch()

    queued.refresh_from_db()
    assert (queued.state, queued.error) == ("failed", "550 Unknown")


def test_sign_in_mail_waits_for_a_server(queued, settings):
    settings.EMAIL_URL = "smtp://127.0.0.1:1"

    account_mail.dispatch()

    queued.refresh_from_db()
    assert (queued.state, queued.error) == ("queued", "ConnectionRefusedError: [Errno 111] Connection refused")


def test_sign_in_mail_inside_a_transaction_is_refused(queued, sink):
    with transaction.atomic(), pytest.raises(RuntimeError, match="commit first"):
        account_mail.dispatch()

    assert sink.taken == []


def test_djangos_own_mail_functions_are_closed(db, settings):
    settings.EMAIL_BACKEND = "accounts.mail.backend.RefuseDirectMail"

    with pytest.raises(RuntimeError, match="Queue a Message"):
        mail.send_mail("Hello", "there", None, ["jamie@northwind.example"])
