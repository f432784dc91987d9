from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.events.models import Event
from accounts.mail.models import Message
from accounts.tenancy.actor import SYSTEM
from referrals.asks import actions as asks
from referrals.asks.models import Ask
from referrals.links import actions as links
from tests.factories import accounts as make
from tests.factories import feedback as said
from tests.factories import referrals as refer
from tests.factories.accounts import NOW

# NOW is 11:00 in Berlin on a Tuesday, the deadline 11:00 on Wednesday.
LAST_POLITE_MINUTE = NOW + timedelta(hours=23, minutes=59)


def test_an_untouched_ask_leaves_at_the_last_polite_minute_until_people_have_sent_ten(queue, jamie):
    ask = queue(jamie)

    assert (ask.state, ask.policy, ask.channel) == ("queued", "assisted", "mail")
    assert (ask.send_at, ask.planned_send_at, ask.deadline_at) == (
        LAST_POLITE_MINUTE,
        LAST_POLITE_MINUTE,
        NOW + timedelta(hours=24),
    )


def test_after_ten_sent_by_people_an_untouched_ask_leaves_after_four_working_hours(queue, jamie, northwind, program):
    for _ in range(10):
        other = make.ContactFactory(workspace=jamie.workspace, company=northwind)
        link = refer.LinkFactory(contact=other, program=program)
        refer.AskFactory(link=link, state="sent", sent_at=NOW, sent_by_person=True)

    ask = queue(jamie)

    assert ask.send_at == NOW + timedelta(hours=4)


def test_the_mail_waits_in_the_outbox_with_the_last_line(queue, jamie, ana, in_acme):
    ask = queue(jamie)

    message = Message.objects.get()
    assert ask.message == message
    assert (message.kind, message.key, message.state) == ("ask", f"ask:{ask.pk}", "queued")
    assert (message.due_at, message.expires_at) == (ask.send_at, ask.deadline_at)
    assert (message.from_name, message.from_email) == ("Ana Acme", "ana@acme.example")
    assert (message.to_name, message.to_email) == ("Jamie Okafor", "jamie@northwind.example")
    assert message.subject == "Who else fights with month-end?"
    assert message.body_text.startswith("Hi Jamie,\n\nyou gave us a 10 this morning.")
    *_text, opt_out, imprint = message.body_text.rstrip().split("\n")
    assert opt_out.startswith("Rather not get these? Tell me, or click here: http")
    assert imprint == "Acme Inc, 1 Main Street, Springfield"
    assert (
        message.unsubscribe_url == opt_out.removeprefix("Rather not get these? Tell me, or click here: ") + "?for=asks"
    )


def test_a_mail_that_could_not_leave_by_daylight_is_not_sent_in_the_dark(queue, jamie):
    morning = NOW - timedelta(hours=1, minutes=30)  # 09:30 in Berlin: the deadline lies before the office closes
    automatic = queue(jamie, now=morning, responded_at=morning - timedelta(hours=1))
    evening = NOW.replace(hour=20)
    late = queue(
        make.ContactFactory(workspace=jamie.workspace, company=jamie.company), now=evening, responded_at=evening
    )

    assert automatic.message.expires_at == automatic.deadline_at
    assert late.send_at == NOW.replace(day=18, hour=16, minute=59)
    assert late.message.expires_at == NOW.replace(day=18, hour=18)


def test_facts_carry_their_sources(queue, jamie, northwind):
    make.OutcomeFactory(workspace=jamie.workspace, company=northwind)

    ask = queue(jamie)

    assert {"token": "response.score", "value": "10", "source": "NPS answer of 17 November 2026"} in ask.facts
    challenge = "40 hours of reporting a month"
    assert {
        "token": "outcome.old_challenge",
        "value": challenge,
        "source": "Outcome approved by Jamie Okafor",
    } in ask.facts
    assert challenge in ask.body


def test_an_outcome_that_is_not_approved_any_more_is_not_mentioned(queue, jamie, northwind):
    make.OutcomeFactory(workspace=jamie.workspace, company=northwind, approved_until=NOW - timedelta(days=1))

    assert "I remember how" not in queue(jamie).body


def test_a_comment_is_never_quoted_by_itself(in_acme, queue, jamie):
    ask = queue(jamie)

    assert not [fact for fact in ask.facts if "comment" in fact["token"]]


def test_a_draft_with_a_gap_stays_on_the_desk(queue, jamie):
    jamie.first_name = ""
    jamie.save()

    ask = queue(jamie)

    assert [problem["token"] for problem in ask.problems] == ["contact.first_name"]
    assert (ask.state, ask.send_at, ask.message) == ("queued", None, None)
    assert ask.planned_send_at == LAST_POLITE_MINUTE
    assert not Message.objects.exists()


def test_somebody_without_an_address_is_called(queue, jamie):
    jamie.email, jamie.email_normalized = "", None
    jamie.save()

    ask = queue(jamie)

    assert (ask.channel, ask.send_at, ask.deadline_at) == ("call", None, NOW + timedelta(hours=24))
    assert not Message.objects.exists()


