"""What a customer's fields may hold. Each check raises Django's ValidationError with a sentence."""

import json
import re
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

ATTRIBUTES_LIMIT = 16_384  # bytes of JSON
_DOMAIN = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+")


@cache
def _countries() -> frozenset[str]:
    territories: dict[str, str] = dict(Locale("en").territories)
    return frozenset(code for code in territories if len(code) == 2 and code.isalpha()) - {"ZZ", "EU", "EZ", "UN"}


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def check_country(value: str) -> None:
    """An ISO 3166 code of two capital letters, or empty."""
    if value and value not in _countries():
        raise ValidationError(f"“{value}” is not a country we know. Use two letters, like DE or US.", code="country")


def check_timezone(value: str) -> None:
    """A name of the IANA database, or empty."""
    if value and value not in _zones():
        raise ValidationError(f"“{value}” is not a time zone we know. Use a name like Europe/Berlin.", code="timezone")


def check_attributes(value: Any) -> None:
    """A JSON object of at most 16 kB."""
    if not isinstance(value, dict):
        raise ValidationError("Give an object with names and values.", code="attributes")
    if len(json.dumps(value, ensure_ascii=False).encode()) > ATTRIBUTES_LIMIT:
        raise ValidationError("These attributes hold more than 16 kB.", code="attributes")


def check_email(value: str) -> None:
    """An address mail can be sent to, or empty."""
    if not value:
        return
    try:
        validate_email(value)
    except ValidationError as error:
        raise ValidationError(
            "This is not a complete address, such as jamie@northwind.example.", code="email"
        ) from error


def normalize_domain(value: str) -> str:
    """The bare host of a domain or web address: trimmed, lower case, in ASCII. Raises ValidationError."""
    text = value.strip().lower().partition("://")[2] or value.strip().lower()
    host = text.partition("/")[0].removeprefix("www.").rstrip(".")
    try:
        host = host.encode("idna").decode("ascii")
    except UnicodeError:
        host = ""
    if len(host) > 253 or not _DOMAIN.fullmatch(host):
        raise ValidationError(f"“{value[:80]}” is not a domain, such as northwind.example.", code="domain")
    return host


def check_domain(value: str) -> None:
    """A domain or a web address with one."""
    normalize_domain(value)
