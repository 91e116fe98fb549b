"""What an amount may be, and how one is split: integers only, so that nothing is ever lost to rounding."""

from bot.domain.errors import InvalidAmount, PriceChanged

MAX_AMOUNT = 10**9
"""Coins that one command may move."""

MAX_BALANCE = 2**53 - 1
"""Coins that one account may hold: the largest integer that JSON readers in a browser keep exact."""

MAX_COUNT = 99
"""Pieces of one item in one gift."""


def amount(value: object, *, highest: int = MAX_AMOUNT) -> int:
    """Return `value` if it is a whole number from 1 to `highest`; raise InvalidAmount if it is anything else."""
    # bool is an int to Python; True coins are not an amount.
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= highest:
        # Python refuses to print an int of thousands of digits.
        is_huge = isinstance(value, int) and value.bit_length() > 256
        raise InvalidAmount(given="…" if is_huge else repr(value)[:40], lowest=1, highest=highest)
    return value


def check_ceiling(price: int, ceiling: int | None, currency: str = "") -> None:
    """Raise PriceChanged if `price` is above what its payer was shown, `ceiling`; None where no price was shown.

    Both are the whole sum, in coins, or in minor units of `currency`. Every rule that charges asks this last, inside
    the transaction, with the ceiling that the pressed control carried; a price that fell is charged as it is now.
    """
    if ceiling is not None and price > ceiling:
        raise PriceChanged(price, ceiling, currency)


def share_of(coins: int, percent: int) -> int:
    """Return the creator's part of `coins` at `percent` (0 to 100), rounded down; the rest is the house's."""
    assert coins >= 0, coins
    assert 0 <= percent <= 100, percent
    return coins * percent // 100
