"""How the columns of a table are written (dates, numbers, yes and no), judged by the whole column, not one value.

`guess_columns` looks at all rows once; afterwards the `parse_` functions read single values with what it found.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Literal

Kind = Literal["blank", "boolean", "integer", "decimal", "date", "datetime", "text"]
DateOrder = Literal["iso", "day_first", "month_first"]

_ORDERS: tuple[DateOrder, ...] = ("iso", "day_first", "month_first")

# So many of a column's values must fit, or it is text: one "see notes" among a thousand dates is a bad value.
FITTING_SHARE = 0.9

TRUE = frozenset({"true", "yes", "y", "ja", "j", "oui", "si", "sí", "wahr", "on", "1"})
FALSE = frozenset({"false", "no", "n", "nein", "non", "falsch", "off", "0"})
BLANKS = frozenset({"", "-", "–", "—", "n/a", "#n/a", "na", "nan", "null", "none", "nil"})

_DATE = r"(?P<a>[0-9]{1,4})(?P<mark>[-/.])(?P<b>[0-9]{1,2})(?P=mark)(?P<c>[0-9]{1,4})"
_TIME = (
    r"(?P<h>[0-9]{1,2}):(?P<m>[0-9]{2})(?::(?P<s>[0-9]{2})(?:[.,](?P<f>[0-9]{1,9}))?)?"
    r"(?:\s*(?P<half>[aApP])\.?[mM]\.?)?"
)
_OFFSET = r"(?:\s*(?P<utc>Z|z|UTC)|\s*(?P<sign>[+-])(?P<oh>[0-9]{2}):?(?P<om>[0-9]{2}))?"
_MOMENT = re.compile(rf"{_DATE}(?:(?:[Tt]|,?\s+){_TIME}{_OFFSET})?")

_CURRENCY = re.compile(r"^(?:[A-Z]{3}|[$€£¥₹])\s*(?=[-+0-9])|(?<=[0-9])\s*(?:[A-Z]{3}|[$€£¥₹])$")
_POINT = re.compile(
    r"[-+]?(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,2}(?:[ '][0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|[-+]?\.[0-9]+"
)
_COMMA = re.compile(
    r"[-+]?(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[1-9][0-9]{0,2}(?:[ '][0-9]{3})+|[0-9]+)(?:,[0-9]+)?|[-+]?,[0-9]+"
)
_LOOKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2019": "'", "\u2212": "-"})


class BadValue(ValueError):
    """A value its column's format cannot read; the message quotes it in a sentence."""


@dataclass(frozen=True)
class ColumnFormat:
    """How one column is written. `ambiguous`: every value fits another reading too; `stated` says which was taken.

    `filled` and `blank` count values, `misfits` the filled ones that will raise BadValue.
    """

    kind: Kind
    date_order: DateOrder | None = None
    decimal_mark: Literal[".", ","] | None = None
    ambiguous: bool = False
    stated: str = ""
    filled: int = 0
    blank: int = 0
    misfits: int = 0


def guess_columns(
    rows: Iterable[Mapping[str, str | None]], expected: Mapping[str, Literal["date", "number"]] | None = None
) -> dict[str, ColumnFormat]:
    """Return the format of each column, looking once at rows as csv.DictReader yields them; a lacking cell is blank.

    `expected` names columns known to hold dates or numbers: there two good values of five are read, three are misfits.
    """
    seen = Guesses()
    for row in rows:
        for name, value in row.items():
            if isinstance(name, str):  # DictReader keeps the cells beyond the last column under None
                seen.look(name, [value if isinstance(value, str) else ""])
    return seen.decide(expected or {})


class Guesses:
    """What the values of columns could be, counted as they come: a long column has few different sets of readings."""

    def __init__(self) -> None:
        self._seen: dict[str, Counter[tuple[str, ...]]] = {}

    def look(self, name: str, values: Sequence[str]) -> None:
        """Count some values of a column."""
        column = self._seen.setdefault(name, Counter())
        for value, times in Counter(values).items():
            column[_readings(value)] += times

    def decide(self, expected: Mapping[str, Literal["date", "number"]]) -> dict[str, ColumnFormat]:
        """Return the format of each column looked at; `expected` as for `guess_columns`."""
        return {name: _decide(_added_up(column), expected.get(name)) for name, column in self._seen.items()}


