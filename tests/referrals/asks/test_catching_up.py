from datetime import timedelta

from django.utils import timezone

from referrals.asks import tasks
from referrals.asks.catching_up import catch_up
from referrals.asks.models import Ask
from tests.factories import accounts as make
from tests.factories import feedback as said
from tests.factories import referrals as refer
from tests.factories.accounts import NOW


def test_a_silent_moment_is_taken_up_once(in_acme, jamie, program):
    moment = said.MomentFactory(response=said.ResponseFactory(contact=jamie))
    later = NOW + timedelta(hours=2)

    counted = [catch_up(workspace=in_acme, now=later), catch_up(workspace=in_acme, now=later)]

    ask = Ask.objects.get()
    assert (counted, ask.moment, ask.deadline_at) == ([1, 0], moment, NOW + timedelta(hours=24))


def test_a_silent_moment_of_somebody_on_hold_says_why(in_acme, jamie, northwind, program):
    moment = said.MomentFactory(response=said.ResponseFactory(contact=jamie))
    make.HoldFactory(workspace=in_acme, company=northwind)

    assert catch_up(workspace=in_acme, now=NOW) == 0

    moment.refresh_from_db()
    assert [reason["code"] for reason in moment.not_asked] == ["open_ticket"]


def test_a_moment_of_yesterday_is_left_to_the_warm_start(in_acme, jamie, program):
    said.MomentFactory(response=said.ResponseFactory(contact=jamie))

    assert catch_up(workspace=in_acme, now=NOW + timedelta(hours=24)) == 0
    assert not Ask.objects.exists()


def test_a_tick_does_what_is_due_in_each_workspace(scope, acme, globex):
    asked = []
    for workspace in (acme, globex):
        with scope(workspace.pk):
            now = timezone.now()
            contact = make.ContactFactory(workspace=workspace)
            link = refer.LinkFactory(contact=contact)
            asked.append(
                refer.AskFactory(
                    link=link,
                    responded_at=now - timedelta(hours=25),
                    queued_at=now - timedelta(hours=25),
                    deadline_at=now - timedelta(hours=1),
                )
            )

    tasks.tick()

    states = []
    for ask in asked:
        with scope(ask.workspace_id):
            states.append(Ask.objects.get(pk=ask.pk).state)
    assert states == ["expired", "expired"]
