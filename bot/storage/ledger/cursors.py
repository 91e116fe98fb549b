"""Cursors: how far each follower has read the journal, so that it continues there after a crash."""

from sqlalchemy import Connection, and_, case, func, select

from bot.storage.sql.statements import InsertMany, Lookup
from bot.storage.sql.tables import cursors as table
from bot.storage.sql.tables import heads

_GET = Lookup(select(table.c.seq), (table.c.guild_id, table.c.follower))
_ADVANCE = InsertMany(
    (table.c.guild_id, table.c.follower, table.c.seq),
    update=lambda new: {"seq": case((new.seq > table.c.seq, new.seq), else_=table.c.seq)},
)


def get(c: Connection, guild_id: int, follower: str) -> int:
    """Return the last sequence number that `follower` has processed, 0 if none."""
    return next((seq for (seq,) in _GET.rows(c, {(guild_id, follower)})), 0)


def advance(c: Connection, guild_id: int, follower: str, seq: int) -> None:
    """Move a cursor forward to `seq`. It never moves back."""
    _ADVANCE.run(c, [(guild_id, follower, seq)])


def behind(c: Connection, follower: str) -> list[tuple[int, int, int]]:
    """Return (guild id, cursor, head) for every guild in which `follower` has unread rows."""
    same = and_(table.c.guild_id == heads.c.guild_id, table.c.follower == follower)
    cursor = func.coalesce(table.c.seq, 0)
    query = select(heads.c.guild_id, cursor, heads.c.seq).select_from(heads.outerjoin(table, same))
    rows = c.execute(query.where(heads.c.seq > cursor).order_by(heads.c.guild_id))
    return [(guild_id, seq, head) for guild_id, seq, head in rows]
