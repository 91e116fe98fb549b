"""The journal as a stream of events: what a follower reads, each with its own cursor."""

from collections.abc import Callable, Collection

from bot.domain.anonymity import in_public
from bot.domain.receipts import Receipt
from bot.storage.database import OpenBooks
from bot.storage.ledger import cursors, journal


class StoredJournalFeed:
    """Reads the journal forward. A follower's cursor is the last sequence number that it has dealt with."""

    def __init__(self, books: OpenBooks) -> None:
        self._books = books

    def subscribe(self, listener: Callable[[Collection[int]], None]) -> None:
        self._books.writer.subscribe(listener)

    async def behind(self, follower: str) -> list[int]:
        return [guild_id for guild_id, _, _ in await self._books.read(cursors.behind, follower)]

    async def cursor(self, guild_id: int, follower: str) -> int:
        return await self._books.read(cursors.get, guild_id, follower)

    async def after(self, guild_id: int, seq: int, limit: int = 500) -> list[Receipt]:
        return [in_public(row) for row in await self._books.read(journal.after, guild_id, seq, limit)]
