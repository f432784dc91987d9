"""Survey mails in the outbox: judged again before they leave, and sent again by a person."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.mail import confirming, outbox
from accounts.mail.errors import NotRepeatable
from accounts.mail.models import Message
from feedback.invitations import actions, rechecking, tasks
from feedback.invitations.actions import NotInvited
from tests.factories import accounts as make
from tests.factories import feedback as ask_for
from tests.factories.accounts import NOW

SEND_AT = NOW + timedelta(hours=3)


@pytest.fixture
def invite(in_acme, by_ana):
    survey = ask_for.SurveyFactory(workspace=in_acme)

    def invite(**fields):
        contact = make.ContactFactory(workspace=in_acme, **fields)
        return actions.invite(workspace=in_acme, survey=survey, contact=contact, by=by_ana, now=NOW, send_at=SEND_AT)

    return invite


def approved_now(invitation):
    invitation.message.refresh_from_db()
    return invitation.message.approved_until > timezone.now()


def test_a_survey_leaves_only_while_the_gate_was_asked_lately(in_acme, invite):
    invitation = invite()
    assert invitation.message.approved_until == NOW + timedelta(hours=1, minutes=5)

    assert rechecking.recheck_due(workspace=in_acme, now=SEND_AT) == 0

    assert approved_now(invitation)


def test_one_the_gate_stops_meanwhile_is_taken_back(in_acme, invite):
    stopped, going = invite(), invite(email="kim@northwind.example")
    make.HoldFactory(workspace=in_acme, company=stopped.contact.company, purpose="surveys")

    assert rechecking.recheck_due(workspace=in_acme, now=SEND_AT) == 1

    stopped.message.refresh_from_db()
    assert (stopped.message.state, approved_now(going)) == ("cancelled", True)


def test_nobody_is_sent_a_survey_they_answered(in_acme, invite):
    invitation = invite()
    actions.mark_answered(invitation=invitation, timezone_name="", now=NOW)

    assert rechecking.recheck_due(workspace=in_acme, now=SEND_AT) == 1


@pytest.mark.parametrize(("hours", "leaves"), [(1, True), (10, False), (19, True)])
def test_after_an_outage_it_waits_for_the_day(in_acme, invite, hours, leaves):
    """Due at 14:00 in Berlin: an hour later is day, ten later is midnight, nineteen later is the next morning."""
    invitation = invite()

    rechecking.recheck_due(workspace=in_acme, now=SEND_AT + timedelta(hours=hours))

    assert approved_now(invitation) is leaves


def test_the_tick_looks_at_each_workspace(acme, scope, invite):
    invitation = invite()
    Message.objects.update(due_at=timezone.now())
    invitation.send_at = timezone.now()
    invitation.save()

    tasks.tick()

    assert approved_now(invitation)


@pytest.fixture
def failed(invite):
    invitation = invite()
    Message.objects.filter(pk=invitation.message_id).update(state="failed", error="550 No such user")
    invitation.message.refresh_from_db()
    return invitation


def again(invitation, by_ana, now=NOW):
    return confirming.send_again(workspace=invitation.workspace, message=invitation.message, by=by_ana, now=now)


def test_it_goes_out_again_to_the_corrected_address(failed, by_ana):
    failed.contact.email = "jamie.okafor@northwind.example"
    failed.contact.save()

    message = again(failed, by_ana)

    assert (message.state, message.to_email) == ("queued", "jamie.okafor@northwind.example")
    assert message.due_at == NOW + timedelta(seconds=60)


def test_the_gate_is_asked_before_it_goes_again(in_acme, failed, by_ana):
    make.HoldFactory(workspace=in_acme, company=failed.contact.company, purpose="surveys")

    with pytest.raises(NotInvited):
        again(failed, by_ana)


def test_an_answered_survey_is_not_sent_again(in_acme, failed, by_ana):
    actions.mark_answered(invitation=failed, timezone_name="", now=NOW)

    [row] = outbox.leaf(workspace=in_acme, tab="failed", search="", before="", now=NOW).rows
    assert (row.belonging.label, row.may_repeat) == ("Survey for Jamie Okafor", False)
    with pytest.raises(NotRepeatable):
        again(failed, by_ana)
