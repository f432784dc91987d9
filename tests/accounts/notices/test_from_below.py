"""Rooms that do not know notices are heard: files, mail that does not leave."""

import pytest

from accounts.lists import exporting
from accounts.mail import connections
from accounts.mail.models import MailConnection, Message
from accounts.notices.models import Notice
from accounts.tenancy import secrets
from tests.factories import accounts as make
from tests.factories.accounts import NOW


@pytest.fixture
def export(in_acme, ana):
    return in_acme.exports.create(list_name="people", member=ana, expires_at=NOW, state="running")


def test_a_file_that_is_ready_is_told_to_whoever_asked_for_it(in_acme, ana, ben, export):
    exporting.write_chunk(workspace=in_acme, export_id=export.pk, now=NOW)

    notice = Notice.objects.get()
    assert (notice.member, notice.kind, notice.title) == (ana, "file_done", "Your file of people is ready")
    assert (notice.path, Message.objects.count()) == ("/app/acme/exports/", 0)


def test_a_file_that_failed_says_why(in_acme, export):
    exporting.fail_export(workspace=in_acme, export_id=export.pk, error="The disk is full.", now=NOW)

    assert [(one.title, one.text) for one in Notice.objects.all()] == [
        ("Your file of people was not written", "The disk is full.")
    ]


def test_a_file_somebody_stopped_is_no_news(export):
    exporting.cancel_export(export=export, now=NOW)

    assert not Notice.objects.exists()


def test_mail_that_does_not_leave_is_told_once_to_who_can_mend_it(in_acme, ana, ben):
    in_acme.own_mail = True
    in_acme.save()
    url = secrets.encrypt("smtp://mail.acme.example:587")
    MailConnection.objects.create(workspace=in_acme, kind="smtp", sealed_url=url, shown="mail.acme.example:587")
    admin = make.MemberFactory(workspace=in_acme, role="admin")

    connections.note(in_acme, "535 Wrong password")
    connections.note(in_acme, "535 Wrong password again")

    told = Notice.objects.order_by("created_at", "pk")
    assert [(one.member, one.kind) for one in told] == [(ana, "connection"), (admin, "connection")]
    assert "mail.acme.example:587 says: 535 Wrong password" in told[0].text
    assert all(mail.expires_at is not None for mail in Message.objects.all())
