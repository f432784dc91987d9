import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.imports.files import FileFormat, guess_encoding, guess_file
from accounts.imports.formats import (
    BadValue,
    ColumnFormat,
    guess_columns,
    parse_bool,
    parse_date,
    parse_datetime,
    parse_decimal,
    parse_integer,
)

# A busy machine is no failure.
PATIENT = settings(deadline=None)

RAVENSTACK = Path(__file__).resolve().parents[4] / "shared" / "data" / "ravenstack"
DAY_FIRST = ColumnFormat("date", date_order="day_first")
MONTH_FIRST = ColumnFormat("date", date_order="month_first")
ISO = ColumnFormat("date", date_order="iso")
POINT = ColumnFormat("decimal", decimal_mark=".")
COMMA = ColumnFormat("decimal", decimal_mark=",")


def column(*values):
    """Return the guessed format of a single column."""
    return guess_columns({"x": value} for value in values)["x"]


# --- dates ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "kind", "order"),
    [
        (["2024-10-16", "2024-01-02"], "date", "iso"),
        (["2024/10/16", "2024/01/02"], "date", "iso"),
        (["16-10-2024", "01-02-2024"], "date", "day_first"),
        (["01/02/2024", "10/16/2024"], "date", "month_first"),
        (["1.2.24", "31.1.24"], "date", "day_first"),
        (["01-02-2024 03:00", "16-10-2024"], "datetime", "day_first"),
        (["2024-10-16T03:00:00Z"], "datetime", "iso"),
        (["2024-10-16T03:00:00.123456+02:00"], "datetime", "iso"),
        (["10/16/2024 3:05 PM"], "datetime", "month_first"),
        (["10/16/2024, 3:05:01 pm"], "datetime", "month_first"),
    ],
)
def test_the_order_of_a_date_is_judged_by_the_whole_column(values, kind, order):
    found = column(*values)

    assert (found.kind, found.date_order, found.ambiguous, found.misfits) == (kind, order, False, 0)


def test_one_late_value_settles_thousands_that_could_be_either():
    values = ["01-02-2024"] * 5_000 + ["13-02-2024"]

    assert column(*values) == ColumnFormat(
        "date", date_order="day_first", stated="Dates begin with the day.", filled=5_001
    )


@pytest.mark.parametrize(
    ("value", "order", "first"), [("03-04-2024", "day_first", "day"), ("03/04/2024", "month_first", "month")]
)
def test_an_order_that_cannot_be_known_is_stated(value, order, first):
    stated = (
        f"These dates could begin with the day or the month; they are read {first} first. Change it if that is wrong."
    )

    assert column(value, value) == ColumnFormat("date", date_order=order, ambiguous=True, stated=stated, filled=2)


def test_a_few_bad_values_do_not_turn_dates_into_text():
    found = column(*["16-10-2024"] * 18, "31-02-2024", "see notes", "", "n/a")

    assert found == ColumnFormat(
        "date", date_order="day_first", stated="Dates begin with the day.", filled=20, blank=2, misfits=2
    )


def test_many_bad_values_do():
    assert column(*["16-10-2024"] * 8, "soon", "later").kind == "text"


@pytest.mark.parametrize(
    ("value", "fmt", "expected"),
    [
        ("16-10-2024", DAY_FIRST, date(2024, 10, 16)),
        (" 03/04/2024 ", DAY_FIRST, date(2024, 4, 3)),
        ("03/04/2024", MONTH_FIRST, date(2024, 3, 4)),
        ("29.02.2024", DAY_FIRST, date(2024, 2, 29)),
        ("1.2.69", DAY_FIRST, date(1969, 2, 1)),
        ("1.2.68", DAY_FIRST, date(2068, 2, 1)),
        ("2024-10-16", DAY_FIRST, date(2024, 10, 16)),
        ("28-07-2023 03:00", DAY_FIRST, date(2023, 7, 28)),
        ("", DAY_FIRST, None),
        ("N/A", DAY_FIRST, None),
    ],
)
def test_a_date_is_read_as_its_column_is_written(value, fmt, expected):
    assert parse_date(value, fmt) == expected