def test_call_first_has_the_mail_as_its_fallback(queue, jamie, program):
    program.policy = "call_first"
    program.save()

    ask = queue(jamie)

    assert (ask.channel, ask.policy, ask.send_at) == ("call", "call_first", LAST_POLITE_MINUTE)
    assert Message.objects.get().due_at == LAST_POLITE_MINUTE


@pytest.mark.parametrize("seniority", ["executive", "sponsor"])
def test_executives_and_sponsors_are_asked_by_hand_only(queue, jamie, seniority):
    jamie.seniority = seniority
    jamie.save()

    ask = queue(jamie)

    assert (ask.policy, ask.send_at, ask.message) == ("manual", None, None)


@pytest.mark.parametrize(("others", "policy"), [(19, "manual"), (18, "assisted")])
def test_the_top_tenth_by_revenue_is_asked_by_hand_from_twenty_companies_on(queue, jamie, northwind, others, policy):
    northwind.arr_minor, northwind.currency = 9_000_00, "USD"
    northwind.save()
    make.CompanyFactory.create_batch(others, workspace=jamie.workspace, arr_minor=100, currency="USD")

    assert queue(jamie).policy == policy


def test_a_company_below_the_top_tenth_is_not(queue, jamie, northwind):
    northwind.arr_minor, northwind.currency = 50, "USD"
    northwind.save()
    make.CompanyFactory.create_batch(19, workspace=jamie.workspace, arr_minor=100, currency="USD")

    assert queue(jamie).policy == "assisted"


def test_the_deputy_asks_while_the_owner_is_absent(queue, jamie, ana):
    kim = make.MemberFactory(workspace=jamie.workspace, user__email="kim@acme.example", name="Kim Deputy")
    ana.absent_until, ana.deputy = NOW.date(), kim
    ana.save()

    ask = queue(jamie)

    assert (ask.sender, ask.sender_name, ask.sender_email) == (kim, "Kim Deputy", "kim@acme.example")


def test_without_anybody_the_workspace_asks(queue, jamie, ana):
    ana.is_active = False
    ana.save()

    ask = queue(jamie)

    assert (ask.sender, ask.sender_name, ask.sender_email) == (None, "Ana Acme", "ana@acme.example")


def test_without_any_sender_the_draft_is_stopped(in_acme, queue, jamie, northwind):
    northwind.owner = None
    northwind.save()
    in_acme.sender_email = in_acme.sender_name = ""
    in_acme.save()

    assert "no_sender" in [problem["code"] for problem in queue(jamie).problems]
    assert not Message.objects.exists()


def test_the_contact_remembers_when_they_were_asked_and_the_fact_is_told(queue, jamie, northwind):
    ask = queue(jamie)

    jamie.refresh_from_db()
    assert jamie.asked_at == NOW
    event = Event.objects.get(type="ask.queued")
    assert (event.subject_id, event.contact_id, event.company_id) == (ask.pk, jamie.pk, northwind.pk)


def test_a_second_moment_gets_no_second_ask_and_says_why(queue, jamie):
    first = queue(jamie)

    second = queue(jamie)

    assert second == first
    assert Ask.objects.count() == 1
    moment = jamie.moments.exclude(pk=first.moment_id).get()
    assert [reason["code"] for reason in moment.not_asked] == ["open_ask"]


def test_weekends_that_wait_are_late_by_choice(in_acme, queue, jamie):
    in_acme.weekends = "wait"
    in_acme.save()
    friday_night = NOW.replace(day=20, hour=20)

    ask = queue(jamie, now=friday_night, responded_at=friday_night)

    monday = NOW.replace(day=23, hour=7)
    assert (ask.late_by_choice, ask.send_at, ask.message.due_at) == (True, monday, monday)
    assert ask.message.expires_at == NOW.replace(day=23, hour=18)


def test_queueing_takes_few_round_trips(in_acme, jamie, program):
    moment = said.MomentFactory(response=said.ResponseFactory(contact=jamie))

    with CaptureQueriesContext(connection) as queries:
        asks.queue(
            workspace=in_acme,
            contact=jamie,
            moment=moment,
            program=program,
            also_matched=[],
            verdict={"ok": True, "reasons": []},
            responded_at=NOW,
            now=NOW,
            by=SYSTEM,
        )

    # Contact under lock, its company, its owner, circumstances, link, mail, ask, contact, both events.
    assert len(queries) == 9, [query["sql"][:60] for query in queries]


def test_a_person_has_one_link_in_a_program_however_often_it_is_needed(in_acme, jamie, program):
    made = [links.ensure(workspace=in_acme, contact=jamie, program=program, by=SYSTEM, now=NOW) for _ in range(3)]

    assert {link.pk for link in made} == {in_acme.links.get().pk}
    assert Event.objects.filter(type="link.created").count() == 1
