"""Real money: which currencies exist, and how many decimal digits they have."""

import re
from decimal import Decimal

from babel.core import get_global
from babel.numbers import get_currency_precision

from bot.domain.errors import AmbiguousAmount, InvalidCurrency
from bot.domain.packages import MAX_PRICE_MINOR
from bot.domain.staff_errors import InvalidPrice, InvalidRate

_RATE_DIGITS = 6
"""Decimal digits of an exchange rate, and the most before its separator."""

_GROUP = 3
"""Digits between thousands separators."""
# A number with one thousands separator has one to three digits before it, the first of them not 0.
_MAYBE_THOUSANDS = re.compile(r"(?P<whole>[1-9][0-9]{0,2})(?P<separator>[.,])(?P<group>[0-9]{3})")


def check_currency(code: str) -> str:
    """Return `code` in upper case. Raise InvalidCurrency unless CLDR lists it as a current currency."""
    currency = code.strip().upper()
    if not is_currency(currency):
        raise InvalidCurrency(code[:20])
    return currency


def is_currency(code: str) -> bool:
    """Whether CLDR lists `code`, in capitals, as a current currency."""
    return code in _current_currencies()


def minor_digits(currency: str) -> int:
    """Return how many decimal digits `currency` has: 2 for USD, 0 for JPY, 3 for KWD."""
    return get_currency_precision(currency)


def parse_price(text: str, currency: str, decimal: str = ".") -> int:
    """Return a price such as "4.99", "4,99" or "500" in minor units of `currency`. Raise InvalidPrice.

    A separator before exactly three digits may separate thousands. Raise AmbiguousAmount there, unless it is `decimal`,
    the decimal separator of the typist's language. The price stays text until it is an int; it never becomes a float.
    """
    digits = minor_digits(currency)
    _check_thousands(text.strip(), digits, decimal)
    whole, separator, fraction = text.strip().replace(",", ".").partition(".")
    is_whole_valid = whole.isascii() and whole.isdigit() and len(whole) <= 9
    is_fraction_valid = fraction.isascii() and fraction.isdigit() and len(fraction) <= digits if separator else True
    minor = int(whole + fraction.ljust(digits, "0")) if is_whole_valid and is_fraction_valid else 0
    if not 1 <= minor <= MAX_PRICE_MINOR:
        raise InvalidPrice(text[:20], currency)
    return minor


def repriced(minor: int, currency: str, new_currency: str) -> int:
    """Return the same number as a price in `new_currency`: 499 US cents become 499 euro cents, or 4,990 fils.

    Raise InvalidPrice if the new currency has no such price: there are no 4.99 yen.
    """
    number = Decimal(minor).scaleb(-minor_digits(currency))
    scaled = number.scaleb(minor_digits(new_currency))
    if scaled != scaled.to_integral_value() or scaled > MAX_PRICE_MINOR:
        raise InvalidPrice(f"{number:f}", new_currency)
    return int(scaled)


def parse_rate(text: str) -> int:
    """Return an exchange rate such as "1.08" or "1,08" in millionths; raise InvalidRate."""
    whole, _, fraction = text.strip().replace(",", ".").partition(".")
    digits = (whole or "0") + fraction.ljust(_RATE_DIGITS, "0")
    is_valid = len(whole) <= _RATE_DIGITS and len(fraction) <= _RATE_DIGITS and digits.isascii() and digits.isdigit()
    if not is_valid or not int(digits):
        raise InvalidRate(text[:20])
    return int(digits)


def rate_text(rate: int, decimal: str = ".") -> str:
    """Return a rate in millionths as `parse_rate` reads it, without needless zeros."""
    return f"{Decimal(rate).scaleb(-_RATE_DIGITS).normalize():f}".replace(".", decimal)


def price_text(minor: int, currency: str, decimal: str = ".") -> str:
    """Return an amount as `parse_price` reads it: "500" or "4.99"."""
    digits = minor_digits(currency)
    amount = f"{Decimal(minor).scaleb(-digits):f}"
    return (amount.removesuffix(f".{'0' * digits}") if digits else amount).replace(".", decimal)


def _check_thousands(text: str, digits: int, decimal: str) -> None:
    """Raise AmbiguousAmount if the separator in `text` may be a thousands separator."""
    parts = _MAYBE_THOUSANDS.fullmatch(text)
    if parts is None or parts["separator"] == decimal:
        return
    whole, group = parts["whole"], parts["group"]
    raise AmbiguousAmount(text, whole + group, f"{whole}{decimal}{group}" if digits == _GROUP else "")


def _current_currencies() -> frozenset[str]:
    """Return every currency that is legal tender somewhere today."""
    territories = get_global("territory_currencies")
    return frozenset(
        code for uses in territories.values() for code, _start, end, tender in uses if end is None and tender
    )
