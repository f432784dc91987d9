from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.tenancy import money
from accounts.tenancy.money import CurrencyMismatch, Money, MoneyError, TooPrecise, UnknownCurrency, from_decimal

# A busy machine is no failure: the first holidays of a country or the first use of a locale take their time.
PATIENT = settings(deadline=None)

CURRENCIES = st.sampled_from(sorted(money.currencies()))


def test_one_currency_adds_and_subtracts():
    assert Money(1050, "USD") + Money(50, "USD") == Money(1100, "USD")
    assert Money(1050, "USD") - Money(2000, "USD") == Money(-950, "USD")
    assert -Money(5, "EUR") == Money(-5, "EUR")


def test_one_currency_sorts():
    assert sorted([Money(3, "EUR"), Money(1, "EUR"), Money(2, "EUR")]) == [Money(n, "EUR") for n in (1, 2, 3)]
    assert Money(3, "EUR") > Money(2, "EUR")
    assert Money(3, "EUR") >= Money(3, "EUR")


@pytest.mark.parametrize("operation", ["__add__", "__sub__", "__lt__", "__le__"])
def test_two_currencies_never_meet(operation):
    with pytest.raises(CurrencyMismatch, match=r"^USD and EUR cannot be summed without a recorded rate\.$"):
        getattr(Money(1, "USD"), operation)(Money(1, "EUR"))


def test_a_bare_number_is_not_money():
    with pytest.raises(TypeError):
        Money(1, "USD") + 1


@pytest.mark.parametrize("code", ["", "usd", "US", "XXX", "BTC", "DEM", "ZZZ", "USDD", "U$D"])
def test_an_unknown_currency_is_refused(code):
    with pytest.raises(UnknownCurrency, match=f"“{code}” is not a currency we know".replace("$", r"\$")):
        Money(1, code)


@pytest.mark.parametrize("amount", [1.0, Decimal(1), "1", True, None])
def test_an_amount_is_a_whole_number(amount):
    with pytest.raises(TypeError):
        Money(amount, "USD")


def test_money_cannot_be_changed():
    with pytest.raises(AttributeError):
        Money(1, "USD").amount = 2


@pytest.mark.parametrize(
    ("value", "currency", "expected"),
    [
        ("10.5", "USD", 1050),
        ("10.500", "USD", 1050),
        ("-0.01", "EUR", -1),
        ("1E+3", "JPY", 1000),
        ("1000.0", "JPY", 1000),
        ("1.234", "KWD", 1234),
        ("0E+999999", "USD", 0),
        ("-0.000", "USD", 0),
        ("123456789012345678901234567890.12", "USD", 12345678901234567890123456789012),
    ],
)
def test_decimals_become_minor_units(value, currency, expected):
    assert from_decimal(Decimal(value), currency) == Money(expected, currency)


@pytest.mark.parametrize(
    ("value", "currency", "sentence"),
    [
        ("1.5", "JPY", "JPY has no decimals."),
        ("1.005", "USD", "USD has 2 decimals."),
        ("0.00001", "KWD", "KWD has 3 decimals."),
        ("1E-999999", "USD", "USD has 2 decimals."),
        ("1E-40", "USD", "USD has 2 decimals."),
    ],
)
def test_excess_precision_is_refused_not_rounded(value, currency, sentence):
    with pytest.raises(TooPrecise) as refusal:
        from_decimal(Decimal(value), currency)

    assert str(refusal.value) == sentence


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "sNaN", "1E+999999"])
def test_what_is_no_amount_is_refused(value):
    with pytest.raises(MoneyError):
        from_decimal(Decimal(value), "USD")


@PATIENT
@given(st.integers(-(10**18), 10**18), CURRENCIES)
def test_decimal_and_minor_units_are_the_same_money(amount, currency):
    original = Money(amount, currency)

    assert from_decimal(original.to_decimal(), currency) == original


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "expected"),
    [
        (100000, "USD", "en_US", "$1,000"),
        (1050, "USD", "en_US", "$10.50"),
        (-100000, "USD", "en_US", "\u2212$1,000"),
        (-5, "EUR", "en_US", "\u2212€0.05"),
        (0, "USD", "en_US", "$0"),
        (1000, "JPY", "en_US", "¥1,000"),
        (1001, "KWD", "en_US", "KWD\xa01.001"),
        (100000, "EUR", "de_DE", "1.000\xa0€"),
        (123456, "EUR", "de_DE", "1.234,56\xa0€"),
    ],
)
def test_money_reads_as_people_write_it(amount, currency, locale, expected):
    assert money.format(Money(amount, currency), locale) == expected


@PATIENT
@given(st.integers(-(10**15), 10**15), CURRENCIES, st.sampled_from(["en_US", "de_DE", "fr_FR", "ja_JP", "hi_IN"]))
def test_no_digit_is_lost_in_print(amount, currency, locale):
    text = money.format(Money(amount, currency), locale)

    digits = "".join(character for character in text if character.isdigit())
    places = money.decimals(currency)
    whole = abs(amount) % 10**places == 0
    assert int(digits) == (abs(amount) // 10**places if whole else abs(amount))
    assert text.startswith("\u2212") == (amount < 0)
