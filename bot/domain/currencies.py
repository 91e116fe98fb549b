"""Real money: which currencies there are, and what their smallest unit is."""

from decimal import Decimal

from babel.core import get_global
from babel.numbers import get_currency_precision

from bot.domain.errors import InvalidAmount, InvalidCurrency
from bot.domain.packages import MAX_PRICE_MINOR


def check_currency(code: str) -> str:
    """Return `code` in upper case if CLDR knows it as a currency of today; raise InvalidCurrency."""
    wanted = code.strip().upper()
    if wanted not in _current():
        raise InvalidCurrency(code[:20])
    return wanted


def minor_digits(currency: str) -> int:
    """Return how many decimal digits `currency` has: 2 for USD, 0 for JPY, 3 for KWD."""
    return get_currency_precision(currency)


def parse_price(typed: str, currency: str) -> int:
    """Return a price as typed ("4.99", "4,99", "500") in minor units of `currency`; raise InvalidAmount.

    Text all the way: a price never becomes a float.
    """
    digits = minor_digits(currency)
    whole, separator, fraction = typed.strip().replace(",", ".").partition(".")
    plain = whole.isascii() and whole.isdigit() and len(whole) <= 9
    cents = fraction.isascii() and fraction.isdigit() and len(fraction) <= digits if separator else True
    value = int(whole + fraction.ljust(digits, "0")) if plain and cents else 0
    if not 1 <= value <= MAX_PRICE_MINOR:
        raise InvalidAmount(typed[:20], 1, MAX_PRICE_MINOR)
    return value


def price_as_typed(minor: int, currency: str) -> str:
    """Return a price in minor units of `currency` as `parse_price` reads it: "4.99", "500"."""
    return f"{Decimal(minor).scaleb(-minor_digits(currency)):f}"


def _current() -> frozenset[str]:
    """Every currency that some territory uses as legal tender now."""
    territories = get_global("territory_currencies")
    return frozenset(
        code for uses in territories.values() for code, _start, end, tender in uses if end is None and tender
    )
