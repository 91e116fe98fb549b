"""The journal as a stream of events: what a follower reads, each with its own cursor."""

from collections.abc import Callable, Collection

from bot.domain.anonymity import in_public
from bot.domain.receipts import Receipt
from bot.storage.database import OpenBooks
from bot.storage.ledger import cursors, journal


class JournalFeed:
    """Reads the journal forward. A follower's cursor is the last sequence number that it has dealt with."""

    def __init__(self, books: OpenBooks) -> None:
        self._books = books

    def subscribe(self, listener: Callable[[Collection[int]], None]) -> None:
        """Call `listener` with the guilds whose journals grew, right after each commit of this process."""
        self._books.writer.subscribe(listener)

    async def behind(self, follower: str) -> list[int]:
        """Return the guilds in which `follower` has not read everything."""
        return [guild_id for guild_id, _, _ in await self._books.read(cursors.behind, follower)]

    async def cursor(self, guild_id: int, follower: str) -> int:
        """Return the follower's cursor, 0 before the first row."""
        return await self._books.read(cursors.get, guild_id, follower)

    async def after(self, guild_id: int, seq: int, limit: int = 500) -> list[Receipt]:
        """Return up to `limit` rows that follow `seq`, oldest first, as everybody may know them."""
        return [in_public(row) for row in await self._books.read(journal.after, guild_id, seq, limit)]
