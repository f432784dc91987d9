"""From a cell to a value of the database, or a sentence why not."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.imports import formats
from accounts.imports.formats import BadValue, ColumnFormat
from accounts.imports.registry import Field
from accounts.mail.actions import normalize_email
from accounts.tenancy import money

PLAIN = ColumnFormat("text", date_order="iso", decimal_mark=".")
LARGEST = 2**31 - 1
LARGEST_MINOR = 2**63 - 1
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


@dataclass(frozen=True)
class Reader:
    """How the cells of one file are read."""

    formats: Mapping[str, ColumnFormat]
    zone: tzinfo
    currency: str

    def values(self, fields: list[Field], cells: Mapping[str, str]) -> dict[str, Any]:
        """The value of each field, None for a blank. Raises BadValue in words, naming the field."""
        currency = self._currency(cells)
        return {field.name: self._value(field, cells.get(field.name, ""), currency) for field in fields}

    def _currency(self, cells: Mapping[str, str]) -> str:
        code = cells.get("currency", "").strip().upper() or self.currency
        try:
            money.decimals(code)
        except money.MoneyError as error:
            raise BadValue(str(error)) from error
        return code

    def _value(self, field: Field, text: str, currency: str) -> Any:
        if field.type == "currency":
            return currency
        column = self.formats.get(field.name, PLAIN)
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


_SHAPES: dict[str, Callable[[str], str]] = {"email": _email, "zone": _zone, "country": _country}


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
