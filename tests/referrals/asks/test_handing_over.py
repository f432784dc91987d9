"""Nothing goes out in the name of somebody who has left."""

import datetime

import pytest

from accounts.members import absence
from accounts.members import actions as members
from accounts.members.models import Member
from accounts.tenancy.actor import SYSTEM
from referrals.asks import actions as asks
from tests.factories import accounts as make
from tests.factories.accounts import NOW


@pytest.fixture
def ben(in_acme, ana):
    """Looks after Northwind; Ana is the owner of the workspace and stays."""
    ben = make.MemberFactory(workspace=in_acme, role="manager", name="Ben Okoro", deputy=None)
    in_acme.companies.update(owner=ben)
    return ben


@pytest.fixture
def bens_ask(northwind, ben, jamie, queue):
    northwind.owner = ben
    northwind.save()
    ask = queue(jamie)
    assert (ask.sender, ask.message.from_name) == (ben, "Ben Okoro")
    return ask


def leave(workspace, member):
    members.deactivate(workspace=workspace, member=member, by=SYSTEM, now=NOW)


def test_queued_asks_move_to_the_deputy_with_their_mail(in_acme, ana, ben, bens_ask):
    Member.objects.filter(pk=ben.pk).update(deputy=ana)

    leave(in_acme, ben)

    bens_ask.refresh_from_db()
    assert (bens_ask.state, bens_ask.sender, bens_ask.sender_email) == ("queued", ana, ana.email)
    assert bens_ask.body.rstrip().endswith("Ana")
    assert (bens_ask.message.state, bens_ask.message.from_email) == ("queued", ana.email)
    assert "Ben" not in bens_ask.message.body_text


def test_without_a_deputy_the_workspace_asks(in_acme, ben, bens_ask):
    leave(in_acme, ben)

    bens_ask.refresh_from_db()
    assert (bens_ask.sender, bens_ask.sender_email) == (None, in_acme.sender_email)


def test_words_of_the_one_who_left_wait_for_one_more_look(in_acme, ben, bens_ask):
    asks.edit(ask=bens_ask, body="Jamie, it is Ben. Who else?", by=SYSTEM, now=NOW)

    leave(in_acme, ben)

    bens_ask.refresh_from_db()
    assert bens_ask.body == "Jamie, it is Ben. Who else?"
    assert [problem["code"] for problem in bens_ask.problems] == ["sender_left"]
    assert (bens_ask.send_at, bens_ask.message.state) == (None, "cancelled")


def test_asks_of_others_stay_as_they_are(in_acme, ana, ben, jamie, queue):
    ask = queue(jamie)
    before = (ask.sender_id, ask.body)

    other = make.MemberFactory(workspace=in_acme, role="sales", name="Sam")
    leave(in_acme, other)

    ask.refresh_from_db()
    assert (ask.sender_id, ask.body) == before


def test_the_tick_finds_what_was_left_behind(in_acme, ana, ben, bens_ask):
    Member.objects.filter(pk=ben.pk).update(is_active=False, deputy=ana)

    moved = [asks.hand_over_left(workspace=in_acme, now=NOW) for _ in range(2)]

    bens_ask.refresh_from_db()
    assert (moved, bens_ask.sender) == ([1, 0], ana)


def go_away(workspace, member, first, last, deputy):
    absence.set_absence(
        workspace=workspace,
        member=member,
        absent_from=first,
        absent_until=last,
        deputy=deputy,
        by=SYSTEM,
        now=NOW,
    )


def test_an_absence_that_begins_today_moves_queued_asks_in_the_same_transaction(in_acme, ana, ben, bens_ask):
    go_away(in_acme, ben, NOW.date(), NOW.date(), ana)

    bens_ask.refresh_from_db()
    assert (bens_ask.sender, bens_ask.message.from_email) == (ana, ana.email)


def test_words_of_somebody_who_is_away_wait_for_one_more_look(in_acme, ana, ben, bens_ask):
    asks.edit(ask=bens_ask, body="Jamie, it is Ben. Who else?", by=SYSTEM, now=NOW)

    go_away(in_acme, ben, None, NOW.date(), ana)

    bens_ask.refresh_from_db()
    assert [problem["code"] for problem in bens_ask.problems] == ["sender_away"]


def test_an_absence_to_come_moves_nothing_until_its_first_day(in_acme, ana, ben, bens_ask):
    tomorrow = NOW + datetime.timedelta(days=1)
    go_away(in_acme, ben, tomorrow.date(), tomorrow.date(), ana)
    bens_ask.refresh_from_db()
    before = bens_ask.sender

    moved = [asks.hand_over_away(workspace=in_acme, now=when) for when in (NOW, tomorrow, tomorrow)]

    bens_ask.refresh_from_db()
    assert (before, moved, bens_ask.sender) == (ben, [0, 1, 0], ana)


def test_when_the_deputy_goes_too_the_workspace_asks(in_acme, ana, ben, bens_ask):
    kim = make.MemberFactory(workspace=in_acme, role="manager", name="Kim Park")
    go_away(in_acme, ben, None, NOW.date(), kim)
    go_away(in_acme, kim, None, NOW.date(), None)

    bens_ask.refresh_from_db()
    assert (bens_ask.sender, bens_ask.sender_email) == (None, in_acme.sender_email)
