"""What happened is told once, the ways its member chose, at their hours."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction

from accounts.events.models import Event
from accounts.mail.models import Message
from accounts.notices import actions as notices
from accounts.notices import recipients
from accounts.notices.actions import News
from accounts.notices.models import Kind, Notice
from accounts.tenancy.scope import workspace_scope
from tests.factories import accounts as make
from tests.factories.accounts import NOW

EVENING = datetime(2026, 11, 17, 21, 0, tzinfo=UTC)
WEDNESDAY_NINE = datetime(2026, 11, 18, 8, 0, tzinfo=UTC)  # in Berlin


def test_a_notice_is_here_and_in_the_mail_once(in_acme, ana, tell):
    first, again = tell(ana), tell(ana)

    assert ([one.title for one in first], again) == (["Jamie introduces Kim"], [])
    assert Notice.objects.count() == 1
    mail = Message.objects.get()
    assert (mail.key, mail.kind, mail.to_email, mail.due_at) == (
        f"notice:{first[0].pk}",
        "notice",
        "ana@acme.example",
        NOW,
    )
    assert "Role: Head of Ops" in mail.body_text
    assert "/app/acme/notices/choices" in mail.body_text
    assert "prefers-color-scheme: dark" in mail.body_html


def test_two_members_are_told_the_same_each_once(ana, ben, tell):
    tell(ana)

    assert [one.member for one in tell(ana, ben)] == [ben]


def test_what_nobody_wants_is_not_written(ana, tell, choose):
    choose(ana, {"referral_new": []})

    assert tell(ana) == []
    assert (Notice.objects.count(), Message.objects.count()) == (0, 0)


def test_only_by_mail_is_no_notice_here(client, ana, tell, choose):
    choose(ana, {"referral_new": ["mail"]})
    tell(ana)
    client.force_login(ana.user)

    assert "Jamie introduces Kim" not in client.get("/app/acme/notices/").content.decode()
    assert Message.objects.count() == 1


def test_mail_waits_for_the_morning_of_its_reader(ana, tell):
    tell(ana, now=EVENING)

    assert Message.objects.get().due_at == WEDNESDAY_NINE


def test_the_clock_does_not_wait(ana, tell):
    tell(ana, kind=Kind.ASK_NEW, now=EVENING)

    assert Message.objects.get().due_at == EVENING


def test_who_wants_no_quiet_hears_at_night(ana, tell, choose):
    choose(ana, {}, quiet=False)

    tell(ana, now=EVENING)

    assert Message.objects.get().due_at == EVENING


def test_the_weekend_is_quiet_and_so_is_an_absence(ana, tell):
    ana.absent_until = date(2026, 11, 24)
    ana.save()

    tell(ana, now=datetime(2026, 11, 21, 12, 0, tzinfo=UTC))

    assert Message.objects.get().due_at == datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def test_who_has_left_is_told_nothing(ana, tell):
    ana.is_active = False

    assert tell(ana) == []


def test_read_here_before_the_morning_no_mail_leaves(in_acme, ana, tell):
    tell(ana, now=EVENING)

    assert notices.mark_read(workspace=in_acme, member=ana, notices=None, now=EVENING) == 1

    assert Message.objects.get().state == "cancelled"


def test_a_record_that_is_done_with_puts_its_notices_away(in_acme, ana, ben, tell):
    subject = f"ask:{ana.pk}"
    tell(ana, ben, kind=Kind.ASK_NEW, subject=subject)
    tell(ana, key="another")

    assert notices.put_away(workspace=in_acme, subjects=[subject], now=NOW) == 2

    assert Notice.objects.filter(read_at=None).get().key == "another"


def test_a_choice_is_recorded_with_the_kinds_that_changed(ana, choose):
    choose(ana, {"mention": ["digest"]})
    choose(ana, {"mention": ["digest"]})

    event = Event.objects.get(type="member.notices_chosen")
    assert event.data == {"kinds": ["mention"], "quiet": True}


def test_a_channel_that_is_not_offered_can_not_be_chosen(in_acme, ana, choose):
    choose(ana, {"week": ["digest", "slack"]})

    assert notices.choices_of(in_acme, [ana.pk])[ana.pk].chosen == {"week": ["slack"]}


def test_the_deputy_is_told_while_somebody_is_away(in_acme, ana, ben):
    ana.deputy, ana.absent_until = ben, NOW.date()
    ana.save()

    assert recipients.instead_of(ana, workspace=in_acme, now=NOW) == ben
    assert recipients.instead_of(ana, workspace=in_acme, now=NOW + timedelta(days=1)) == ana


def test_nobody_stands_in_for_who_left_without_a_deputy(in_acme, ana):
    ana.is_active = False

    assert recipients.instead_of(ana, workspace=in_acme, now=NOW) is None


def test_finance_approves_where_there_is_somebody(in_acme, ana):
    assert recipients.approvers(in_acme) == [ana]

    finn = make.MemberFactory(workspace=in_acme, role="finance")

    assert recipients.approvers(in_acme) == [finn]


def test_telling_many_costs_no_more_statements(in_acme, ana, ben, choose, django_assert_num_queries):
    choose(ana, {"file_done": ["in_app"]})
    news = [News(Kind.FILE_DONE, f"file:{n}", "Done", "/app/") for n in range(30)]
    many = [(member, one) for one in news for member in (ana, ben)]

    with django_assert_num_queries(5):
        assert len(notices.tell_all(workspace=in_acme, told=many, now=NOW)) == 60


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_tell_it_once(acme, ana):
    news = News(Kind.REFERRAL_NEW, "referral:1:arrived", "Jamie introduces Kim", "/app/acme/")
    start, new = threading.Barrier(10), []

    def tell():
        start.wait()
        try:
            with workspace_scope(acme.pk):
                new.append(len(notices.tell(workspace=acme, members=[ana], news=news, now=NOW)))
        finally:
            connection.close()

    threads = [threading.Thread(target=tell) for _ in range(10)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    with workspace_scope(acme.pk):
        assert (sorted(new), Notice.objects.count(), Message.objects.count()) == ([0] * 9 + [1], 1, 1)


def test_a_fact_that_is_rolled_back_was_told_to_nobody(in_acme, ana, tell):
    with transaction.atomic():
        tell(ana)
        transaction.set_rollback(True)

    assert (Notice.objects.count(), Message.objects.count()) == (0, 0)


def test_old_notices_are_forgotten_in_time(in_acme, ana, tell):
    [read] = tell(ana)
    tell(ana, key="2")
    notices.mark_read(workspace=in_acme, member=ana, notices=[read], now=NOW)
    in_acme.notices.update(created_at=NOW)

    counts = [notices.forget_old(workspace=in_acme, now=NOW + timedelta(days=days)) for days in (90, 91, 180, 181)]

    assert counts == [0, 1, 0, 1]
