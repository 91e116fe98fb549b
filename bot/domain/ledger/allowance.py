"""The part of every rule that gives promo coins in the name of staff: it counts them towards the giver's day."""

from typing import NamedTuple

from bot.domain.grant_limits import NOTHING, GrantedInDay, GrantLimits, count
from bot.domain.ledger.books import Books

READS = ("grant_limits", "granted_in_day")
"""The fields of the books that this rule reads."""


class GrantCounted(NamedTuple):
    """What a member of staff, the holder `giver`, has granted in a day."""

    giver: int
    total: GrantedInDay

    def apply(self, books: Books, guild_id: int) -> None:
        """Replace what counted before."""
        books.granted_in_day[guild_id, self.giver] = self.total


def allow(
    books: Books, guild_id: int, giver: int, *, coins: int, now_ms: int, largest: int | None = None
) -> GrantCounted:
    """Return the effect of granting `coins`, of which one member gets `largest`, all of them by default.

    Raise GrantTooLarge or DailyGrantLimit.
    """
    total = count(
        books.grant_limits.get(guild_id, GrantLimits()),
        books.granted_in_day.get((guild_id, giver), NOTHING),
        coins=coins,
        largest=coins if largest is None else largest,
        seq=books.next_seq(guild_id),
        now_ms=now_ms,
    )
    return GrantCounted(giver, total)
