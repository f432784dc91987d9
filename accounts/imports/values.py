"""From a cell to a value of the database, or a sentence why not."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import available_timezones

from babel import Locale
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.customers.validity import normalize_domain
from accounts.imports import formats
from accounts.imports.formats import BadValue, ColumnFormat
from accounts.imports.registry import Field
from accounts.mail.actions import normalize_email
from accounts.tenancy import money

PLAIN = ColumnFormat("text", date_order="iso", decimal_mark=".")
LARGEST = 2**31 - 1
LARGEST_MINOR = 2**63 - 1
# So many different texts of a column are kept: a column of addresses never repeats one.
REMEMBERED = 20_000
SQL_TYPES = {
    "date": "date",
    "month": "date",
    "moment": "timestamptz",
    "integer": "bigint",
    "money": "bigint",
    "yes_no": "boolean",
}


def sql_type(field: Field) -> str:
    """The column type in which a field waits to be stored."""
    return SQL_TYPES.get(field.type, "text")


class Values(NamedTuple):
    """A block of rows by columns: the value of every field in every row, and why some rows cannot be taken."""

    columns: dict[str, Sequence[Any]]
    refused: dict[int, str]


class Reader:
    """How the cells of one file are read. Column by column: a loop over a list costs a tenth of a loop over rows."""

    def __init__(self, formats: Mapping[str, ColumnFormat], zone: tzinfo, currency: str) -> None:
        self.formats, self.zone, self.currency = formats, zone, currency
        self._memories: dict[str, _Memory] = {}

    def block(self, fields: Sequence[Field], cells: Mapping[str, Sequence[str]], size: int) -> Values:
        """Read `size` rows at once; `cells` has the texts of each column told. A row is refused for its first fault."""
        values = Values({}, {})
        refused = values.refused
        currencies = self._currencies(cells, size, refused)
        for field in fields:
            if field.type == "currency":
                values.columns[field.name] = currencies
            elif field.name not in cells:
                values.columns[field.name] = [None] * size
            else:
                values.columns[field.name] = self._column(field, cells[field.name], currencies, refused)
        return values

    def _currencies(self, cells: Mapping[str, Sequence[str]], size: int, refused: dict[int, str]) -> Sequence[str]:
        if "currency" not in cells:
            return [self.currency] * size
        return _told(self._memory("currency", self._code), cells["currency"], refused)

    def _code(self, text: str) -> str:
        code = text.strip().upper() or self.currency
        try:
            money.decimals(code)
        except money.MoneyError as error:
            raise BadValue(str(error)) from error
        return code

    def _column(
        self, field: Field, texts: Sequence[str], currencies: Sequence[str], refused: dict[int, str]
    ) -> Sequence[Any]:
        if field.type == "text" and (plain := _plain_texts(texts, field.limit)) is not None:
            return plain
        if field.type == "email" and (plain := _plain_addresses(texts, field.limit)) is not None:
            return plain
        column = self.formats.get(field.name, PLAIN)
        if field.type == "money":
            memory = self._memory(field.name, lambda pair: self._named(field, pair[0], column, pair[1]))
            return _told(memory, list(zip(texts, currencies, strict=True)), refused)
        memory = self._memory(field.name, lambda text: self._named(field, text, column, ""))
        return _told(memory, texts, refused)

    def _memory(self, name: str, read: Callable[[Any], Any]) -> "_Memory":
        memory = self._memories.get(name)
        if memory is None or len(memory) > REMEMBERED:
            memory = self._memories[name] = _Memory(read)
        return memory

    def _named(self, field: Field, text: str, column: ColumnFormat, currency: Any) -> Any:
        try:
            return self._read(field, text, column, currency)
        except BadValue as error:
            raise BadValue(f"{field.name}: {error}") from error

    def _read(self, field: Field, text: str, column: ColumnFormat, currency: str) -> Any:
        match field.type:
            case "date":
                return formats.parse_date(text, column)
            case "moment":
                return formats.parse_datetime(text, column, self.zone)
            case "month":
                return _month(text, column)
            case "integer":
                return _integer(text, column)
            case "money":
                return _minor(text, column, currency)
            case "yes_no":
                return formats.parse_bool(text)
            case "choice":
                return _choice(text, field)
            case _:
                return _word(text, field)


class _Memory(dict[Any, Any]):
    """What each text of a column is, read when it first comes; a BadValue stands for itself."""

    def __init__(self, read: Callable[[Any], Any]) -> None:
        super().__init__()
        self._read, self.has_faults = read, False

    def __missing__(self, text: Any) -> Any:
        try:
            value = self._read(text)
        except BadValue as error:
            value, self.has_faults = error, True
        self[text] = value
        return value


def _told(memory: _Memory, texts: Sequence[Any], refused: dict[int, str]) -> Sequence[Any]:
    values = list(map(memory.__getitem__, texts))
    if memory.has_faults:
        for row, value in enumerate(values):
            if isinstance(value, BadValue):
                refused.setdefault(row, str(value))
                values[row] = None
    return values


def _plain_texts(texts: Sequence[str], limit: int) -> list[str] | None:
    """The texts trimmed, where all of them fit; a blank is an empty text."""
    trimmed = list(map(str.strip, texts))
    return trimmed if max(map(len, trimmed), default=0) <= limit else None


# Addresses as nearly all are; every other one goes to Django's own check. Its rules are a part of those.
_PLAIN_ADDRESS = re.compile(
    r"(?:[a-z0-9_+%-]+(?:\.[a-z0-9_+%-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})?", re.ASCII
)


def _plain_addresses(texts: Sequence[str], limit: int) -> list[str] | None:
    addresses = list(map(str.lower, map(str.strip, texts)))
    fit = max(map(len, addresses), default=0) <= limit
    return addresses if fit and all(map(_PLAIN_ADDRESS.fullmatch, addresses)) else None


def _word(text: str, field: Field) -> str | None:
    text = text.strip()
    if not text:
        return None
    if len(text) > field.limit:
        raise BadValue(f"This text has {len(text)} letters; {field.limit} fit.")
    return _SHAPES[field.type](text) if field.type in _SHAPES else text


def _email(text: str) -> str:
    address = normalize_email(text)
    try:
        validate_email(address)
    except ValidationError:
        raise BadValue(f"“{text}” is not an e-mail address.") from None
    return address


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(text: str) -> str:
    if text not in _zones():
        raise BadValue(f"“{text}” is not a time zone. Use a name like Europe/Berlin.")
    return text


@cache
def _countries() -> dict[str, str]:
    territories = {code: name for code, name in Locale("en").territories.items() if re.fullmatch("[A-Z]{2}", code)}
    # What people write instead of the ISO code.
    spoken = {"UK": "GB", "EL": "GR", "USA": "US", "ENGLAND": "GB", "GREAT BRITAIN": "GB", "UNITED STATES": "US"}
    return {code: code for code in territories} | {name.upper(): code for code, name in territories.items()} | spoken


def _country(text: str) -> str:
    code = _countries().get(text.upper())
    if code is None:
        raise BadValue(f"“{text}” is not a country. Use its two letters, like DE.")
    return code


def _domain(text: str) -> str:
    try:
        return normalize_domain(text)
    except ValidationError as error:
        raise BadValue(str(error.message)) from None


_SHAPES: dict[str, Callable[[str], str]] = {"email": _email, "zone": _zone, "country": _country, "domain": _domain}


def _choice(text: str, field: Field) -> str | None:
    word = text.strip().lower()
    if not word:
        return None
    if word not in field.choices:
        raise BadValue(f"“{text.strip()[:40]}” is not one of {', '.join(sorted(field.choices))}.")
    return field.choices[word]


def _month(text: str, column: ColumnFormat) -> Any:
    month = re.fullmatch(r"\s*([0-9]{4})[-/.]([0-9]{1,2})\s*", text)
    day = formats.parse_date(f"{month[1]}-{month[2]}-01", PLAIN) if month else formats.parse_date(text, column)
    return day.replace(day=1) if day else None


def _integer(text: str, column: ColumnFormat) -> int | None:
    number = formats.parse_integer(text, column)
    if number is not None and not 0 <= number <= LARGEST:
        raise BadValue(f"{number} is not a number from 0 to {LARGEST}.")
    return number


def _minor(text: str, column: ColumnFormat, currency: str) -> int | None:
    number = formats.parse_decimal(text, column)
    if number is None:
        return None
    try:
        amount = money.from_decimal(number, currency).amount
    except money.MoneyError as error:
        raise BadValue(f"“{text.strip()[:40]}”: {error}") from error
    if abs(amount) > LARGEST_MINOR:
        raise BadValue("This amount is too large.")
    return amount
