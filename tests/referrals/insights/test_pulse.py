"""What stands still is said in a sentence, with what to do; where all is well, nothing."""

from datetime import timedelta

import pytest

from referrals.insights import pulse
from tests.factories import accounts as make
from tests.factories import referrals as refer
from tests.factories.accounts import NOW

DAY = timedelta(days=1)


@pytest.fixture
def said(in_acme, ana):
    in_acme.created_at = NOW - 3 * DAY
    return lambda member=ana: [one.text for one in pulse.sentences(workspace=in_acme, member=member, now=NOW)]


def test_where_all_is_well_nothing_is_said(said, asked):
    asked()

    assert said() == []


def test_no_ask_in_a_fortnight(in_acme, ana, said, asked):
    asked(NOW - 13 * DAY)
    assert said() == []

    in_acme.asks.update(queued_at=NOW - 14 * DAY)

    [sentence] = pulse.sentences(workspace=in_acme, member=ana, now=NOW)
    assert (sentence.text, sentence.url) == ("No ask in 14 days.", "/app/acme/warm-start")


def test_nobody_was_ever_asked(in_acme, said, program):
    assert said() == []

    in_acme.created_at = NOW - 20 * DAY

    assert said() == ["Nobody was asked yet, for 20 days."]


def test_without_a_live_program_nobody_is_missed(in_acme, said):
    in_acme.created_at = NOW - 20 * DAY

    assert said() == []


def test_none_of_the_last_twenty_shared(said, asked):
    asked(NOW - 60 * DAY, state="answered", answer="shared", answered_at=NOW - 59 * DAY)
    [asked(NOW - 5 * DAY) for _ in range(19)]
    assert said() == []

    asked(NOW - 5 * DAY)

    assert said() == ["0 shares of the last 20 asks."]


def test_who_has_had_no_time_yet_is_not_counted(said, asked):
    [asked(NOW - 5 * DAY) for _ in range(10)]
    [asked(NOW - DAY) for _ in range(10)]

    assert said() == []


def test_thank_yous_owed_over_a_day_lead_to_the_oldest(in_acme, ana, said, jamie):
    oldest = refer.ThankYouFactory(contact=jamie, owed_since=NOW - 3 * DAY)
    refer.ThankYouFactory(contact=jamie, owed_since=NOW - 2 * DAY), refer.ThankYouFactory(contact=jamie)

    [sentence] = pulse.sentences(workspace=in_acme, member=ana, now=NOW)

    assert sentence.text == "2 thank-yous are owed for over a day."
    assert sentence.url == f"/app/acme/today/thanks/{oldest.public_id}"


def test_introductions_that_nobody_called(said, referred):
    referred(NOW - 4 * DAY), referred(NOW - DAY)

    assert said() == ["1 introduction waits for a first call for over 3 days."]


def test_who_may_not_act_reads_the_sentence_without_a_way(in_acme, referred):
    referred(NOW - 4 * DAY)
    reader = make.MemberFactory(workspace=in_acme, role="analyst")

    [sentence] = pulse.sentences(workspace=in_acme, member=reader, now=NOW)

    assert (sentence.url, sentence.call) == ("", "")


def test_it_is_one_statement(in_acme, ana, asked, django_assert_num_queries):
    [asked() for _ in range(3)]

    with django_assert_num_queries(1):
        pulse.sentences(workspace=in_acme, member=ana, now=NOW)
