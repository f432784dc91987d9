from datetime import UTC, datetime, timedelta

import pytest

from accounts.events.models import Event
from accounts.mail.models import Message
from accounts.mail.signals import Settled, messages_settled
from accounts.tenancy.actor import SYSTEM
from accounts.tenancy.errors import InvalidInput
from accounts.tenancy.money import Money
from referrals.pipeline import actions as pipeline
from referrals.pipeline.referee import Referee
from referrals.thanks import actions as thanks
from referrals.thanks import occasions
from referrals.thanks.errors import LeaveAlone, NotOwed, SayItInPerson
from referrals.thanks.models import ThankYou
from tests.factories import accounts as make
from tests.factories import feedback as answer
from tests.factories import referrals as tell

NOW = make.NOW  # a Tuesday, 11:00 in Berlin
KIM = Referee(name="Kim Park", email="kim@globex.example", company_name="Globex")


@pytest.fixture
def jamie(in_acme, ana):
    company = make.CompanyFactory(workspace=in_acme, owner=ana)
    return make.ContactFactory(workspace=in_acme, company=company, email="jamie@northwind.example")


@pytest.fixture
def owed(in_acme, jamie):
    return thanks.owe(
        workspace=in_acme, contact=jamie, referral=None, occasion="self_reported", source_key="response:1",
        by=SYSTEM, now=NOW,
    )  # fmt: skip


def refer(jamie, referee=KIM):
    program = tell.ProgramFactory(workspace=jamie.workspace)
    return pipeline.create(
        workspace=jamie.workspace, program=program, referrer=jamie, source="link", referee=referee, by=SYSTEM, now=NOW
    )[0]  # fmt: skip


def move(referral, stage, **fields):
    return pipeline.move(referral=referral, stage=stage, by=SYSTEM, now=NOW, **fields)


def occasions_of(workspace):
    return list(workspace.thank_yous.order_by("pk").values_list("occasion", flat=True))


def settle(message, state, error="", at=NOW):
    end = Settled(message.pk, message.key, message.kind, state, at, error, message.rfc_message_id)
    messages_settled.send(sender=Message, workspace=message.workspace, settled=[end], now=at)


def test_an_introduction_is_thanked_for_within_a_working_day(in_acme, jamie, ana):
    referral = refer(jamie)

    thank_you = in_acme.thank_yous.get()
    assert (thank_you.occasion, thank_you.state, thank_you.source_key) == (
        "introduction", "owed", f"referral:{referral.pk}:introduction",
    )  # fmt: skip
    assert (thank_you.contact, thank_you.referral, thank_you.sender) == (jamie, referral, ana)
    assert thank_you.due_at == NOW + timedelta(days=1)
    assert thank_you.subject == "Thank you for introducing Kim"
    assert thank_you.body == (
        "Hi Jamie,\n\nthank you for thinking of us and introducing Kim. Your name is on this, and I know what that"
        " means: I will look after Kim the way you would want me to, and I will tell you how it goes.\n\nAna"
    )


def test_what_was_done_on_friday_is_due_on_monday(in_acme, jamie):
    friday = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)

    thank_you = thanks.owe(
        workspace=in_acme, contact=jamie, referral=None, occasion="self_reported", source_key="response:2",
        by=SYSTEM, now=friday,
    )  # fmt: skip

    assert thank_you.due_at == datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def test_each_step_is_thanked_for_once(in_acme, jamie):
    referral = refer(jamie)
    for stage in ("contacted", "met", "lost", "contacted", "met", "lost", "contacted"):
        move(referral, stage)
    move(referral, "won", deal_value=Money(5, "USD"))

    assert occasions_of(in_acme) == ["introduction", "met", "lost", "won"]


def test_a_mere_name_is_thanked_for_when_it_becomes_an_introduction(in_acme, jamie):
    referral = refer(jamie, Referee(name="Lee Moss"))
    assert occasions_of(in_acme) == []

    move(referral, "contacted")

    assert occasions_of(in_acme) == ["introduction"]


def test_a_referral_without_a_referrer_owes_nobody(in_acme, jamie):
    program = tell.ProgramFactory(workspace=in_acme)
    pipeline.create(
        workspace=in_acme, program=program, referrer=None, source="crm", referee=KIM, by=SYSTEM, now=NOW
    )  # fmt: skip

    assert occasions_of(in_acme) == []


@pytest.mark.parametrize("occasion", ThankYou.Occasion.values)
def test_no_draft_tells_a_reason_or_a_value(in_acme, jamie, occasion):
    referral = refer(jamie)
    referral.lost_reason, referral.deal_value_minor, referral.deal_currency = "Too expensive", 1_234_567, "USD"
    referral.note, referral.decision = "A difficult person", "Internal remark"
    referral.save()

    thank_you = thanks.owe(
        workspace=in_acme, contact=jamie, referral=referral, occasion=occasion, source_key="once", by=SYSTEM, now=NOW
    )

    text = f"{thank_you.subject}\n{thank_you.body}"
    for secret in ("Too expensive", "1234567", "12,345", "USD", "difficult", "remark", "{"):
        assert secret not in text


def test_somebody_who_says_they_referred_is_thanked_and_asked_to_whom(in_acme, jamie):
    said = answer.ResponseFactory(contact=jamie, referred_recently=True)
    answer.ResponseFactory(contact=jamie, referred_recently=False)
    answer.ResponseFactory(contact=jamie, referred_recently=True, received_at=NOW - timedelta(days=8))

    assert occasions.owe_for_self_reports(workspace=in_acme, now=NOW) == 1
    assert occasions.owe_for_self_reports(workspace=in_acme, now=NOW) == 0

    thank_you = in_acme.thank_yous.get()
    assert (thank_you.source_key, thank_you.occasion) == (f"response:{said.pk}", "self_reported")
    assert "To whom was it?" in thank_you.body


