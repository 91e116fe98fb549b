"""The store of the gifts that a creator has received last."""

from sqlalchemy import Connection, select

from bot.domain.ledger.gift import SendGift
from bot.storage.ledger import holders
from bot.storage.ledger.journal import fact_of, head
from bot.storage.sql.tables import journal

MOST_ROWS = 20_000
"""Rows at the end of the journal that are searched, as no index knows creators."""


def latest(c: Connection, guild_id: int, creator_id: int, most: int) -> list[int]:
    """Return the rows of the last gifts to a creator, newest first, as far back as is searched."""
    holder = holders.holder_id(c, guild_id, creator_id)
    if holder is None:
        return []
    t = journal.c
    query = select(t.seq).where(
        t.guild_id == guild_id,
        t.seq > head(c, guild_id).seq - MOST_ROWS,
        t.kind == SendGift.kind,
        fact_of("creator") == holder,
    )
    return [*c.execute(query.order_by(t.seq.desc()).limit(most)).scalars()]
