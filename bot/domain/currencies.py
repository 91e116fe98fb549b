"""Real money: which currencies there are, and what their smallest unit is."""

import re
from decimal import Decimal

from babel.core import get_global
from babel.numbers import get_currency_precision

from bot.domain.errors import AmbiguousAmount, InvalidAmount, InvalidCurrency
from bot.domain.packages import MAX_PRICE_MINOR

_GROUP = 3
"""Digits between separators of thousands."""
# No group of thousands begins with 0, and none has more digits before it.
_MAYBE_THOUSANDS = re.compile(r"(?P<whole>[1-9][0-9]{0,2})(?P<separator>[.,])(?P<group>[0-9]{3})")


def check_currency(code: str) -> str:
    """Return `code` in upper case if CLDR knows it as a currency of today; raise InvalidCurrency."""
    wanted = code.strip().upper()
    if wanted not in _current():
        raise InvalidCurrency(code[:20])
    return wanted


def minor_digits(currency: str) -> int:
    """Return how many decimal digits `currency` has: 2 for USD, 0 for JPY, 3 for KWD."""
    return get_currency_precision(currency)


def parse_price(typed: str, currency: str, decimal: str = ".") -> int:
    """Return a price as typed ("4.99", "4,99", "500") in minor units of `currency`; raise InvalidAmount.

    A separator before exactly three digits may be one of thousands: anything but `decimal`, what the typist's language
    has before decimals, raises AmbiguousAmount there.
    Text all the way: a price never becomes a float.
    """
    digits = minor_digits(currency)
    _check_thousands(typed.strip(), digits, decimal)
    whole, separator, fraction = typed.strip().replace(",", ".").partition(".")
    plain = whole.isascii() and whole.isdigit() and len(whole) <= 9
    cents = fraction.isascii() and fraction.isdigit() and len(fraction) <= digits if separator else True
    value = int(whole + fraction.ljust(digits, "0")) if plain and cents else 0
    if not 1 <= value <= MAX_PRICE_MINOR:
        raise InvalidAmount(typed[:20], 1, MAX_PRICE_MINOR)
    return value


def repriced(minor: int, currency: str, other: str) -> int:
    """Return the price whose number is the same in an `other` currency: 499 US cents are 499 euro cents, or 4,990 fils.

    Raises InvalidAmount where the other has no such price: there are no 4.99 yen.
    """
    number = Decimal(minor).scaleb(-minor_digits(currency))
    scaled = number.scaleb(minor_digits(other))
    if scaled != scaled.to_integral_value() or scaled > MAX_PRICE_MINOR:
        raise InvalidAmount(f"{number:f}", 1, MAX_PRICE_MINOR)
    return int(scaled)


def _check_thousands(typed: str, digits: int, decimal: str) -> None:
    """Raise AmbiguousAmount where a separator may be one of thousands."""
    parts = _MAYBE_THOUSANDS.fullmatch(typed)
    if parts is None or parts["separator"] == decimal:
        return
    whole, group = parts["whole"], parts["group"]
    raise AmbiguousAmount(typed, whole + group, f"{whole}{decimal}{group}" if digits == _GROUP else "")


def _current() -> frozenset[str]:
    """Every currency that some territory uses as legal tender now."""
    territories = get_global("territory_currencies")
    return frozenset(
        code for uses in territories.values() for code, _start, end, tender in uses if end is None and tender
    )