def parse_date(value: str, column: ColumnFormat) -> date | None:
    """Return the day of a date, with or without a time; None for a blank. Raises BadValue."""
    text = _clean(value)
    if _is_blank(text):
        return None
    match = _MOMENT.fullmatch(text)
    day = _day(match, column.date_order or "iso") if match else None
    if match is None or day is None or _clock(match) is None:
        raise BadValue(f"{_quoted(value)} is not a date.")
    return day


def parse_datetime(value: str, column: ColumnFormat, zone: tzinfo = UTC) -> datetime | None:
    """Return an aware UTC datetime; None for a blank. Without an offset of its own the value is a time in `zone`.

    A date without a time is its midnight. Raises BadValue.
    """
    day = parse_date(value, column)
    if day is None:
        return None
    match = _MOMENT.fullmatch(_clean(value))
    clock = _clock(match) if match else None
    if match is None or clock is None:
        raise BadValue(f"{_quoted(value)} is not a date.")
    try:
        return datetime.combine(day, clock, _offset(match) or zone).astimezone(UTC)
    except (OverflowError, ValueError):  # an offset of 99 hours; a day at the very end of the calendar
        raise BadValue(f"{_quoted(value)} is not a time.") from None


def parse_decimal(value: str, column: ColumnFormat) -> Decimal | None:
    """Return a number, without its currency sign; None for a blank. Raises BadValue."""
    text = _number_text(value)
    if _is_blank(text):
        return None
    comma = column.decimal_mark == ","
    if not (_COMMA if comma else _POINT).fullmatch(text):
        raise BadValue(f"{_quoted(value)} is not a number.")
    bare = text.replace(" ", "").replace("'", "")
    return Decimal(bare.replace(".", "").replace(",", ".") if comma else bare.replace(",", ""))


def parse_integer(value: str, column: ColumnFormat) -> int | None:
    """Return a whole number ("4" and "4.0"); None for a blank. Raises BadValue."""
    number = parse_decimal(value, column)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise BadValue(f"{_quoted(value)} is not a whole number.")
    return int(number)


def parse_bool(value: str) -> bool | None:
    """Return yes or no; None for a blank. Raises BadValue."""
    word = _clean(value).lower()
    if word in TRUE or word in FALSE:
        return word in TRUE
    if word in BLANKS:
        return None
    raise BadValue(f"{_quoted(value)} is neither yes nor no.")


@lru_cache(maxsize=8192)
def _readings(value: str) -> tuple[str, ...]:
    """Return all that a value could be; the same few values make up most of a file."""
    text = _clean(value)
    if _is_blank(text):
        return ("blank",)
    found = ["filled"]
    word = text.lower()
    if word in TRUE or word in FALSE:
        found += ["boolean"] if word in {"0", "1"} else ["boolean", "boolean_word"]
    match = _MOMENT.fullmatch(text)
    if match and _clock(match) is not None:
        found += [order for order in _ORDERS if _day(match, order)]
        found += [f"mark_{match['mark']}"] + ["time"] * (match["h"] is not None)
    return (*found, *_number_readings(value))


def _number_readings(value: str) -> list[str]:
    text = _number_text(value)
    # "00123" is a code, and reading it as a number would lose its zeros.
    if re.match(r"[-+]?0[0-9]", text):
        return []
    found = []
    for reading, pattern, mark in (("point", _POINT, "."), ("comma", _COMMA, ",")):
        if pattern.fullmatch(text):
            found += [reading] if mark in text else [reading, f"{reading}_whole"]
    both = "point" in found and "comma" in found
    return [*found, "either_mark"] if both and ("." in text or "," in text) else found


