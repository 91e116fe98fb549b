"""Cursors: how far each follower has read the journal, so that it continues there after a crash."""

from sqlalchemy import Connection, and_, func, select

from bot.storage.sql.statements import insert_or
from bot.storage.sql.tables import cursors as table
from bot.storage.sql.tables import heads


def get(c: Connection, guild_id: int, follower: str) -> int:
    """Return the last sequence number that `follower` has processed, 0 if none."""
    query = select(table.c.seq).where(table.c.guild_id == guild_id, table.c.follower == follower)
    return c.execute(query).scalar_one_or_none() or 0


def advance(c: Connection, guild_id: int, follower: str, seq: int) -> None:
    """Move a cursor forward to `seq`. It never moves back."""
    insert = insert_or(c.dialect.name, table).values(guild_id=guild_id, follower=follower, seq=seq)
    is_ahead = insert.excluded.seq > table.c.seq
    c.execute(insert.on_conflict_do_update(index_elements=["guild_id", "follower"], set_={"seq": seq}, where=is_ahead))


def behind(c: Connection, follower: str) -> list[tuple[int, int, int]]:
    """Return (guild id, cursor, head) for every guild in which `follower` has unread rows."""
    same = and_(table.c.guild_id == heads.c.guild_id, table.c.follower == follower)
    cursor = func.coalesce(table.c.seq, 0)
    query = select(heads.c.guild_id, cursor, heads.c.seq).select_from(heads.outerjoin(table, same))
    rows = c.execute(query.where(heads.c.seq > cursor).order_by(heads.c.guild_id))
    return [(guild_id, seq, head) for guild_id, seq, head in rows]