@pytest.mark.parametrize(
    "value",
    ["31-02-2024", "29-02-2023", "10-16-2024", "16-10/2024", "16-10-2024 25:00", "16-10-2024 13:00 PM", "soon", "45000"]
    + ["0-1-2024", "16-10-0000", "16-10-20245", "16-10-202", "16-10-2024x", "٠١-٠٢-٢٠٢٤", "16-10-2024 10"],
)
def test_what_is_not_a_date_is_refused_in_words(value):
    with pytest.raises(BadValue) as refusal:
        parse_date(value, DAY_FIRST)

    assert str(refusal.value) == f"“{value}” is not a date."


def test_a_day_first_date_is_none_in_a_year_first_column():
    with pytest.raises(BadValue):
        parse_date("16-10-2024", ISO)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("28-07-2023 03:00", datetime(2023, 7, 28, 1, tzinfo=UTC)),
        ("28-07-2023", datetime(2023, 7, 27, 22, tzinfo=UTC)),
        ("2023-07-28T03:00:00Z", datetime(2023, 7, 28, 3, tzinfo=UTC)),
        ("2023-07-28 03:00:00.5-05:30", datetime(2023, 7, 28, 8, 30, 0, 500_000, tzinfo=UTC)),
        ("28-07-2023 12:00 AM", datetime(2023, 7, 27, 22, tzinfo=UTC)),
        ("28-07-2023 12:00 pm", datetime(2023, 7, 28, 10, tzinfo=UTC)),
        ("", None),
    ],
)
def test_a_time_is_the_workspaces_unless_it_says_otherwise(value, expected):
    assert parse_datetime(value, DAY_FIRST, ZoneInfo("Europe/Berlin")) == expected


@pytest.mark.parametrize("value", ["2023-07-28T03:00:00+99:00", "0001-01-01 00:00+10:00"])
def test_an_impossible_time_is_refused(value):
    with pytest.raises(BadValue, match="is not a time"):
        parse_datetime(value, DAY_FIRST)


DAYS = st.dates(date(1000, 1, 1), date(9999, 12, 31))
WRITTEN = st.sampled_from([("%d-%m-%Y", "day_first"), ("%m/%d/%Y", "month_first"), ("%Y-%m-%d", "iso")])


@PATIENT
@given(st.lists(DAYS, min_size=1), WRITTEN)
def test_every_written_column_of_dates_reads_back_or_says_it_is_unsure(days, written):
    pattern, order = written
    # strftime writes the year 1000 as it is on every platform only from here on, hence the range of days.
    values = [day.strftime(pattern) for day in days]

    found = column(*values)

    assert found.kind == "date"
    if not found.ambiguous:
        assert [parse_date(value, found) for value in values] == days
    else:
        assert all(day.day <= 12 for day in days)
        assert order != "iso"


# --- numbers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "kind", "mark", "ambiguous"),
    [
        (["1", "23", "-4", "0"], "integer", ".", False),
        (["1,234.56", "7"], "decimal", ".", False),
        (["1.234,56", "7"], "decimal", ",", False),
        (["1 234,56", "1\u202f234,5", "1\u00a0234"], "decimal", ",", False),
        (["1'234.50", "1’234"], "decimal", ".", False),
        (["0.125", "0.250"], "decimal", ".", False),
        (["1,234,567"], "integer", ".", False),
        (["1.234.567"], "integer", ",", False),
        (["1.234", "5.678"], "decimal", ".", True),
        (["1,234", "5,678"], "integer", ".", True),
        (["1.234", "1,5"], "decimal", ",", False),
        (["$1,000.50", "$5"], "decimal", ".", False),
        (["1.000,50 €", "5 EUR"], "decimal", ",", False),
        (["\u22125", "+5"], "integer", ".", False),
    ],
)
def test_the_decimal_mark_is_judged_by_the_whole_column(values, kind, mark, ambiguous):
    found = column(*values)

    assert (found.kind, found.decimal_mark, found.ambiguous, found.misfits) == (kind, mark, ambiguous, 0)
    assert bool(found.stated) == ambiguous


