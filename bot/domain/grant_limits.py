"""How much staff may grant: limits the damage of a mistyped amount, or of a manager who goes rogue."""

from typing import Final, NamedTuple

from bot.domain.errors import InvalidAmount
from bot.domain.grant_errors import DailyGrantLimit, GrantTooLarge
from bot.domain.money import MAX_AMOUNT

DAY_MS: Final = 24 * 3600 * 1000
"""Days are in UTC, so that no change of a guild's time zone makes one longer."""


class GrantLimits(NamedTuple):
    """A guild's limits in coins: for each grant, and for all that a manager grants in a day. None for no limit."""

    per_grant: int | None = None
    per_day: int | None = None

    def checked(self) -> "GrantLimits":
        """Return these limits; raise InvalidAmount for one that is not an amount of coins."""
        for coins in self:
            if coins is not None and not 1 <= coins <= MAX_AMOUNT:
                raise InvalidAmount(str(coins)[:40], 1, MAX_AMOUNT)
        return self


class GrantedInDay(NamedTuple):
    """What somebody has granted in one day, counted from row `first_seq` of the journal on."""

    day: int
    coins: int
    first_seq: int

    def room(self, limits: GrantLimits, now_ms: int) -> int | None:
        """Return how many coins they may still grant today, None for no limit."""
        if limits.per_day is None:
            return None
        return max(limits.per_day - (self.coins if self.day == day_of(now_ms) else 0), 0)


NOTHING: Final = GrantedInDay(-1, 0, 0)
"""Stands for somebody who has never granted anything."""


def day_of(at_ms: int) -> int:
    """Return the number of the day of a moment."""
    return at_ms // DAY_MS


def count(
    limits: GrantLimits, earlier: GrantedInDay, *, coins: int, largest: int, seq: int, now_ms: int
) -> GrantedInDay:
    """Return what somebody has granted today with row `seq`, which gives `coins` in all, and `largest` to one member.

    Raise GrantTooLarge or DailyGrantLimit if that is beyond the limits.
    """
    if limits.per_grant is not None and largest > limits.per_grant:
        raise GrantTooLarge(limits.per_grant)
    room, today = earlier.room(limits, now_ms), day_of(now_ms)
    if limits.per_day is not None and room is not None and coins > room:
        raise DailyGrantLimit(limits.per_day, room, (today + 1) * DAY_MS)
    if earlier.day != today:
        return GrantedInDay(today, coins, seq)
    return earlier._replace(coins=earlier.coins + coins)
