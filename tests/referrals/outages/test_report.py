"""One report says what happened: noted when the outage ends, told when what was due has come to its end."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.events.models import Event
from accounts.mail.models import Message
from accounts.tenancy.scope import workspace_scope
from accounts.workers.signals import outage_ended
from referrals.outages import tasks
from referrals.outages.actions import report_settled, told
from referrals.outages.counting import Numbers
from referrals.outages.models import OutageReport
from referrals.outages.words import tell
from tests.factories import accounts as make
from tests.factories import referrals as refer
from tests.factories.accounts import NOW

# Tuesday, 02:10 to 08:31 in Berlin.
START = datetime(2026, 11, 17, 1, 10, tzinfo=UTC)
END = datetime(2026, 11, 17, 7, 31, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
DUE = START + HOUR


def an_ask(workspace, **fields):
    """An ask that was to leave while Goodword stood still."""
    link = refer.LinkFactory(contact=make.ContactFactory(workspace=workspace))
    facts = {
        "responded_at": START - HOUR,
        "queued_at": START - HOUR,
        "deadline_at": START + 23 * HOUR,
        "planned_send_at": DUE,
        "send_at": DUE,
        **fields,
    }
    return refer.AskFactory(link=link, **facts)


def sent(workspace, minutes=0, **fields):
    return an_ask(workspace, state="sent", sent_at=END + minutes * MINUTE, **fields)


def outage_ends():
    outage_ended.send(sender=None, started_at=START, ended_at=END)


def report_of(workspace, now=END + 2 * MINUTE):
    report_settled(workspace=workspace, now=now)
    return workspace.outage_reports.first()


def taken_back(workspace):
    ask = an_ask(workspace, state="skipped", send_at=None)
    Event.objects.create(
        workspace=workspace, type="ask.skipped", occurred_at=END, actor_kind="system", subject_kind="ask",
        subject_id=ask.pk, sequence=2,
    )  # fmt: skip
    return ask


def test_one_sentence_says_what_became_of_everything(in_acme):
    for minutes in range(3):
        sent(in_acme, minutes)
    an_ask(in_acme, state="expired", send_at=None, deadline_at=START + 2 * HOUR, queued_at=START - 20 * HOUR)
    taken_back(in_acme)
    an_ask(in_acme, state="unconfirmed")
    an_ask(in_acme, state="failed")
    an_ask(in_acme, send_at=END + HOUR, planned_send_at=END + HOUR, lost_minute_at=DUE)
    outage_ends()

    words = told(report_of(in_acme))

    assert words.title == "Goodword stood still from Tue 02:10 to 08:31."
    assert words.detail == (
        "3 asks that were due went out between 08:31 and 08:33; 1 leaves at the next polite minute; "
        "1 missed its 24 hours and waits on the desk; 1 was taken back because the gate had closed; "
        "1 could not be delivered; 1 is unconfirmed."
    )


def test_what_was_not_due_then_is_not_counted(in_acme):
    sent(in_acme)
    an_ask(in_acme, state="sent", sent_at=START - MINUTE, send_at=DUE)
    an_ask(in_acme, state="answered", answer="shared", answered_at=START - MINUTE, send_at=DUE)
    an_ask(in_acme, send_at=END + HOUR, planned_send_at=END + HOUR)
    an_ask(in_acme, state="expired", send_at=None, planned_send_at=None, deadline_at=START - MINUTE)
    outage_ends()

    numbers = report_of(in_acme).numbers

    assert {key: number for key, number in numbers.items() if number} == {
        "sent": 1,
        "first_sent_at": END.isoformat(),
        "last_sent_at": END.isoformat(),
    }


def test_a_draft_that_lost_its_clock_meanwhile_is_told(in_acme):
    an_ask(in_acme, state="expired", policy="manual", send_at=None, planned_send_at=None, deadline_at=DUE)
    outage_ends()

    assert report_of(in_acme).numbers["missed"] == 1


def test_it_is_told_once_what_was_due_has_come_to_its_end(in_acme):
    ask = an_ask(in_acme)
    outage_ends()

    assert report_settled(workspace=in_acme, now=END + MINUTE) == 0
    ask.state, ask.sent_at = "sent", END + MINUTE
    ask.save()

    assert [report_settled(workspace=in_acme, now=END + 2 * MINUTE) for _tick in range(2)] == [1, 0]


def test_after_a_quarter_of_an_hour_it_is_told_as_it_stands(in_acme):
    an_ask(in_acme, state="sending")
    outage_ends()

    ticks = [report_settled(workspace=in_acme, now=END + minutes * MINUTE) for minutes in (14, 15)]

    assert ticks == [0, 1]


def test_owners_and_admins_get_one_mail_and_the_event_is_stored_once(in_acme, ana):
    for role in ("admin", "manager"):
        make.MemberFactory(workspace=in_acme, role=role, email=f"{role}@acme.example")
    make.MemberFactory(workspace=in_acme, role="owner", email="gone@acme.example", is_active=False)
    sent(in_acme)
    outage_ends()
    outage_ends()

    report = report_of(in_acme)
    report_of(in_acme)

    assert in_acme.outage_reports.count() == 1
    event = Event.objects.get(type="outage.reported")
    assert (event.subject_id, event.data["numbers"]["sent"]) == (report.pk, 1)
    notices = Message.objects.filter(kind="notice").order_by("to_email")
    assert [(notice.to_email, notice.subject) for notice in notices] == [
        ("admin@acme.example", "Goodword stood still from Tue 02:10 to 08:31"),
        ("ana@acme.example", "Goodword stood still from Tue 02:10 to 08:31"),
    ]
    assert "1 ask that was due went out at 08:31." in notices[0].body_text
    assert "/app/acme/today" in notices[0].body_text


def test_nothing_is_told_where_nothing_was_due(acme, globex, scope):
    with scope(acme.pk):
        sent(acme)
    with scope(globex.pk):
        an_ask(globex, send_at=END + HOUR, planned_send_at=END + HOUR)

    outage_ends()
    tasks.tick()

    with scope(acme.pk):
        assert OutageReport.objects.count() == 1
    with scope(globex.pk):
        assert (OutageReport.objects.count(), Message.objects.count()) == (0, 0)


def test_a_suspended_workspace_is_told_nothing(acme, scope):
    with scope(acme.pk):
        sent(acme)
    acme.state = "suspended"
    acme.save()

    outage_ends()

    with scope(acme.pk):
        assert not OutageReport.objects.exists()


@pytest.mark.parametrize(
    ("hours", "title"),
    [
        (24, "Goodword stood still from Tue 02:10 to Wed 02:10."),
        (24 * 7, "Goodword stood still from 17 November 02:10 to 24 November 02:10."),
    ],
)
def test_a_long_outage_names_both_days(hours, title):
    end, zone = START + hours * HOUR, ZoneInfo("Europe/Berlin")

    words = tell(started_at=START, ended_at=end, numbers=Numbers(), zone=zone)

    assert (words.title, words.detail) == (title, "Nothing that was due then needs you any more.")


@pytest.fixture
def as_role(acme, client):
    def sign_in(role):
        with workspace_scope(acme.pk):
            member = make.MemberFactory(workspace=acme, role=role)
        client.force_login(member.user)
        return client

    return sign_in


@pytest.fixture
def report(acme):
    with workspace_scope(acme.pk):
        return acme.outage_reports.create(
            started_at=START, ended_at=END, numbers={"sent": 0, "missed": 3}, reported_at=END
        )


def today(client):
    return client.get("/app/acme/today").content.decode()


def test_today_shows_it_until_somebody_puts_it_away(as_role, report, acme):
    manager = as_role("manager")
    assert "3 missed their 24 hours and wait on the desk." in today(manager)

    for _twice in range(2):
        assert manager.post(f"/app/acme/today/outages/{report.public_id}/dismiss").status_code == 302

    assert "stood still" not in today(manager)
    with workspace_scope(acme.pk):
        report.refresh_from_db()
    assert report.dismissed_at is not None
    assert report.dismissed_by_id is not None


def test_who_may_only_read_sees_it_and_puts_nothing_away(as_role, report):
    analyst = as_role("analyst")

    assert "Put away" not in today(analyst)
    assert "stood still" in today(analyst)
    assert analyst.post(f"/app/acme/today/outages/{report.public_id}/dismiss").status_code == 403


def test_one_that_is_not_told_yet_is_not_shown(as_role, acme):
    with workspace_scope(acme.pk):
        acme.outage_reports.create(started_at=NOW, ended_at=NOW)

    assert "stood still" not in today(as_role("owner"))
