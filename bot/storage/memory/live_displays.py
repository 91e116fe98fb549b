"""What was shown of live events, and where: boards, moments and recaps."""

from collections.abc import Callable, Collection

from sqlalchemy import Connection

from bot.domain.live import LiveEvent
from bot.domain.live_displays import SHOWN_FOR_MS, BoardMessage
from bot.storage.database import OpenBooks
from bot.storage.ledger import holders
from bot.storage.stores import live, live_displays


class StoredLiveMemory:
    """The memory of boards and recaps. Fulfils `bot.announcer.memory.LiveMemory`; `clock` gives milliseconds UTC."""

    def __init__(self, books: OpenBooks, clock: Callable[[], int]) -> None:
        self._books = books
        self._clock = clock

    async def on_air(self) -> list[LiveEvent]:
        return await self._books.read(_on_air, self._clock() - SHOWN_FOR_MS)

    async def event(self, guild_id: int, event_id: int) -> LiveEvent | None:
        return await self._books.read(live.event, guild_id, event_id)

    async def members(self, guild_id: int, holder_ids: Collection[int]) -> dict[int, int]:
        return await self._books.read(holders.member_ids, guild_id, holder_ids)

    async def board(self, event: LiveEvent) -> BoardMessage | None:
        return await self._books.read(live_displays.board, event.guild_id, event.event_id)

    async def save_board(self, event: LiveEvent, board: BoardMessage) -> None:
        await self._books.writer.perform(live_displays.save_board, event.guild_id, event.event_id, board)

    async def forget_replaced(self, event: LiveEvent, message_id: int) -> None:
        await self._books.writer.perform(live_displays.forget_replaced, event.guild_id, event.event_id, message_id)

    async def announced_moments(self, event: LiveEvent) -> set[str]:
        return await self._books.read(live_displays.announced_moments, event.guild_id, event.event_id)

    async def mark_announced(self, event: LiveEvent, moment: str) -> None:
        await self._books.writer.perform(live_displays.mark_announced, event.guild_id, event.event_id, moment)

    async def without_recap(self, guild_id: int, event_id: int) -> LiveEvent | None:
        event = await self._books.read(live.without_recap, guild_id, event_id)
        return event if event is not None and (event.ended_ms or 0) >= self._clock() - SHOWN_FOR_MS else None

    async def mark_recap(self, event: LiveEvent) -> None:
        await self._books.writer.perform(live.mark_recap, event.guild_id, event.event_id, self._clock())


def _on_air(c: Connection, since_ms: int) -> list[LiveEvent]:
    over = (live.event(c, guild_id, event_id) for guild_id, event_id in live_displays.open_boards(c, since_ms))
    return [*live.all_running(c), *filter(None, over)]
