"""Valid amounts and how to split them. Integers only, so that rounding never loses a coin."""

from bot.domain.errors import InvalidAmount, PriceChanged

MAX_AMOUNT = 10**9
"""The most coins that one command may move."""

MAX_BALANCE = 2**53 - 1
"""The most coins that one account may hold: the largest integer that JSON parsers in browsers read exactly."""

MAX_COUNT = 99
"""The most pieces of one item in one gift."""


def amount(value: object, *, highest: int = MAX_AMOUNT) -> int:
    """Return `value` if it is a whole number from 1 to `highest`. Raise InvalidAmount otherwise."""
    # bool is a subclass of int, but True is not an amount of coins.
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= highest:
        # Python refuses to format an int of thousands of digits.
        is_huge = isinstance(value, int) and value.bit_length() > 256
        raise InvalidAmount(text="…" if is_huge else repr(value)[:40], lowest=1, highest=highest)
    return value


def check_ceiling(price: int, ceiling: int | None, currency: str = "") -> None:
    """Raise PriceChanged if `price` is above `ceiling`, the price that its payer saw. None means none was shown.

    Both are the total, in coins, or in minor units of `currency`. Every rule that charges calls this last, inside the
    transaction, with the ceiling from the control that was pressed. If the price fell, the lower price is charged.
    """
    if ceiling is not None and price > ceiling:
        raise PriceChanged(price, ceiling, currency)


def share_of(coins: int, percent: int) -> int:
    """Return the creator's part of `coins` at `percent` (0 to 100), rounded down. The house gets the rest."""
    assert coins >= 0, coins
    assert 0 <= percent <= 100, percent
    return coins * percent // 100
