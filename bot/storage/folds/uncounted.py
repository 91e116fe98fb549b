"""The rows of the journal that folds left out, because they could not be counted."""

from sqlalchemy import BigInteger, Connection, Select, String, bindparam, select

from bot.storage.sql.statements import Query
from bot.storage.sql.tables import uncounted_rows as table

_SEQS = Query(
    select(table.c.seq).where(
        table.c.guild_id == bindparam("guild_id", type_=BigInteger), table.c.follower == bindparam("fold", type_=String)
    )
)


def uncounted_rows(guild_id: int, fold: str) -> Select[int]:
    """Return the query for the rows that a fold, by its name, left out."""
    return select(table.c.seq).where(table.c.guild_id == guild_id, table.c.follower == fold)


def seqs_left_out(c: Connection, guild_id: int, fold: str) -> set[int]:
    """Return the numbers of the rows that a fold, by its name, left out."""
    return {seq for (seq,) in _SEQS.rows(c, guild_id=guild_id, fold=fold)}
