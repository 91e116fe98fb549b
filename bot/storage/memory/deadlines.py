"""The queue of deadlines, over open books."""

from collections.abc import Collection, Sequence

from bot.domain.deadlines import Claim, Deadline, Outlook
from bot.storage.database import Database
from bot.storage.stores import deadlines


class DeadlineQueue:
    """Deadlines and claims on them. Fulfils `bot.followers.deadlines.Queue`."""

    def __init__(self, database: Database) -> None:
        self._books = database.follower_books
        self.is_shared = database.is_shared

    async def outlook(self, now_ms: int) -> Outlook:
        return await self._books.read(deadlines.outlook, now_ms)

    async def claim(self, due: Collection[Deadline], now_ms: int) -> list[Claim]:
        return await self._books.writer.perform(deadlines.claim, due, now_ms)

    async def renew(self, claims: Collection[Claim], now_ms: int) -> list[Claim]:
        return await self._books.writer.perform(deadlines.renew, claims, now_ms)

    async def finish(self, outcomes: Sequence[tuple[Claim, int | None]]) -> None:
        await self._books.writer.perform(deadlines.finish, outcomes)

    async def release_all(self) -> None:
        await self._books.writer.perform(deadlines.release_all)
