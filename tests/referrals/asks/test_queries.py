from datetime import timedelta

import pytest

from referrals.asks import queries
from referrals.asks.queries import Promise
from tests.factories import accounts as make
from tests.factories import feedback as said
from tests.factories import referrals as refer
from tests.factories.accounts import NOW


@pytest.fixture
def made(in_acme, program):
    """`made(minutes=30, **fields)`: an ask of its own person, sent so many minutes after the score."""

    def made(*, minutes=None, **fields):
        contact = make.ContactFactory(workspace=in_acme)
        moment = said.MomentFactory(response=said.ResponseFactory(contact=contact))
        sent = {"state": "sent", "sent_at": NOW + timedelta(minutes=minutes)} if minutes is not None else {}
        return refer.AskFactory(
            link=refer.LinkFactory(contact=contact, program=program), moment=moment, **sent, **fields
        )

    return made


def test_the_promise_is_counted_by_hand_untouched_late_and_by_choice(in_acme, made):
    made(minutes=10, sent_by_person=True)
    made(minutes=20)
    made(minutes=25 * 60, sent_by_person=True)
    made(state="expired")
    made(minutes=50 * 60, late_by_choice=True)
    made(state="skipped")
    made()  # its clock still runs
    made(state="answered", answer="shared", answered_at=NOW + timedelta(minutes=1), channel="same_breath")

    kept = queries.promise(workspace=in_acme, since=NOW, until=NOW + timedelta(days=1), now=NOW + timedelta(hours=3))

    assert kept == Promise(
        due=5,
        in_time_by_person=2,
        in_time_untouched=1,
        late=2,
        late_by_choice=1,
        median_minutes=20.0,
        p95_minutes=2700.0,
    )
    assert kept.share_in_time == 0.6


def test_a_period_without_asks_has_no_share(in_acme):
    kept = queries.promise(workspace=in_acme, since=NOW, until=NOW + timedelta(days=1), now=NOW)

    assert (kept.due, kept.share_in_time, kept.median_minutes) == (0, None, None)


def test_the_desk_shows_stopped_first_then_by_deadline_then_missed(in_acme, made, ana):
    missed = made(state="expired", deadline_at=NOW - timedelta(hours=2))
    later = made(deadline_at=NOW + timedelta(hours=20))
    sooner = made(deadline_at=NOW + timedelta(hours=2))
    unconfirmed = made(state="unconfirmed", deadline_at=NOW + timedelta(hours=3))
    stopped = made(problems=[{"code": "missing_fact", "detail": "We do not know the name.", "token": ""}])
    made(state="skipped")
    made(state="expired", deadline_at=NOW - timedelta(days=8))

    rows = queries.desk(workspace=in_acme, member=ana, now=NOW)

    assert [(row.ask, row.group) for row in rows] == [
        (stopped, "stopped"),
        (sooner, "waiting"),
        (unconfirmed, "unconfirmed"),
        (later, "waiting"),
        (missed, "missed"),
    ]
    assert [row.left for row in rows[1:3]] == [timedelta(hours=2), timedelta(hours=3)]


def test_sales_sees_their_own_and_nobodys(in_acme, made, ana):
    kim = make.MemberFactory(workspace=in_acme, role="sales")
    made(sender=ana)
    own, nobodys = made(sender=kim), made()

    assert [row.ask for row in queries.desk(workspace=in_acme, member=kim, now=NOW)] == [own, nobodys]


@pytest.mark.parametrize("number", [1, 3])
def test_the_desk_is_read_in_one_statement(in_acme, made, ana, django_assert_num_queries, number):
    for _ in range(number):
        made(sender=ana)

    with django_assert_num_queries(1):
        rows = queries.desk(workspace=in_acme, member=ana, now=NOW)
        names = [(row.ask.contact.company.name, row.ask.sender.name, row.ask.moment.response.score) for row in rows]

    assert names == [("Northwind", "Ana Acme", 10)] * number