@pytest.mark.parametrize(
    "values", [["00123", "00456"], ["1-2"], ["1,23,456"], ["12 34"], ["50 %"], ["1e5"], ["Company_0"]]
)
def test_codes_are_not_numbers(values):
    assert column(*values).kind == "text"


@pytest.mark.parametrize(
    ("value", "fmt", "expected"),
    [
        ("1.234,56", COMMA, Decimal("1234.56")),
        ("1,234.56", POINT, Decimal("1234.56")),
        ("1 234,56", COMMA, Decimal("1234.56")),
        ("-1’234.5", POINT, Decimal("-1234.5")),
        ("\u22125", POINT, Decimal(-5)),
        ("$1,000", POINT, Decimal(1000)),
        ("1.000 €", COMMA, Decimal(1000)),
        ("EUR 5", POINT, Decimal(5)),
        (".5", POINT, Decimal("0.5")),
        (" ", POINT, None),
        ("null", POINT, None),
    ],
)
def test_a_number_is_read_as_its_column_is_written(value, fmt, expected):
    assert parse_decimal(value, fmt) == expected


@pytest.mark.parametrize("value", ["1.2.3", "1,23,456", "abc", "1e5", "--1", "NaN5", "Infinity", "٣", "$", "1_000"])
def test_what_is_not_a_number_is_refused_in_words(value):
    with pytest.raises(BadValue) as refusal:
        parse_decimal(value, POINT)

    assert str(refusal.value) == f"“{value}” is not a number."


def test_a_whole_number_has_nothing_after_its_mark():
    assert parse_integer("4.0", POINT) == 4
    assert parse_integer("1.234", COMMA) == 1234
    assert parse_integer("", POINT) is None
    with pytest.raises(BadValue, match=r"^“4\.5” is not a whole number\.$"):
        parse_integer("4.5", POINT)


@PATIENT
@given(st.lists(st.decimals(-(10**12), 10**12, places=2), min_size=1), st.booleans())
def test_every_written_column_of_numbers_reads_back(numbers, comma):
    written = [f"{number:,.2f}" for number in numbers]
    if comma:
        written = [text.translate(str.maketrans(",.", ".,")) for text in written]

    found = column(*written)

    assert found.decimal_mark == ("," if comma else ".")
    assert [parse_decimal(text, found) for text in written] == numbers


# --- yes and no, blanks, text --------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [("TRUE", "FALSE"), ("yes", "no"), ("Ja", "Nein"), ("y", "N"), ("TRUE", "0")])
def test_yes_and_no_are_known_in_many_words(words):
    assert column(*words, "") == ColumnFormat("boolean", filled=2, blank=1)
    assert [parse_bool(word) for word in words] == [True, False]


def test_ones_and_zeros_are_numbers_that_may_be_read_as_yes_and_no():
    assert column("1", "0").kind == "integer"
    assert [parse_bool(value) for value in ("1", "0", "")] == [True, False, None]


def test_maybe_is_neither_yes_nor_no():
    with pytest.raises(BadValue, match=r"^“maybe” is neither yes nor no\.$"):
        parse_bool("maybe")


def test_a_long_value_is_quoted_in_short():
    with pytest.raises(BadValue) as refusal:
        parse_bool("x" * 100)

    assert str(refusal.value) == f"“{'x' * 39}…” is neither yes nor no."


def test_a_column_without_values_is_blank():
    assert column("", " ", "-") == ColumnFormat("blank", blank=3)


def test_text_stays_text():
    assert column("Anna", "Bob", "12", "").kind == "text"


