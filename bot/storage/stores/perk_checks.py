"""What the audit checks of perks: each purchase in the journal is one unlock, reversed if its coins went back."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from bot.domain.ledger.perk import BuyPerk
from bot.domain.ledger.perk_return import ReturnPerk
from bot.domain.perks import UnlockState
from bot.storage.ledger.journal import fact_of
from bot.storage.sql.perk_tables import perk_unlocks as table
from bot.storage.sql.tables import journal

_REVERSED = UnlockState.REVERSED.value


def check(c: Connection, guild_id: int) -> Iterator[tuple[int, str]]:
    """Yield what does not match the journal of a guild, (row, sentence) each."""
    bought = _purchases(c, guild_id)
    undone = select(fact_of("of")).where(journal.c.guild_id == guild_id, journal.c.kind == ReturnPerk.kind)
    returns = {int(row) for row in c.execute(undone).scalars()}
    query = select(table.c.unlock_id, table.c.row, table.c.perk_id, table.c.holder, table.c.coins, table.c.state)
    for unlock_id, row, perk_id, holder, coins, state in c.execute(
        query.where(table.c.guild_id == guild_id, table.c.coins > 0)
    ):
        if bought.pop(row, None) != (unlock_id, perk_id, holder, coins):
            yield row, f"it did not buy what is unlocked under {unlock_id}"
        elif (state == _REVERSED) != (row in returns):
            yield row, f"what it bought is {state}, the journal says something else"
    for row in bought:
        yield row, "what it bought is missing"


def _purchases(c: Connection, guild_id: int) -> dict[int, tuple[int, int, int, int]]:
    """Return the number, the perk, the holder and the coins of each purchase in the journal, by its row."""
    query = select(journal.c.seq, fact_of("unlock"), fact_of("perk"), journal.c.actor, fact_of("coins"))
    rows = c.execute(query.where(journal.c.guild_id == guild_id, journal.c.kind == BuyPerk.kind))
    return {seq: (int(unlock), int(perk), actor, int(coins)) for seq, unlock, perk, actor, coins in rows}
