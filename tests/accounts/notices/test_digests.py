"""One mail in the morning with what could wait."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from accounts.mail import dispatcher
from accounts.mail.models import Message
from accounts.notices import actions as notices
from accounts.notices import digests
from accounts.notices.actions import News
from accounts.notices.models import Kind
from accounts.tenancy.scope import workspace_scope
from tests.factories.accounts import NOW

EIGHT = datetime(2026, 11, 18, 7, 0, tzinfo=UTC)  # in Berlin, before Ana's day begins
NINE = datetime(2026, 11, 18, 8, 0, tzinfo=UTC)


@pytest.fixture
def owed(ana, tell):
    tell(ana, kind=Kind.THANKS_LATE, key="thank:1:late", title="Jamie still waits", path="/app/acme/today")
    return tell(ana, kind=Kind.APPROVAL, key="reward:1:approval", title="Approve $200", path="/app/acme/rewards/")


def test_in_the_morning_of_its_reader_and_not_before(in_acme, owed):
    assert digests.send_due(workspace=in_acme, now=EIGHT) == 0
    assert digests.send_due(workspace=in_acme, now=NINE) == 1

    mail = Message.objects.get()
    assert mail.subject == "Approve $200, and 1 more"
    assert ("Jamie still waits" in mail.body_text, "http://127.0.0.1:8000/app/acme/today" in mail.body_html) == (
        True,
        True,
    )


def test_one_a_day(in_acme, ana, owed, tell):
    digests.send_due(workspace=in_acme, now=NINE)
    tell(ana, kind=Kind.APPROVAL, key="reward:2:approval")

    assert digests.send_due(workspace=in_acme, now=NINE + timedelta(hours=3)) == 0
    assert digests.send_due(workspace=in_acme, now=NINE + timedelta(days=1)) == 1


def test_nothing_to_say_no_mail(in_acme, ana, tell):
    tell(ana, kind=Kind.FILE_DONE)

    assert digests.send_due(workspace=in_acme, now=NINE) == 0


def test_what_was_read_meanwhile_is_left_out_for_good(in_acme, ana, owed):
    notices.mark_read(workspace=in_acme, member=ana, notices=None, now=NOW)

    assert digests.send_due(workspace=in_acme, now=NINE) == 0
    assert Message.objects.count() == 0


def test_not_on_a_sunday_and_not_while_away(in_acme, ana, owed):
    sunday = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    assert digests.send_due(workspace=in_acme, now=sunday) == 0
    ana.absent_until = NINE.date()
    ana.save()

    assert digests.send_due(workspace=in_acme, now=NINE) == 0
    assert digests.send_due(workspace=in_acme, now=NINE + timedelta(days=1)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_five_ticks_at_once_one_writes(acme, ana):
    with workspace_scope(acme.pk):
        news = News(Kind.APPROVAL, "reward:1:approval", "Approve $200", "/app/acme/")
        notices.tell(workspace=acme, members=[ana], news=news, now=NOW)
    start, sent = threading.Barrier(5), []

    def tick():
        start.wait()
        try:
            with workspace_scope(acme.pk):
                sent.append(digests.send_due(workspace=acme, now=NINE))
        finally:
            connection.close()

    threads = [threading.Thread(target=tick) for _ in range(5)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    with workspace_scope(acme.pk):
        assert Message.objects.count() == 1
    assert sorted(sent) == [0, 0, 0, 0, 1]


def test_the_mails_that_leave_have_text_first_and_are_readable_in_the_dark(acme, ana, sink):
    with workspace_scope(acme.pk):
        told = [
            News(Kind.REFERRAL_NEW, "referral:1", "Jamie introduces Kim & Co <b>", "/app/acme/referrals/", "Role: Ops"),
            News(Kind.APPROVAL, "reward:1", "Approve $200 for Zoë", "/app/acme/rewards/"),
        ]
        notices.tell_all(workspace=acme, told=[(ana, one) for one in told], now=NOW)
        digests.send_due(workspace=acme, now=NINE)
        # The dispatcher goes by the database's clock, for which that morning is over.
        Message.objects.update(expires_at=None)

    dispatcher.dispatch(acme.pk)

    by_subject = {one.mail["Subject"]: one.mail for one in sink.taken}
    assert sorted(by_subject) == ["Approve $200 for Zoë", "Jamie introduces Kim & Co <b>"]
    for mail in by_subject.values():
        text, html = mail.iter_parts()
        assert [part.get_content_type() for part in (text, html)] == ["text/plain", "text/html"]
        assert "http://127.0.0.1:8000/app/acme/notices/choices" in text.get_content()
        assert "prefers-color-scheme: dark" in html.get_content()
        assert (mail["Auto-Submitted"], mail["To"]) == ("auto-generated", "Ana Acme <ana@acme.example>")
    html = by_subject["Jamie introduces Kim & Co <b>"].get_body(["html"]).get_content()
    assert ("Kim &amp; Co &lt;b&gt;" in html, "<b>" in html) == (True, False)
