"""`python -m bot recount`: count leaderboards again from the journal."""

import asyncio

from bot.clock import wall_ms
from bot.exit_codes import Exit
from bot.operations.progress import Bar
from bot.storage.connect.address import StorageError
from bot.storage.database import Database
from bot.storage.folds import folding

SLICE = 10_000
"""Rows that are counted at a time. Bots that share the database wait for one slice at most."""

INCOMPLETE = "Counting leaderboards from the start. Until this is through, they are incomplete."
"""Printed so that operators know before members ask: with PostgreSQL, bots show incomplete leaderboards meanwhile."""


def recount(url: str, guild_id: int | None) -> Exit:
    """Forget all leaderboards and count them again. `guild_id` limits this to one guild.

    Until it has finished, leaderboards are incomplete, and say so. If it is stopped, the bot counts the rest. Raises
    StorageError if a bot has the file open, or if the guild has no journal.
    """
    rows, guilds = asyncio.run(_recount(url, guild_id))
    print(f"Counted {rows} transactions in {guilds} guilds again. Leaderboards are complete.")
    return Exit.DONE


async def _recount(url: str, guild_id: int | None) -> tuple[int, int]:
    """Return how many rows of how many guilds were counted."""
    database = await Database.open(url, clock=wall_ms)
    try:
        guild_ids = await _guilds_to_count(database, guild_id)
        print(INCOMPLETE, flush=True)
        rows = [await _recount_guild(database, guild_id) for guild_id in guild_ids]
        return sum(rows), len(guild_ids)
    finally:
        await database.close()


async def _guilds_to_count(database: Database, guild_id: int | None) -> list[int]:
    guild_ids = await database.read(folding.guilds_with_journals)
    if guild_id is None:
        return guild_ids
    if guild_id not in guild_ids:
        raise StorageError(f"There is no journal of guild {guild_id}")
    return [guild_id]


async def _recount_guild(database: Database, guild_id: int) -> int:
    await database.writer.perform(folding.start_over, guild_id, wall_ms())
    with Bar(f"Counting guild {guild_id}") as bar:
        while True:
            progress = await database.writer.perform(folding.fold_slice, guild_id, SLICE, wall_ms())
            bar(progress.seq, progress.head)
            if not progress.backlog:
                return progress.head
