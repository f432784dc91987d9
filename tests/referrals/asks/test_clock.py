from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from accounts.tenancy.models import Workspace
from referrals.asks.calendars import Calendar, calendar_of
from referrals.asks.clock import (
    AnsweredInTheFuture,
    Plan,
    WorkHours,
    add_working_days,
    add_working_hours,
    hand_over_at,
    last_polite_before,
    next_polite,
    notices,
    plan,
)

# A busy machine is no failure: the first holidays of a country or the first use of a locale take their time.
PATIENT = settings(deadline=None)

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
GERMANY = Calendar("DE")
OFFICE = WorkHours(BERLIN, time(9), time(17), GERMANY)


def berlin(text):
    """Return a Berlin wall time as the UTC instant it is."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def planned(responded_at, **changes):
    """Return the plan of an answer that arrives as it is given, from a contact in Berlin."""
    facts = {
        "received_at": responded_at,
        "zone": BERLIN,
        "calendar": GERMANY,
        "weekends": "daytime",
        "policy": "assisted",
        "sender_hours": OFFICE,
        "learned": False,
        "always_manual": False,
    }
    return plan(responded_at=responded_at, **(facts | changes))


# 2026-05-04 is a Monday. The 14th (Ascension Day) and the 25th (Whit Monday) are holidays in Germany.


@pytest.mark.parametrize(
    ("responded", "send", "reason"),
    [
        ("2026-05-05T10:00", "2026-05-06T09:59", "last_polite_minute"),
        ("2026-05-05T10:00:30", "2026-05-06T09:59", "last_polite_minute"),
        ("2026-05-05T20:00", "2026-05-06T17:59", "last_polite_minute"),
        ("2026-05-05T03:00", "2026-05-05T17:59", "last_polite_minute"),
        ("2026-05-08T12:00", "2026-05-08T17:59", "last_polite_minute"),
        ("2026-05-08T19:00", "2026-05-09T16:59", "last_polite_minute"),
        ("2026-05-13T19:00", "2026-05-14T16:59", "last_polite_minute"),
        ("2026-05-10T12:00", "2026-05-11T11:59", "last_polite_minute"),
    ],
)
def test_until_people_have_sent_ten_an_untouched_ask_leaves_at_the_last_polite_minute(responded, send, reason):
    result = planned(berlin(responded))

    deadline = berlin(responded) + timedelta(hours=24)
    assert result == Plan(deadline, berlin(send), late_by_choice=False, reason=reason)


@pytest.mark.parametrize(
    ("responded", "send", "reason"),
    [
        ("2026-05-05T10:00", "2026-05-05T14:00", "after_working_hours"),
        ("2026-05-05T15:00", "2026-05-06T11:00", "after_working_hours"),
        ("2026-05-05T20:00", "2026-05-06T13:00", "after_working_hours"),
        # Four working hours end on Monday, after the deadline: the last polite minute of Friday.
        ("2026-05-08T15:00", "2026-05-08T17:59", "last_polite_minute"),
        # On Sunday: they end on Monday at 13:00, an hour after the deadline.
        ("2026-05-10T12:00", "2026-05-11T11:59", "last_polite_minute"),
    ],
)
def test_later_it_leaves_after_four_working_hours_of_the_sender(responded, send, reason):
    result = planned(berlin(responded), learned=True)

    deadline = berlin(responded) + timedelta(hours=24)
    assert result == Plan(deadline, berlin(send), late_by_choice=False, reason=reason)


def test_the_sender_may_work_while_the_contact_sleeps():
    # 14:00 in Berlin is 08:00 in New York; four hours of work end at 18:00 in Berlin, which is no polite time there.
    office = WorkHours(NEW_YORK, time(8), time(17), Calendar("US"))

    result = planned(berlin("2026-05-05T14:00"), learned=True, sender_hours=office)

    assert (result.send_at, result.reason) == (berlin("2026-05-06T08:00"), "after_working_hours")


@pytest.mark.parametrize(
    ("responded", "send"),
    [
        ("2026-05-05T10:00:30", "2026-05-05T10:00:30"),
        ("2026-05-05T20:00", "2026-05-06T08:00"),
        ("2026-05-08T19:00", "2026-05-09T09:00"),
        ("2026-05-10T12:00", "2026-05-11T08:00"),
    ],
)
def test_automatic_leaves_at_the_first_polite_minute(responded, send):
    result = planned(berlin(responded), policy="automatic")

    deadline = berlin(responded) + timedelta(hours=24)
    assert result == Plan(deadline, berlin(send), late_by_choice=False, reason="first_polite_minute")


@pytest.mark.parametrize("policy", ["assisted", "automatic", "call_first"])
def test_a_workspace_that_waits_is_late_by_choice(policy):
    responded = berlin("2026-05-22T18:30")

    result = planned(responded, policy=policy, weekends="wait")

    # Saturday, Sunday and Whit Monday pass.
    assert result == Plan(
        deadline_at=berlin("2026-05-23T18:30"),
        send_at=berlin("2026-05-26T08:00"),
        late_by_choice=True,
        reason="waits_for_working_day",
        call_task=policy == "call_first",
    )


def test_a_workspace_that_waits_is_in_time_where_a_working_hour_is_left():
    assert planned(berlin("2026-05-22T12:00"), weekends="wait") == planned(berlin("2026-05-22T12:00"))


@pytest.mark.parametrize("policy", ["assisted", "automatic", "manual", "call_first"])
def test_what_is_always_by_hand_never_leaves_by_itself(policy):
    result = planned(berlin("2026-05-05T10:00"), policy=policy, learned=True, always_manual=True)

    assert result == Plan(
        berlin("2026-05-06T10:00"),
        None,
        late_by_choice=False,
        reason="always_by_hand",
        call_task=policy == "call_first",
    )


def test_manual_never_leaves_by_itself():
    result = planned(berlin("2026-05-05T10:00"), policy="manual", weekends="wait")

    assert result == Plan(berlin("2026-05-06T10:00"), None, late_by_choice=False, reason="by_hand")


def test_call_first_has_the_mail_as_fallback_at_the_last_polite_minute():
    result = planned(berlin("2026-05-05T10:00"), policy="call_first", learned=True)

    assert result == Plan(
        berlin("2026-05-06T10:00"),
        berlin("2026-05-06T09:59"),
        late_by_choice=False,
        reason="last_polite_minute",
        call_task=True,
    )


def test_a_late_arrival_has_what_is_left_of_the_clock():
    result = planned(berlin("2026-05-05T10:00"), received_at=berlin("2026-05-06T09:15"))

    assert (result.deadline_at, result.send_at) == (berlin("2026-05-06T10:00"), berlin("2026-05-06T09:59"))


def test_a_late_arrival_at_night_says_that_no_polite_minute_is_left():
    result = planned(berlin("2026-05-05T23:00"), received_at=berlin("2026-05-06T22:00"), learned=True)

    assert result == Plan(berlin("2026-05-06T23:00"), None, late_by_choice=False, reason="no_polite_minute")


@pytest.mark.parametrize("policy", ["assisted", "automatic", "manual", "call_first"])
def test_an_old_answer_never_starts_a_clock(policy):
    result = planned(berlin("2026-05-05T10:00"), received_at=berlin("2026-05-06T10:00"), policy=policy)

    assert result == Plan(berlin("2026-05-06T10:00"), None, late_by_choice=False, reason="too_old")


def test_an_answer_from_the_future_is_refused():
    received = berlin("2026-05-05T10:00")

    with pytest.raises(AnsweredInTheFuture):
        planned(received + timedelta(minutes=5, seconds=1), received_at=received)


def test_a_clock_a_little_fast_does_not_stretch_the_promise():
    received = berlin("2026-05-05T10:00")

    assert planned(received + timedelta(minutes=5), received_at=received).deadline_at == received + timedelta(hours=24)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="aware datetime"):
        planned(datetime(2026, 5, 5, 10))


# --- proofs over all zones and years -------------------------------------------------------------------------------

ZONES = st.sampled_from(
    sorted(name for name in available_timezones() if not name.startswith(("posix/", "right/")))
).map(ZoneInfo)
INSTANTS = st.datetimes(datetime(2001, 1, 8), datetime(2035, 1, 1), timezones=st.just(UTC))
CALENDARS = st.sampled_from([None, "DE", "US", "CN", "IN", "SA", "JP", "NP", "XX"]).map(Calendar)
HOURS = st.builds(
    WorkHours, ZONES, st.times(time(0), time(11)).map(lambda t: t.replace(microsecond=0)), st.just(time(17)), CALENDARS
)


def polite_by_hand(instant, zone, calendar):
    """Return "preferred", "fallback" or "night", reading the wall clock of the contact: the rule in its own words."""
    local = instant.astimezone(zone)
    if calendar.is_working_day(local.date()) and 8 <= local.hour < 18:
        return "preferred"
    return "fallback" if 9 <= local.hour < 17 else "night"


def minutes_between(start, end):
    return [start + timedelta(minutes=n) for n in range(int((end - start) / timedelta(minutes=1)))]


@PATIENT
@given(
    responded=INSTANTS,
    zone=ZONES,
    calendar=CALENDARS,
    weekends=st.sampled_from(["daytime", "wait"]),
    policy=st.sampled_from(["assisted", "automatic", "call_first"]),
    hours=HOURS,
    learned=st.booleans(),
)
# Clocks going forward and back, 29 February, the ends of the zones, and the day Samoa left out.
@example(berlin("2026-03-28T20:00"), BERLIN, GERMANY, "daytime", "assisted", OFFICE, True)
@example(berlin("2026-10-24T20:00"), BERLIN, GERMANY, "wait", "automatic", OFFICE, True)
@example(
    datetime(2028, 2, 28, 23, tzinfo=UTC), ZoneInfo("Etc/GMT+12"), Calendar(), "daytime", "assisted", OFFICE, False
)
@example(
    datetime(2028, 2, 29, 1, tzinfo=UTC), ZoneInfo("Etc/GMT-14"), Calendar("XX"), "wait", "call_first", OFFICE, False
)
@example(
    datetime(2011, 12, 30, 3, tzinfo=UTC), ZoneInfo("Pacific/Apia"), Calendar(), "daytime", "automatic", OFFICE, True
)
@example(datetime(2011, 12, 30, 3, tzinfo=UTC), ZoneInfo("Pacific/Apia"), Calendar(), "wait", "assisted", OFFICE, True)
def test_every_fresh_answer_has_a_polite_send_time_in_24_hours_or_is_late_by_choice(
    responded, zone, calendar, weekends, policy, hours, learned
):
    result = planned(
        responded,
        zone=zone,
        calendar=calendar,
        weekends=weekends,
        policy=policy,
        sender_hours=hours,
        learned=learned,
    )

    assert result.deadline_at == responded + timedelta(hours=24)
    assert result.send_at is not None
    assert result.send_at.tzinfo is UTC
    assert result.send_at >= responded
    kind = polite_by_hand(result.send_at, zone, calendar)
    assert kind != "night"
    if result.late_by_choice:
        assert weekends == "wait"
        assert kind == "preferred"
        assert result.send_at >= result.deadline_at
        assert result.reason == "waits_for_working_day"
    else:
        assert result.send_at < result.deadline_at


@PATIENT
@given(
    responded=INSTANTS,
    age=st.timedeltas(timedelta(minutes=-5), timedelta(hours=26)),
    zone=ZONES,
    calendar=CALENDARS,
    weekends=st.sampled_from(["daytime", "wait"]),
    policy=st.sampled_from(["assisted", "automatic", "manual", "call_first"]),
    learned=st.booleans(),
    always_manual=st.booleans(),
)
def test_no_send_time_always_has_its_reason(responded, age, zone, calendar, weekends, policy, learned, always_manual):
    received = responded + age
    result = planned(
        responded,
        received_at=received,
        zone=zone,
        calendar=calendar,
        weekends=weekends,
        policy=policy,
        learned=learned,
        always_manual=always_manual,
    )

    stated = {"by_hand", "always_by_hand", "no_polite_minute", "too_old"}
    assert (result.send_at is None) == (result.reason in stated)
    if result.reason == "no_polite_minute":
        kinds = {polite_by_hand(at, zone, calendar) for at in minutes_between(received, result.deadline_at)}
        assert kinds <= {"night"}
    if result.reason == "too_old":
        assert received >= result.deadline_at
    if result.send_at and not result.late_by_choice:
        assert received <= result.send_at < result.deadline_at


@PATIENT
@given(responded=INSTANTS, zone=ZONES, calendar=CALENDARS, policy=st.sampled_from(["assisted", "automatic"]))
def test_a_working_hour_is_never_passed_over_for_a_weekend(responded, zone, calendar, policy):
    result = planned(responded, zone=zone, calendar=calendar, policy=policy)

    if polite_by_hand(result.send_at, zone, calendar) == "fallback":
        kinds = {polite_by_hand(at, zone, calendar) for at in minutes_between(responded, result.deadline_at)}
        assert "preferred" not in kinds


@PATIENT
@given(responded=INSTANTS, zone=ZONES, calendar=CALENDARS)
def test_nothing_polite_comes_before_the_first_or_after_the_last_minute(responded, zone, calendar):
    deadline = responded + timedelta(hours=24)

    first = next_polite(responded, zone=zone, calendar=calendar, weekends="daytime", deadline=deadline)
    last = last_polite_before(deadline, zone=zone, calendar=calendar, weekends="daytime")

    kind = polite_by_hand(first, zone, calendar)
    assert first <= last < deadline
    assert polite_by_hand(last, zone, calendar) == kind
    outside = minutes_between(responded, first) + minutes_between(last + timedelta(minutes=1), deadline)
    better = {"preferred"} if kind == "preferred" else {"preferred", "fallback"}
    assert not better & {polite_by_hand(at, zone, calendar) for at in outside}


# --- the other hands of the clock ----------------------------------------------------------------------------------


def test_a_day_of_23_hours_has_its_last_polite_minute_too():
    # The clock goes forward in the night to Sunday, 29 March.
    result = planned(berlin("2026-03-28T19:00"))

    assert (result.deadline_at, result.send_at) == (berlin("2026-03-29T20:00"), berlin("2026-03-29T16:59"))


def test_a_day_of_25_hours_has_its_last_polite_minute_too():
    result = planned(berlin("2026-10-24T19:00"))

    assert (result.deadline_at, result.send_at) == (berlin("2026-10-25T18:00"), berlin("2026-10-25T16:59"))


def test_there_may_be_no_polite_minute_before_a_near_deadline():
    evening, later = berlin("2026-05-05T19:00"), berlin("2026-05-05T22:00")
    where = {"zone": BERLIN, "calendar": GERMANY, "weekends": "daytime"}

    assert next_polite(evening, deadline=later, **where) is None
    assert last_polite_before(later, after=evening, **where) is None


def test_who_waits_is_given_the_next_working_day_past_the_deadline():
    friday_evening, saturday = berlin("2026-05-08T19:00"), berlin("2026-05-09T19:00")
    where = {"zone": BERLIN, "calendar": GERMANY, "weekends": "wait"}

    assert next_polite(friday_evening, deadline=saturday, **where) == berlin("2026-05-11T08:00")
    assert last_polite_before(saturday, **where) == berlin("2026-05-11T08:00")


@pytest.mark.parametrize(
    ("pressed", "expected"),
    [
        ("2026-05-05T09:00", "2026-05-05T09:01"),
        ("2026-05-05T09:59:30", "2026-05-05T10:00"),
        ("2026-05-05T10:00", "2026-05-05T10:00"),
        ("2026-05-05T10:30", "2026-05-05T10:31"),
    ],
)
def test_undo_lasts_60_seconds_but_not_past_the_deadline(pressed, expected):
    assert hand_over_at(berlin(pressed), berlin("2026-05-05T10:00")) == berlin(expected)


def test_the_owner_is_told_at_once_at_half_time_and_at_80_percent():
    told = notices(berlin("2026-05-06T10:00"), berlin("2026-05-05T10:00"))

    assert told == [berlin("2026-05-05T10:00"), berlin("2026-05-05T22:00"), berlin("2026-05-06T05:12")]


def test_what_is_already_late_is_told_once():
    assert notices(berlin("2026-05-05T10:00"), berlin("2026-05-05T11:00")) == [berlin("2026-05-05T11:00")]


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2026-05-05T10:00", 4, "2026-05-05T14:00"),
        ("2026-05-05T13:00", 4, "2026-05-05T17:00"),
        ("2026-05-05T06:00", 0.5, "2026-05-05T09:30"),
        ("2026-05-05T16:00", 4, "2026-05-06T12:00"),
        ("2026-05-08T16:00", 4, "2026-05-11T12:00"),
        ("2026-05-13T16:00", 4, "2026-05-15T12:00"),
        ("2026-05-05T03:00", 0, "2026-05-05T03:00"),
        ("2026-05-04T09:00", 24, "2026-05-06T17:00"),
    ],
)
def test_working_hours_skip_nights_weekends_and_holidays(start, hours, expected):
    assert add_working_hours(berlin(start), hours, OFFICE) == berlin(expected)


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-05-04T10:00", 5, "2026-05-11T10:00"),
        ("2026-05-09T10:00", 1, "2026-05-11T10:00"),
        ("2026-05-13T10:00", 1, "2026-05-15T10:00"),
        ("2026-03-27T10:00", 1, "2026-03-30T10:00"),
        ("2026-05-09T10:00", 0, "2026-05-09T10:00"),
    ],
)
def test_working_days_keep_the_time_of_day(start, days, expected):
    assert add_working_days(berlin(start), days, BERLIN, GERMANY) == berlin(expected)


@PATIENT
@given(INSTANTS, st.integers(0, 30), ZONES, CALENDARS)
def test_so_many_working_days_lie_between(start, days, zone, calendar):
    end = add_working_days(start, days, zone, calendar)

    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    passed = sum(calendar.is_working_day(first + timedelta(n)) for n in range(1, (last - first).days + 1))
    assert passed == days


@pytest.mark.parametrize(
    "count", [add_working_hours, lambda start, n, _: add_working_days(start, n, BERLIN, Calendar())]
)
def test_nothing_is_counted_backwards(count):
    with pytest.raises(ValueError, match="counted forwards"):
        count(berlin("2026-05-05T10:00"), -1, OFFICE)


def test_working_hours_end_after_they_start():
    with pytest.raises(ValueError, match="must end after they start"):
        WorkHours(BERLIN, time(17), time(9))


def test_a_country_without_known_holidays_still_has_weekends():
    assert [Calendar("XX").is_working_day(date(2026, 5, day)) for day in (8, 9, 10, 11)] == [True, False, False, True]


# --- what a workspace sets itself


def test_hours_working_days_and_days_off_of_the_workspace_move_the_plan():
    acme = Workspace(country="DE", working_days=[0, 1, 2, 3], own_days={"2026-05-12": "Company holiday"})
    acme.polite_starts, acme.polite_ends = time(9, 30), time(12)
    acme.fallback_starts, acme.fallback_ends = time(10), time(14)
    calendar = calendar_of(acme, None)

    monday_evening = planned(berlin("2026-05-11T20:00"), calendar=calendar)
    friday = planned(berlin("2026-05-08T09:00"), calendar=calendar)
    waits = planned(berlin("2026-05-11T20:00"), calendar=calendar, weekends="wait")

    # Tuesday is a day off, Friday no working day: only the hours of other days are left there.
    assert monday_evening.send_at == berlin("2026-05-12T13:59")
    assert friday.send_at == berlin("2026-05-08T13:59")
    assert (waits.send_at, waits.late_by_choice) == (berlin("2026-05-13T09:30"), True)


def test_people_in_another_country_have_its_holidays_and_the_days_off_of_the_workspace():
    acme = Workspace(country="DE", own_days={"2026-12-24": "Christmas Eve"})

    assert calendar_of(acme, "US").is_working_day(date(2026, 5, 25)) is False  # Memorial Day, and Whit Monday
    assert calendar_of(acme, "US").is_working_day(date(2026, 5, 14)) is True  # Ascension Day, not in the US
    assert calendar_of(acme, None).is_working_day(date(2026, 5, 14)) is False
    assert calendar_of(acme, "US").is_working_day(date(2026, 12, 24)) is False