def test_short_and_long_rows_are_borne():
    rows = csv.DictReader(["a,b", "1", "2,3,4"])

    assert guess_columns(rows) == {
        "a": ColumnFormat("integer", decimal_mark=".", filled=2),
        "b": ColumnFormat("integer", decimal_mark=".", filled=1, blank=1),
    }


def test_no_rows_have_no_columns():
    assert guess_columns([]) == {}


VALUES = st.text() | st.from_regex(r"[0-9 .,:/TZ+-]{0,20}", fullmatch=True)


@PATIENT
@given(st.lists(VALUES, min_size=1))
def test_as_many_values_are_refused_as_were_counted(values):
    found = column(*values)

    reading = {
        "date": lambda value: parse_date(value, found),
        "datetime": lambda value: parse_date(value, found),
        "integer": lambda value: parse_integer(value, found),
        "decimal": lambda value: parse_decimal(value, found),
        "boolean": parse_bool,
    }.get(found.kind)
    refused = 0
    for value in values if reading else ():
        try:
            reading(value)
        except BadValue:
            refused += 1
    # A code with leading zeros counts as a misfit, though it can be read.
    assert refused <= found.misfits
    assert found.filled + found.blank == len(values)


@PATIENT
@given(st.text(), st.sampled_from([DAY_FIRST, MONTH_FIRST, ISO, POINT, COMMA]))
def test_any_text_is_read_or_refused(value, fmt):
    for parse in (parse_date, parse_datetime, parse_decimal, parse_integer):
        try:
            parse(value, fmt)
        except BadValue as refusal:
            assert str(refusal).startswith("“")  # noqa: PT017 -- most values are fine, so raises() would not fit


# --- the public data set -------------------------------------------------------------------------------------------

KINDS = {
    "ravenstack_accounts.csv": {
        "signup_date": "date",
        "seats": "integer",
        "is_trial": "boolean",
        "churn_flag": "boolean",
    },
    "ravenstack_churn_events.csv": {
        "churn_date": "date",
        "refund_amount_usd": "decimal",
        "preceding_upgrade_flag": "boolean",
        "preceding_downgrade_flag": "boolean",
        "is_reactivation": "boolean",
    },
    "ravenstack_feature_usage.csv": {
        "usage_date": "date",
        "usage_count": "integer",
        "usage_duration_secs": "integer",
        "error_count": "integer",
        "is_beta_feature": "boolean",
    },
    "ravenstack_subscriptions.csv": {
        "start_date": "date",
        "end_date": "date",
        "seats": "integer",
        "mrr_amount": "integer",
        "arr_amount": "integer",
        "is_trial": "boolean",
        "upgrade_flag": "boolean",
        "downgrade_flag": "boolean",
        "churn_flag": "boolean",
        "auto_renew_flag": "boolean",
    },
    "ravenstack_supports_ticket.csv": {
        "submitted_at": "date",
        "closed_at": "datetime",
        "resolution_time_hours": "integer",
        "first_response_time_minutes": "integer",
        "satisfaction_score": "integer",
        "escalation_flag": "boolean",
    },
    "people.csv": {},
}


@pytest.mark.skipif(not RAVENSTACK.is_dir(), reason="the public data set lies beside the repository")
@pytest.mark.parametrize("name", KINDS)
def test_every_file_of_the_data_set_is_read_without_being_told_how(name):
    data = (RAVENSTACK / name).read_bytes()

    form = guess_file(data[:65_536], guess_encoding([data]))
    columns = guess_columns(csv.DictReader(data.decode(form.encoding).splitlines(), delimiter=form.delimiter))

    people = name == "people.csv"
    assert form == FileFormat("utf-8" if people else "utf-8-sig", ";" if people else ",")
    assert {column: found.kind for column, found in columns.items() if found.kind != "text"} == KINDS[name]
    assert {found.date_order for found in columns.values()} <= {None, "day_first"}
    assert [name for name, found in columns.items() if found.ambiguous or found.misfits] == []
