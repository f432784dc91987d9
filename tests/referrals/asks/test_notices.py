"""Who is told of a draft, what they may read of it, and when nobody need hear of it any more."""

from datetime import timedelta

import pytest

from accounts.notices.models import Notice
from referrals.asks import actions as asks
from tests.factories import accounts as make
from tests.factories.accounts import NOW


def told():
    return [(one.member.name, one.kind, one.title) for one in Notice.objects.order_by("created_at", "pk")]


def test_the_deputy_is_told_while_the_owner_is_away(in_acme, queue, jamie, ana):
    dana = make.MemberFactory(workspace=in_acme, role="manager", name="Dana", user__email="dana@acme.example")
    ask = queue(jamie)
    ana.deputy, ana.absent_until = dana, NOW.date()
    ana.save()

    asks.give_notices(workspace=in_acme, now=NOW)

    assert told() == [("Dana", "ask_new", "Jamie Okafor gave you a 10")]
    assert Notice.objects.get().subject == f"ask:{ask.pk}"


def test_without_an_owner_the_workspaces_sender_is_told_else_its_leaders(in_acme, queue, jamie, ana):
    jamie.company.owner = None
    jamie.company.save()
    in_acme.sender_email = "shared@acme.example"
    in_acme.save()
    make.MemberFactory(workspace=in_acme, role="manager")

    queue(jamie)
    asks.give_notices(workspace=in_acme, now=NOW)

    assert [name for name, _kind, _title in told()] == [ana.name]


def test_who_may_not_read_scores_is_not_told_one(in_acme, queue, jamie, ana):
    queue(jamie)
    in_acme.members.filter(pk=ana.pk).update(role="finance")

    asks.give_notices(workspace=in_acme, now=NOW)

    notice = Notice.objects.get()
    assert (notice.title, "10" in notice.text.replace("10:", "")) == ("Jamie Okafor can be asked", False)


def test_a_missed_ask_is_said_as_it_is_once(in_acme, queue, jamie, program):
    program.policy = "manual"
    program.save()
    ask = queue(jamie)

    asks.expire_overdue(workspace=in_acme, now=ask.deadline_at)
    asks.expire_overdue(workspace=in_acme, now=ask.deadline_at)

    assert told() == [("Ana Acme", "ask_missed", "Nobody asked Jamie Okafor in time")]


def test_once_it_is_sent_nobody_need_hear_of_it(in_acme, queue, jamie, by_ana):
    ask = queue(jamie)
    asks.give_notices(workspace=in_acme, now=NOW)
    assert asks.put_away_done(workspace=in_acme, now=NOW) == 0

    asks.send(ask=ask, by=by_ana, now=NOW)

    assert asks.put_away_done(workspace=in_acme, now=NOW) == 1
    assert asks.put_away_done(workspace=in_acme, now=NOW) == 0
    assert Notice.objects.get().read_at == NOW


def test_what_was_missed_stays_until_somebody_has_read_it(in_acme, queue, jamie, program):
    program.policy = "manual"
    program.save()
    ask = queue(jamie)
    asks.expire_overdue(workspace=in_acme, now=ask.deadline_at)

    assert asks.put_away_done(workspace=in_acme, now=NOW) == 0


@pytest.mark.parametrize("count", [1, 3])
def test_reading_what_is_due_costs_the_same_whatever_its_length(in_acme, queue, count, django_assert_num_queries):
    for _ in range(count):
        queue(make.ContactFactory(workspace=in_acme, company__owner=make.MemberFactory(workspace=in_acme)))
    later = NOW + timedelta(hours=13)
    in_acme.notice_choices.bulk_create(
        [
            in_acme.notice_choices.model(workspace=in_acme, member=member, chosen={"ask_half_time": ["in_app"]})
            for member in in_acme.members.all()
        ]
    )

    with django_assert_num_queries(7):
        assert asks.give_notices(workspace=in_acme, now=later) == count
