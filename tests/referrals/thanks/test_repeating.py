"""Thank-yous in the outbox."""

from datetime import timedelta

import pytest

from accounts.mail import confirming, outbox
from accounts.mail.errors import NotRepeatable
from accounts.mail.models import Message
from referrals.thanks import actions as thanks
from referrals.thanks.errors import LeaveAlone, SayItInPerson
from tests.factories import accounts as make
from tests.factories import referrals as tell
from tests.factories.accounts import NOW


@pytest.fixture
def unconfirmed(in_acme, ana, by_ana):
    company = make.CompanyFactory(workspace=in_acme, owner=ana)
    thank_you = tell.ThankYouFactory(contact=make.ContactFactory(workspace=in_acme, company=company))
    thank_you = thanks.send(thank_you=thank_you, by=by_ana, now=NOW)
    Message.objects.update(state="unconfirmed", handed_at=NOW)
    thank_you.state = "unconfirmed"
    thank_you.save()
    thank_you.message.refresh_from_db()
    return thank_you


def again(thank_you, by_ana):
    confirming.send_again(workspace=thank_you.workspace, message=thank_you.message, by=by_ana, now=NOW)
    thank_you.refresh_from_db()
    return thank_you


def test_it_arrived_means_that_they_were_thanked(unconfirmed, by_ana):
    confirming.confirm_arrival(workspace=unconfirmed.workspace, message=unconfirmed.message, by=by_ana, now=NOW)

    unconfirmed.refresh_from_db()
    assert (unconfirmed.state, unconfirmed.sent_at) == ("sent", NOW)


def test_the_same_words_go_out_again_to_the_present_address(in_acme, unconfirmed, by_ana):
    unconfirmed.contact.email = "jamie.okafor@northwind.example"
    unconfirmed.contact.save()
    [row] = outbox.leaf(workspace=in_acme, tab="unconfirmed", search="", before="", now=NOW).rows
    assert (row.belonging.label, row.may_repeat) == ("Thank-you to Jamie Okafor", True)

    again(unconfirmed, by_ana)

    message = Message.objects.get()
    assert (unconfirmed.state, message.state, message.to_email) == ("sending", "queued", unconfirmed.contact.email)
    assert message.due_at == NOW + timedelta(seconds=60)


def test_who_asked_for_no_mail_gets_none(unconfirmed, in_acme, by_ana):
    in_acme.suppressions.create(email_hash=unconfirmed.message.email_hash, purpose="all", reason="asked")

    with pytest.raises(LeaveAlone):
        again(unconfirmed, by_ana)


def test_without_an_address_it_is_said_in_person(unconfirmed, by_ana):
    unconfirmed.contact.email = unconfirmed.contact.email_normalized = ""
    unconfirmed.contact.save()

    with pytest.raises(SayItInPerson):
        again(unconfirmed, by_ana)


def test_a_mail_that_a_later_one_replaced_is_not_repeated(in_acme, unconfirmed, by_ana):
    old, unconfirmed.message = unconfirmed.message, None
    unconfirmed.save()

    with pytest.raises(NotRepeatable):
        confirming.send_again(workspace=in_acme, message=old, by=by_ana, now=NOW)
