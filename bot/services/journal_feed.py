"""The journal as a stream of events: what followers (the announcer, later the overlay) read, each with its cursor."""

from collections.abc import Callable, Collection

from bot.domain.anonymity import in_public
from bot.domain.receipts import Receipt
from bot.storage.database import OpenBooks
from bot.storage.ledger import cursors, journal
from bot.storage.stores import app_state


class JournalFeed:
    """Reading the journal forward. A follower's cursor is the last sequence number that it has dealt with."""

    def __init__(self, database: OpenBooks) -> None:
        self._database = database

    def subscribe(self, listener: Callable[[Collection[int]], None]) -> None:
        """Call `listener` with the guilds whose journals grew, right after each commit."""
        self._database.writer.subscribe(listener)

    async def behind(self, follower: str) -> list[int]:
        """Return the guilds in which `follower` has not read everything."""
        return [guild_id for guild_id, _cursor, _head in await self._database.read(cursors.behind, follower)]

    async def cursor(self, guild_id: int, follower: str) -> int:
        """Return the follower's cursor, 0 before the first row."""
        return await self._database.read(cursors.get, guild_id, follower)

    async def after(self, guild_id: int, seq: int, limit: int = 500) -> list[Receipt]:
        """Return up to `limit` rows that follow `seq`, oldest first, as everybody may know them."""
        return [in_public(row) for row in await self._database.read(journal.after, guild_id, seq, limit)]

    async def advance(self, guild_id: int, follower: str, seq: int) -> None:
        """Move the follower's cursor to `seq`."""
        await self._database.writer.perform(cursors.advance, guild_id, follower, seq)

    async def mark(self, name: str) -> str | None:
        """Return a small fact that outlives the process, such as the hash of the synced commands."""
        return await self._database.read(app_state.get, name)

    async def set_mark(self, name: str, value: str) -> None:
        """Keep a small fact."""
        await self._database.writer.perform(app_state.put, name, value)