def test_it_goes_out_in_the_name_of_the_contact_person(in_acme, owed, by_ana):
    sent = thanks.send(thank_you=owed, by=by_ana, now=NOW, subject=" Thank  you, Jamie ", body="Hi Jamie!\n\nAna")

    mail = in_acme.messages.get()
    assert (sent.state, sent.subject, sent.body, sent.message) == (
        "sending", "Thank you, Jamie", "Hi Jamie!\n\nAna", mail,
    )  # fmt: skip
    assert (mail.kind, mail.to_email, mail.from_email, mail.from_name) == (
        "thanks", "jamie@northwind.example", "ana@acme.example", "Ana Acme",
    )  # fmt: skip
    assert mail.due_at == NOW + timedelta(seconds=60)
    assert mail.body_text.startswith("Hi Jamie!\n\nAna\n\n")
    assert mail.unsubscribe_url
    with pytest.raises(NotOwed):
        thanks.send(thank_you=owed, by=by_ana, now=NOW)


def test_once_it_left_the_advocate_is_thanked(in_acme, owed, by_ana):
    sent = thanks.send(thank_you=owed, by=by_ana, now=NOW)

    settle(sent.message, "sent", at=NOW + timedelta(minutes=2))
    settle(sent.message, "sent", at=NOW + timedelta(minutes=9))

    owed.refresh_from_db()
    event = Event.objects.get(workspace=in_acme, type="advocate.thanked")
    assert (owed.state, owed.sent_at) == ("sent", NOW + timedelta(minutes=2))
    assert (event.contact_id, event.data["channel"], event.data["minutes_to_thank"]) == (owed.contact_id, "mail", 2)


@pytest.mark.parametrize(
    ("end", "state", "reason"),
    [
        (("failed", "550 no such user"), "failed", ""),
        (("unconfirmed", ""), "unconfirmed", ""),
        (("cancelled", "expired"), "owed", ""),
        (("cancelled", "suppressed"), "skipped", "They asked for no more mail from us"),
    ],
)
def test_what_did_not_arrive_is_shown(in_acme, owed, by_ana, end, state, reason):
    sent = thanks.send(thank_you=owed, by=by_ana, now=NOW)

    settle(sent.message, *end)

    owed.refresh_from_db()
    assert (owed.state, owed.sent_at, owed.skip_reason) == (state, None, reason)
    assert not Event.objects.filter(workspace=in_acme, type="advocate.thanked").exists()


def test_after_a_failure_it_is_said_again_in_a_new_mail(in_acme, owed, by_ana):
    first = thanks.send(thank_you=owed, by=by_ana, now=NOW).message
    settle(first, "failed", "550")

    second = thanks.send(thank_you=owed, by=by_ana, now=NOW).message

    assert second.pk != first.pk
    assert in_acme.messages.count() == 2


def test_an_outcome_that_was_not_heard_is_taken_up_by_the_sweep(in_acme, owed, by_ana):
    sent = thanks.send(thank_you=owed, by=by_ana, now=NOW)
    Message.objects.filter(pk=sent.message_id).update(state="sent", sent_at=NOW)

    assert occasions.settle_left(workspace=in_acme, now=NOW) == 1

    owed.refresh_from_db()
    assert (owed.state, owed.sent_at) == ("sent", NOW)


def test_without_an_address_it_is_said_in_person(in_acme, jamie, owed, by_ana):
    jamie.email, jamie.email_normalized = "", None
    jamie.save()
    with pytest.raises(SayItInPerson):
        thanks.send(thank_you=owed, by=by_ana, now=NOW)

    said = thanks.mark_said(thank_you=owed, by=by_ana, now=NOW)

    assert (said.state, said.sent_at, in_acme.messages.count()) == ("sent", NOW, 0)
    assert Event.objects.get(workspace=in_acme, type="advocate.thanked").data["channel"] == "in_person"


def test_somebody_who_wants_to_be_left_alone_is(in_acme, jamie, owed, by_ana):
    make.HoldFactory(company=jamie.company, purpose="all", reason="requested")

    with pytest.raises(LeaveAlone) as refused:
        thanks.send(thank_you=owed, by=by_ana, now=NOW)

    owed.refresh_from_db()
    assert (owed.state, len(refused.value.extra["reasons"]), in_acme.messages.count()) == ("owed", 1, 0)


def test_skipping_needs_a_reason_and_happens_once(owed, by_ana):
    with pytest.raises(InvalidInput):
        thanks.skip(thank_you=owed, reason=" ", by=by_ana, now=NOW)
    skipped = thanks.skip(thank_you=owed, reason="Thanked at dinner", by=by_ana, now=NOW)
    with pytest.raises(NotOwed):
        thanks.skip(thank_you=owed, reason="Again", by=by_ana, now=NOW)

    assert (skipped.state, skipped.skip_reason) == ("skipped", "Thanked at dinner")


@pytest.mark.parametrize("fields", [{"subject": " "}, {"body": "\n"}])
def test_a_thank_you_needs_words(owed, by_ana, fields):
    with pytest.raises(InvalidInput):
        thanks.send(thank_you=owed, by=by_ana, now=NOW, **fields)


def test_another_workspace_owes_nothing_of_ours(in_acme, owed, globex, scope):
    with scope(globex.pk):
        assert list(ThankYou.objects.all()) == []
        assert occasions.settle_left(workspace=globex, now=NOW) == 0
