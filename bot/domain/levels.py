"""Levels and badges: what members have reached with all that they have gifted in a guild.

Both follow from one number, the coins of all gifts that a member sent under their own name and that were not taken
back. Anonymous gifts do not count: a level that rises right after one would tell who sent it.
"""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

TOP_LEVEL: Final = 50


def _coins_of(level: int) -> int:
    """Return 10·level^2.4, rounded, without a float: the whole number next to the fifth root of 10^5·level^12."""
    power = 10**5 * level**12
    low, high = 0, 10 * level**3
    while low < high:
        middle = (low + high + 1) // 2
        # The root is at least middle - 1/2.
        if (2 * middle - 1) ** 5 <= 2**5 * power:
            low = middle
        else:
            high = middle - 1
    return low


LEVEL_COINS: Final = tuple(_coins_of(level) for level in range(1, TOP_LEVEL + 1))
"""The coins from which on a member has each level, from level 1 on."""

BADGES: Final[tuple[int, ...]] = (1, 100, 1_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000)
"""The coins that each badge stands for."""


def level_of(coins: int) -> int:
    """Return the level of a member who has gifted `coins`, 0 for none yet."""
    return bisect_right(LEVEL_COINS, coins)


def badges_of(coins: int) -> tuple[int, ...]:
    """Return the badges of a member who has gifted `coins`, the smallest first."""
    return BADGES[: bisect_right(BADGES, coins)]


@dataclass(frozen=True, slots=True)
class LevelProgress:
    """A member's level, and how far it is to the next: `part` of the `span` coins between the two.

    At the top level, both are 0.
    """

    coins: int
    level: int
    part: int
    span: int

    @property
    def missing(self) -> int:
        """The coins until the next level, 0 at the top level."""
        return self.span - self.part


def progress_of(coins: int) -> LevelProgress:
    """Return the level of a member who has gifted `coins`, with the way to the next."""
    level = level_of(coins)
    if level == TOP_LEVEL:
        return LevelProgress(coins, level, 0, 0)
    floor = LEVEL_COINS[level - 1] if level else 0
    return LevelProgress(coins, level, coins - floor, LEVEL_COINS[level] - floor)


NO_LEVEL: Final = progress_of(0)
"""The level of a member who has gifted nothing."""
