"""Check that rows refer to rows that exist, that keys are unique, and that no cursor is ahead of the journal.

Constraints of the database promise most of this, but only if they were always in force and the indexes are sound.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, ForeignKeyConstraint

import bot.storage.stores  # noqa: F401  # pyright: ignore[reportUnusedImport] - registers what is checked
from bot.storage.audit.rows import SENSELESS, Findings, Tick, rows, value
from bot.storage.ledger.projections import CHECKS
from bot.storage.sql.tables import entries, metadata

# Only the index of keys is read: with the numbers of the rows in it, this would take six times as long.
_KEYS = 'SELECT "key" FROM journal WHERE guild_id = :guild GROUP BY guild_id, "key" HAVING count(*) > 1'
_LAST_WITH_KEY = 'SELECT max(seq) FROM journal WHERE guild_id = :guild AND "key" = :key'
_STRANGERS = """
    SELECT DISTINCT owner FROM balances
    LEFT JOIN holders ON holders.guild_id = balances.guild_id AND holders.holder_id = balances.owner
    WHERE balances.guild_id = :guild AND owner <> 0 AND holder_id IS NULL
"""
_AHEAD = """
    SELECT follower, cursors.seq FROM cursors JOIN heads ON heads.guild_id = cursors.guild_id
    WHERE cursors.guild_id = :guild AND cursors.seq > heads.seq
"""


def check_links(c: Connection, guild_id: int, tick: Tick) -> Findings:
    """Check the references between the rows of one guild."""
    for (key,) in rows(c, _KEYS, guild=guild_id):
        yield value(c, _LAST_WITH_KEY, guild=guild_id, key=key), f"its key {key} was used before"
    for table, seq in rows(c, _ORPHANS, guild=guild_id):
        what = "a journal row" if seq else "something"
        yield seq, f"{table} refer to {what} that does not exist"
    for noun in CHECKS:
        yield from _check_noun(c, guild_id, noun)
    for (owner,) in rows(c, _STRANGERS, guild=guild_id):
        yield 0, f"balances belong to {owner}, who does not exist"
    for follower, seq in rows(c, _AHEAD, guild=guild_id):
        yield 0, f"{follower} has read up to row {seq}, which does not exist"
    tick(1)


def _check_noun(c: Connection, guild_id: int, noun: str) -> Findings:
    """Run the check of a noun. It ends where a row makes no sense, and the other nouns are checked all the same."""
    try:
        yield from CHECKS[noun](c, guild_id)
    except SENSELESS as error:
        yield 0, f"the check of {noun} could not finish: {error!r}"


def _orphans() -> Iterator[str]:
    """Yield a query for each foreign key. It finds rows that refer to nothing, as (table, row of the journal)."""
    for table in metadata.sorted_tables:
        # There are many entries, and `hash_chain` already compares them with the journal row by row.
        if table is entries:
            continue
        for key in table.constraints:
            if isinstance(key, ForeignKeyConstraint):
                parent = key.referred_table.name
                pairs = [(part.parent.name, part.column.name) for part in key.elements]
                match = " AND ".join(f"parent.{parent_column} = child.{column}" for column, parent_column in pairs)
                seq = "child.seq" if "seq" in key.column_keys else "0"
                yield f"""
                    SELECT '{table.name}', {seq} FROM {table.name} AS child LEFT JOIN {parent} AS parent ON {match}
                    WHERE child.guild_id = :guild AND parent.{pairs[0][1]} IS NULL
                """  # noqa: S608 - names of our own tables


# One query, because a server takes as long for each of thirty as for all of them.
_ORPHANS = " UNION ALL ".join(_orphans())
