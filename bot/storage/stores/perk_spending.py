"""What members, who are holders, have spent on perks, without what they have back."""

from collections import Counter
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from bot.domain.periods import Period, period_key_of
from bot.domain.perks import UnlockState
from bot.storage.sql.perk_tables import perk_unlocks as table


def by_month(c: Connection, guild_id: int, holder: int, zone: ZoneInfo) -> Counter[int]:
    """Return the coins of each month, by its key."""
    query = select(table.c.at_ms, table.c.coins).where(
        table.c.guild_id == guild_id,
        table.c.holder == holder,
        table.c.coins > 0,
        table.c.state != UnlockState.REVERSED.value,
    )
    sums: Counter[int] = Counter()
    for at_ms, coins in c.execute(query):
        sums[period_key_of(Period.MONTH, at_ms, zone)] += coins
    return sums
