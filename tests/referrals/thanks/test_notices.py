"""A thank-you past its day is told once to whoever owes it."""

from datetime import timedelta

from accounts.notices.models import Notice
from referrals.thanks import actions, notices
from tests.factories import accounts as make
from tests.factories import referrals as refer
from tests.factories.accounts import NOW


def owe(workspace, sender, **fields):
    return refer.ThankYouFactory(contact=make.ContactFactory(workspace=workspace), sender=sender, **fields)


def test_it_is_told_once_when_its_day_is_over(in_acme, ana):
    owed = owe(in_acme, ana)
    assert notices.tell_of_late_ones(workspace=in_acme, now=owed.due_at - timedelta(minutes=1)) == 0

    told = [notices.tell_of_late_ones(workspace=in_acme, now=owed.due_at) for _ in range(2)]

    assert (told, Notice.objects.get().title) == ([1, 0], "Jamie Okafor still waits for a thank-you")


def test_once_it_is_said_nobody_need_hear_of_it(in_acme, ana, by_ana):
    owed = owe(in_acme, ana)
    notices.tell_of_late_ones(workspace=in_acme, now=owed.due_at)

    actions.mark_said(thank_you=owed, by=by_ana, now=owed.due_at)

    assert Notice.objects.get().read_at == owed.due_at


def test_nobodys_thank_you_is_told_to_those_who_run_the_workspace(in_acme, ana):
    make.MemberFactory(workspace=in_acme, role="sales")
    owe(in_acme, None, due_at=NOW)

    notices.tell_of_late_ones(workspace=in_acme, now=NOW)

    assert Notice.objects.get().member == ana
