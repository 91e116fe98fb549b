"""The lock of a guild's books: the end of its journal, which every writer must hold."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from bot.domain.ledger.journal import Head
from bot.storage.sql.statements import Lookup
from bot.storage.sql.tables import heads

_HEADS = Lookup(select(heads.c.guild_id, heads.c.seq, heads.c.hash), (heads.c.guild_id,), lock=True)


def lock(c: Connection, guild_ids: Collection[int]) -> dict[int, Head]:
    """Return the ends of journals. Where several processes may write, this locks the guilds' books as a whole."""
    rows = _HEADS.rows(c, [(guild_id,) for guild_id in guild_ids])
    return {guild_id: Head(seq, digest) for guild_id, seq, digest in rows}