def _added_up(column: Counter[tuple[str, ...]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for readings, times in column.items():
        for reading in readings:
            counts[reading] += times
    return counts


def _decide(counts: Counter[str], expected: str | None = None) -> ColumnFormat:
    base = ColumnFormat("text", filled=counts["filled"], blank=counts["blank"])
    enough = FITTING_SHARE * base.filled
    if not base.filled:
        return replace(base, kind="blank")
    if expected == "date":
        return _decide_date(counts, base)
    if expected == "number":
        return _decide_number(counts, base)
    if counts["boolean_word"] and counts["boolean"] >= enough:
        return replace(base, kind="boolean", misfits=base.filled - counts["boolean"])
    if max(counts["iso"], counts["day_first"], counts["month_first"]) >= enough:
        return _decide_date(counts, base)
    if max(counts["point"], counts["comma"]) >= enough:
        return _decide_number(counts, base)
    return base


def _decide_date(counts: Counter[str], base: ColumnFormat) -> ColumnFormat:
    kind: Kind = "datetime" if counts["time"] else "date"
    day, month = counts["day_first"], counts["month_first"]
    # Year-first dates are read whatever the order, so they count for both.
    fitting = max(day, month)
    misfits = base.filled - fitting
    base = replace(base, kind=kind, misfits=misfits)
    if counts["iso"] == fitting:
        return replace(base, date_order="iso", stated="Dates begin with the year.")
    if day > month:
        return replace(base, date_order="day_first", stated="Dates begin with the day.")
    if month > day:
        return replace(base, date_order="month_first", stated="Dates begin with the month.")
    # Slashes are an American habit more than any other mark.
    order: DateOrder = "month_first" if counts["mark_/"] > base.filled / 2 else "day_first"
    first = "month" if order == "month_first" else "day"
    stated = (
        f"These dates could begin with the day or the month; they are read {first} first. Change it if that is wrong."
    )
    return replace(base, date_order=order, ambiguous=True, stated=stated)


def _decide_number(counts: Counter[str], base: ColumnFormat) -> ColumnFormat:
    comma = counts["comma"] > counts["point"]
    reading = "comma" if comma else "point"
    fitting = counts[reading]
    kind: Kind = "integer" if counts[f"{reading}_whole"] == fitting else "decimal"
    base = replace(base, kind=kind, decimal_mark="," if comma else ".", misfits=base.filled - fitting)
    if counts["either_mark"] and counts["comma"] == counts["point"]:
        stated = (
            "“1,234” could be a thousand or one and a bit; a point is read as the decimal mark. Change it if wrong."
        )
        return replace(base, ambiguous=True, stated=stated)
    return base


def _day(match: re.Match[str], order: DateOrder) -> date | None:
    a, b, c = match["a"], match["b"], match["c"]
    if len(a) == 4 and len(c) <= 2:
        year, month, day = int(a), int(b), int(c)
    elif order == "iso" or len(a) > 2 or len(c) not in {2, 4}:
        return None
    else:
        # Two digits as POSIX reads them: 69 is 1969, 68 is 2068.
        year = int(c) if len(c) == 4 else int(c) + (1900 if int(c) >= 69 else 2000)
        day, month = (int(a), int(b)) if order == "day_first" else (int(b), int(a))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock(match: re.Match[str]) -> time | None:
    """Return the time in a match, midnight if it has none, None for a time no clock shows."""
    if match["h"] is None:
        return time()
    hour, half = int(match["h"]), (match["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (half == "p")
    try:
        return time(hour, int(match["m"]), int(match["s"] or 0), int((match["f"] or "0").ljust(6, "0")[:6]))
    except ValueError:
        return None


def _offset(match: re.Match[str]) -> tzinfo | None:
    if match["utc"]:
        return UTC
    if not match["sign"]:
        return None
    offset = timedelta(hours=int(match["oh"]), minutes=int(match["om"]))
    return timezone(-offset if match["sign"] == "-" else offset)


def _clean(value: str) -> str:
    return value.translate(_LOOKS).strip()


def _number_text(value: str) -> str:
    return _CURRENCY.sub("", _clean(value), count=1)


def _is_blank(text: str) -> bool:
    return text.lower() in BLANKS


def _quoted(value: str) -> str:
    text = value.strip()
    return f"“{text if len(text) <= 40 else text[:39] + '…'}”"
