"""Books of thousands of guilds, each with the same members and gifts: PostgreSQL copies the books of one.

The bot's own rules and stores make those of the first guild. A copy differs in its number, and so in the hashes of its
journal, which the server computes as the bot does. The audit, which computes them once more, finds the copies in order.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from operator import itemgetter

from sqlalchemy import ARRAY, BigInteger, Connection, Table, bindparam, func, insert, select, text

from bot.domain.ledger.journal import GENESIS
from bot.storage.sql.journal_tables import entries, heads, journal
from bot.storage.sql.tables import metadata

BATCH = 500
"""Guilds that are copied in one transaction, unless a caller says otherwise."""

_COPIES = bindparam("copies", type_=ARRAY(BigInteger))

# What is hashed of a row is the hash before, the guild, and a tail that is the same in all copies.
_JOURNAL = """
WITH RECURSIVE chain (guild_id, seq, previous, hash) AS (
    SELECT copy, CAST(0 AS bigint), CAST(:genesis AS bytea), CAST(:genesis AS bytea)
    FROM unnest(CAST(:copies AS bigint[])) AS copy
    UNION ALL
    SELECT guild_id, tails.seq, hash, sha256(hash || convert_to(CAST(guild_id AS text), 'UTF8') || tail)
    FROM chain JOIN tails ON tails.seq = chain.seq + 1
)
INSERT INTO journal (guild_id, seq, kind, key, actor, at_ms, body, previous, hash)
SELECT chain.guild_id, seq, kind, key, actor, at_ms, body, chain.previous, chain.hash
FROM chain JOIN journal AS original USING (seq) WHERE original.guild_id = :guild_id
"""
_HEADS = """
INSERT INTO heads (guild_id, seq, hash)
SELECT journal.guild_id, seq, journal.hash FROM journal JOIN heads AS original USING (seq)
WHERE original.guild_id = :guild_id AND journal.guild_id = ANY(CAST(:copies AS bigint[]))
"""


def copy_books(
    c: Connection, guild_id: int, copies: Sequence[int], progress: Callable[[int], None], *, batch: int = BATCH
) -> None:
    """Give each of the new guilds `copies` the books of a guild, on PostgreSQL.

    This commits after each `batch` of guilds, so `c` must not be in a transaction. `progress` is then called with the
    number of guilds that were copied.
    """
    with c.begin():
        tables = [table for table in metadata.sorted_tables if _has_rows(c, table, guild_id)]
        _prepare_tails(c, guild_id)
    for start in range(0, len(copies), batch):
        part = copies[start : start + batch]
        values = {"guild_id": guild_id, "copies": part}
        with c.begin():
            # What rows refer to is copied with them. To have the server look for it takes as long as to write them.
            c.execute(text("SET LOCAL session_replication_role TO replica"))
            for table in tables:
                if table is journal:
                    c.execute(text(_JOURNAL), values | {"genesis": GENESIS})
                elif table is not heads:
                    _copy_table(c, table, guild_id, part)
            c.execute(text(_HEADS), values)
        progress(start + len(part))


def _has_rows(c: Connection, table: Table, guild_id: int) -> bool:
    if "guild_id" not in table.c:
        return False
    return c.execute(select(select(table).where(table.c.guild_id == guild_id).exists())).scalar_one()


def _prepare_tails(c: Connection, guild_id: int) -> None:
    """Make a table of what follows the guild in what is hashed of each row: `bot.domain.ledger.journal.row_hash`."""
    legs_query = select(entries).where(entries.c.guild_id == guild_id).order_by(entries.c.seq, entries.c.leg)
    legs_of = {
        seq: ";".join(f"{leg['kind']},{leg['owner']},{leg['amount']}" for leg in legs)
        for seq, legs in groupby(c.execute(legs_query).mappings(), itemgetter("seq"))
    }
    rows = c.execute(select(journal).where(journal.c.guild_id == guild_id)).mappings()
    tails = [
        {
            "seq": row["seq"],
            "tail": "\0".join(
                ("", str(row["seq"]), row["kind"], row["key"], str(row["actor"]), str(row["at_ms"]),
                 legs_of.get(row["seq"], ""), row["body"])
            ).encode(),
        }
        for row in rows
    ]  # fmt: skip
    c.execute(text("CREATE TEMPORARY TABLE tails (seq bigint PRIMARY KEY, tail bytea NOT NULL)"))
    c.execute(text("INSERT INTO tails (seq, tail) VALUES (:seq, :tail)"), tails)


def _copy_table(c: Connection, table: Table, guild_id: int, copies: Sequence[int]) -> None:
    columns = [func.unnest(_COPIES) if column.name == "guild_id" else column for column in table.c]
    originals = select(*columns).where(table.c.guild_id == guild_id)
    c.execute(insert(table).from_select([*table.c], originals), {"copies": copies})
