"""Money: a whole number of minor units and a currency. Never a float, never two currencies in one sum."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.core import get_global
from babel.numbers import format_currency, get_currency_precision


class MoneyError(ValueError):
    """An amount or a currency that cannot be money; the message is a sentence for a person."""


class UnknownCurrency(MoneyError):
    """Not the code of a currency in use today."""


class CurrencyMismatch(MoneyError):
    """Two currencies in one sum."""


class TooPrecise(MoneyError):
    """More decimals than the currency has."""


@cache
def currencies() -> frozenset[str]:
    """Return the ISO 4217 codes that are legal tender somewhere today."""
    return frozenset(
        code
        for periods in get_global("territory_currencies").values()
        for code, _start, end, is_tender in periods
        if is_tender and end is None
    )


def decimals(currency: str) -> int:
    """Return how many decimals a currency has. Raises UnknownCurrency."""
    if currency not in currencies():
        raise UnknownCurrency(f"“{currency}” is not a currency we know. Use a code of three letters, like USD or EUR.")
    return get_currency_precision(currency)


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` minor units (cents) of `currency`. Raises UnknownCurrency, and TypeError for an amount not an int."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, int) or isinstance(self.amount, bool):
            raise TypeError(f"Money counts whole minor units, not {self.amount!r}.")
        decimals(self.currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other).amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other).amount, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other).amount

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other).amount

    def to_decimal(self) -> Decimal:
        """Return the amount in major units: 1050 US cents are Decimal("10.50")."""
        return Decimal(self.amount).scaleb(-decimals(self.currency))

    def _same(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            raise TypeError(f"Money and {type(other).__name__} cannot be summed or compared.")
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be summed without a recorded rate.")
        return other


def from_decimal(value: Decimal, currency: str) -> Money:
    """Return `value` major units as Money. Raises TooPrecise rather than rounding, UnknownCurrency, MoneyError."""
    places = decimals(currency)
    if not value.is_finite():
        raise MoneyError("An amount must be a number.")
    if not value:
        return Money(0, currency)
    if value.adjusted() > 30:
        raise MoneyError("This amount is too large.")
    # By digits, not by arithmetic: the decimal context would round a long amount without a word.
    sign, digits, exponent = value.as_tuple()
    shift = int(exponent) + places
    number = int("".join(map(str, digits)))
    minor, lost = (number * 10**shift, 0) if shift >= 0 else divmod(number, 10 ** min(-shift, len(digits)))
    if lost:
        raise TooPrecise(_precision_sentence(currency, places))
    return Money(-minor if sign else minor, currency)


def format(money: Money, locale: str | Locale = "en_US") -> str:  # noqa: A001 -- reads well as money.format()
    """Return the amount for people: "$1,000" without empty cents, "$10.50", and a true minus sign."""
    whole = money.amount % 10 ** decimals(money.currency) == 0
    text = format_currency(
        abs(money.to_decimal()),
        money.currency,
        locale=locale,
        decimal_quantization=not whole,
        currency_digits=not whole,
        format=_whole_pattern(str(locale)) if whole else None,
    )
    # CLDR asks for a space between a code and its number, which babel leaves out: "KWD 1.001".
    text = re.sub(r"([^\W\d_])(?=\d)", "\\1\u00a0", text)
    return f"\u2212{text}" if money.amount < 0 else text


@cache
def _whole_pattern(locale: str) -> str:
    pattern: str = Locale.parse(locale, sep="_").currency_formats["standard"].pattern
    return pattern.split(";")[0].replace(".00", "")


def _precision_sentence(currency: str, places: int) -> str:
    if places == 0:
        return f"{currency} has no decimals."
    return f"{currency} has {places} decimals."
