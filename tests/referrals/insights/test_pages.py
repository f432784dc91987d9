"""Friday's page, its goals and its people; and its mail."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.events.models import Event
from accounts.mail.models import Message
from accounts.members.models import User
from accounts.notices.models import Notice
from referrals.insights import fridays
from referrals.insights.models import WeekGoals
from tests.factories import accounts as make
from tests.factories.accounts import NOW

FRIDAY = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)  # 15:00 in Berlin


def page(name="week", *args):
    return reverse(name, args=["acme", *args])


def sign_in(client, member):
    client.force_login(User.objects.get(pk=member.user_id))
    return client


@pytest.fixture
def mine(client, ana):
    with time_machine.travel(NOW, tick=False):
        yield sign_in(client, ana)


def test_who_is_not_signed_in_is_asked_to(client, acme):
    assert client.get(page()).status_code == 302


def test_a_stranger_finds_nothing(client, ana, globex, scope):
    with scope(globex.pk):
        sign_in(client, make.MemberFactory(workspace=globex))

    assert (client.get(page()).status_code, client.get(page("week-rows", "asks")).status_code) == (404, 404)


def test_who_may_only_read_sees_figures_and_sets_no_goals(client, in_acme, asked):
    sign_in(client, make.MemberFactory(workspace=in_acme, role="analyst"))

    html = client.get(page()).content.decode()

    assert ("Calls booked" in html, "Goals…" in html) == (True, False)
    assert client.post(page("week-goals"), {"asks": "3"}).status_code == 403


def test_goals_are_kept_shown_and_recorded(mine, in_acme, asked):
    asked()

    answer = mine.post(page("week-goals"), {"asks": "4", "pipeline": "12000.50"}, follow=True).content.decode()

    goals = WeekGoals.objects.get()
    assert (goals.asks, goals.pipeline_minor, goals.won) == (4, 1_200_050, None)
    assert ("Goal: 4" in answer, "25 % of the goal" in answer) == (True, True)
    event = Event.objects.get(type="week.goals_set")
    assert event.data == {"changed": {"asks": [None, 4], "pipeline_minor": [None, 1_200_050]}}


@pytest.mark.parametrize("given", [{"promise_percent": "101"}, {"asks": "0"}, {"pipeline": "1.234"}, {"won": "x"}])
def test_a_goal_that_can_not_be_is_refused_with_what_was_typed(mine, in_acme, given):
    answer = mine.post(page("week-goals"), given)

    [(_name, typed)] = given.items()
    assert (answer.status_code, WeekGoals.objects.count()) == (422, 0)
    assert ('class="err"' in answer.content.decode(), f'value="{typed}"' in answer.content.decode()) == (True, True)


def test_every_figure_opens_the_people_it_is_made_of(mine, asked):
    ask = asked()

    html = mine.get(page()).content.decode()
    rows = mine.get(page("week-rows", "asks"), {"week": "2026-W47"}).content.decode()

    for key in ("promise", "asks", "calls", "pipeline", "won", "thanked"):
        assert f"/app/acme/insights/week/{key}?week=2026-W47" in html
    assert ask.contact.name in rows
    assert f"/app/acme/asks/{ask.public_id}" in rows
    assert mine.get(page("week-rows", "nothing")).status_code == 404


def test_another_week_is_found_by_its_address(mine, asked):
    asked(NOW - timedelta(days=7))

    html = mine.get(page(), {"week": "2026-W46"}).content.decode()

    assert ("The week" in html, "2026-W47" in html, "2026-W45" in html) == (True, True, True)


@pytest.mark.parametrize("count", [1, 3])
def test_the_people_cost_the_same_whatever_their_number(mine, asked, count, django_assert_num_queries):
    [asked() for _ in range(count)]
    mine.get(page("week-rows", "asks"))

    with django_assert_num_queries(10):
        mine.get(page("week-rows", "asks"))


def test_fridays_mail_goes_to_those_who_chose_it_once(in_acme, ana, asked):
    make.MemberFactory(workspace=in_acme, role="sales", user__email="sales@acme.example")
    asked(FRIDAY - timedelta(hours=20))

    assert fridays.tell_due(workspace=in_acme, now=FRIDAY - timedelta(minutes=1)) == 0
    assert fridays.tell_due(workspace=in_acme, now=FRIDAY) == 1
    assert fridays.tell_due(workspace=in_acme, now=FRIDAY + timedelta(minutes=5)) == 0

    mail = Message.objects.get(kind="notice")
    assert (mail.to_email, mail.subject) == ("ana@acme.example", "The week at Acme")
    assert "Asks: 1 (people asked; 1 more than the week before)" in mail.body_text
    assert "/app/acme/insights/week/asks?week=2026-W47" in mail.body_html
    assert "not enough answers" in mail.body_text


def test_friday_is_each_ones_own(in_acme, ana):
    ana.timezone = "America/New_York"
    ana.save()

    assert fridays.tell_due(workspace=in_acme, now=FRIDAY) == 0
    assert fridays.tell_due(workspace=in_acme, now=FRIDAY + timedelta(hours=6)) == 1


def test_who_stops_early_on_fridays_reads_it_before(in_acme, ana):
    ana.work_ends = time(13)
    ana.save()

    assert fridays.tell_due(workspace=in_acme, now=FRIDAY - timedelta(hours=3)) == 1


def test_after_an_outage_on_friday_it_is_told_on_the_weekend(in_acme, ana):
    assert fridays.tell_due(workspace=in_acme, now=FRIDAY + timedelta(days=1)) == 1

    assert Notice.objects.get().key == "week:2026-W47"


def test_on_monday_it_is_over(in_acme, ana):
    monday = FRIDAY + timedelta(days=3)

    assert (monday.date(), fridays.tell_due(workspace=in_acme, now=monday)) == (date(2026, 11, 23), 0)
