"""The store of the gifts that a creator has received last."""

from sqlalchemy import ColumnElement, Connection, TextClause, select

from bot.storage.ledger import holders
from bot.storage.sql.journal_tables import GIFTS, journal, receiver_of

ANONYMOUS_AMONG = 20_000
"""A creator's newest gifts among which the anonymous ones are looked for."""


def latest(c: Connection, guild_id: int, creator_id: int, most: int) -> list[int]:
    """Return the rows of the last gifts to a creator, newest first, however long ago they came."""
    holder = holders.holder_id(c, guild_id, creator_id)
    if holder is None:
        return []
    query = select(journal.c.seq).where(*gifts_to(guild_id, holder))
    return [*c.execute(query.order_by(journal.c.seq.desc()).limit(most)).scalars()]


def latest_anonymous(c: Connection, guild_id: int, creator: int, most: int) -> list[int]:
    """Return the rows of the last anonymous gifts to a creator, who is a holder, newest first.

    Which ones depends on no sender.
    """
    newest = select(journal.c.seq, journal.c.body).where(*gifts_to(guild_id, creator))
    gifts = newest.order_by(journal.c.seq.desc()).limit(ANONYMOUS_AMONG).subquery()
    # Bodies are canonical JSON: sorted keys, no spaces.
    query = select(gifts.c.seq).where(gifts.c.body.contains('"anonymous":true'))
    return [*c.execute(query.order_by(gifts.c.seq.desc()).limit(most)).scalars()]


def gifts_to(guild_id: int, creator: int) -> tuple[ColumnElement[bool] | TextClause, ...]:
    """Return the conditions of the gifts to a creator, who is a holder."""
    # Without the sum, SQLite would walk through all rows of the guild by its key instead of taking the index.
    return receiver_of() == creator, GIFTS, journal.c.guild_id + 0 == guild_id
