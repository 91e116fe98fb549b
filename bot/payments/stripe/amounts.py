"""Amounts at Stripe, which counts some currencies in other units than CLDR does."""

from bot.domain.currencies import minor_digits

_ZERO_DIGITS = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
)
_THREE_DIGITS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})


def to_stripe(minor: int, currency: str) -> int:
    """Return minor units of ours in Stripe's. Raise ValueError for a currency that Stripe counts more coarsely."""
    return minor * _ratio(currency)


def from_stripe(amount: int, currency: str) -> int:
    """Return units of Stripe's in ours, rounded down. Raise ValueError as `to_stripe`."""
    return amount // _ratio(currency)


def scale(amount: int, whole: int, new_whole: int) -> int:
    """Return the part of `new_whole` that `amount` is of `whole`, rounded down."""
    return amount * new_whole // whole if whole else 0


def scale_up(amount: int, whole: int, new_whole: int) -> int:
    """Return the same, rounded up. It undoes `scale` where `new_whole` is not the larger one."""
    return -(-amount * new_whole // whole) if whole else 0


def _ratio(currency: str) -> int:
    digits = 0 if currency in _ZERO_DIGITS else 3 if currency in _THREE_DIGITS else 2
    more = digits - minor_digits(currency)
    if more < 0:
        raise ValueError("a currency that Stripe counts more coarsely")
    return 10**more
