"""What is shown of live events while they run and once they are over: gifts as they come, boards, recaps."""

import contextlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import NamedTuple

from bot.domain.combos import EventGift
from bot.domain.errors import BooksClosed, Busy, NotLive
from bot.domain.live import LiveEvent, Recap
from bot.domain.live_progress import LiveProgress
from bot.domain.match import Match
from bot.services import live_rules
from bot.services.live_rules import LiveStatus
from bot.storage.connect.connection import Connection
from bot.storage.database import OpenBooks
from bot.storage.ledger import holders
from bot.storage.stores import live, live_displays
from bot.storage.stores.live_displays import BoardMessage

PAGE = 2_000
"""Rows of the journal that are read in one go."""

TOLD_FOR_MS = 24 * 3600 * 1000
"""What could not be shown for this long after an event's end, its recap or the last of its board, is left."""

__all__ = ["PAGE", "BoardMessage", "LiveDisplays", "LiveStatus"]


class Look(NamedTuple):
    """An event as it is now, its matches, the first one first, and its gifts up to row `seq` of the journal."""

    status: LiveStatus
    matches: list[Match]
    gifts: list[EventGift]
    seq: int


class LiveDisplays:
    """The stories of live events, as boards and recaps need them."""

    def __init__(self, database: OpenBooks, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def on_air(self) -> list[LiveEvent]:
        """Return the events of all guilds that have not ended, and those that have, but whose board still shows them
        running."""
        return await self._database.read(_on_air, self._clock() - TOLD_FOR_MS)

    async def status(self, event: LiveEvent) -> LiveStatus:
        """Return an event as it is now, with its creators and sums."""
        return await self._database.read(_status, event.guild_id, event.event_id)

    async def follow(self, event: LiveEvent, seq: int) -> tuple[list[EventGift], int]:
        """Return gifts of the event that follow row `seq` of the journal, and the row to go on from: `seq`, if all
        were read."""
        return await self._database.read(live_displays.gifts_after, event, seq, PAGE)

    async def look(self, event: LiveEvent, seq: int) -> Look:
        """Return what a board shows of an event: all at once, as each look at the books waits for its turn."""
        return await self._database.read(_look, event, seq)

    async def members(self, guild_id: int, holder_ids: Collection[int]) -> dict[int, int]:
        """Return the members behind holder ids, 0 for those who were erased."""
        return await self._database.read(holders.member_ids, guild_id, holder_ids)

    async def board(self, event: LiveEvent) -> BoardMessage | None:
        """Return where the event's board stands, None before it was posted."""
        return await self._database.read(live_displays.board, event.guild_id, event.event_id)

    async def keep_board(self, event: LiveEvent, at: BoardMessage) -> None:
        """Keep where the event's board stands."""
        await self._database.writer.perform(live_displays.keep_board, event.guild_id, event.event_id, at)

    async def was_told(self, event: LiveEvent) -> set[str]:
        """Return what has been said about the event in its channel."""
        return await self._database.read(live_displays.was_told, event.guild_id, event.event_id)

    async def mark_told(self, event: LiveEvent, what: str) -> None:
        """Note that something has been said about the event."""
        await self._database.writer.perform(live_displays.mark_told, event.guild_id, event.event_id, what)

    async def untold(self, serves: Callable[[int], bool]) -> list[LiveEvent]:
        """Return the events that are over, and whose recap has still to be shown, in guilds that `serves` takes."""
        found = await self._database.read(live.untold, self._clock() - TOLD_FOR_MS)
        return [event for event in found if serves(event.guild_id)]

    async def recap_told(self, event: LiveEvent) -> None:
        """Note that the event's recap has been shown, or that it cannot be."""
        await self._database.writer.perform(live.mark_told, event.guild_id, event.event_id, self._clock())

    async def recap(self, guild_id: int, event_id: int) -> LiveStatus:
        """Return an event that is over, with all that there is to tell of it; raise NotLive."""
        status = await self._database.read(_recap, guild_id, event_id)
        if status.recap is None:
            show = await self.told(status.event)
            kept = show.recap(status.event)
            # It can be told where nothing can be written now.
            with contextlib.suppress(BooksClosed, Busy):
                await self._database.writer.perform(live_displays.keep_recap, guild_id, event_id, kept)
            status = await self._database.read(_with_recap, status, kept)
        return status

    async def told(self, event: LiveEvent, matches: Sequence[Match] = ()) -> LiveProgress:
        """Return the story of an event from its start to now."""
        show, seq = LiveProgress(event, matches), event.start_seq
        while True:
            gifts, last_seq = await self.follow(event, seq)
            show.feed(gifts)
            if last_seq == seq:
                return show
            seq = last_seq


def _on_air(connection: Connection, since_ms: int) -> list[LiveEvent]:
    boards = live_displays.open_boards(connection, since_ms)
    ended = (live.event(connection, guild_id, event_id) for guild_id, event_id in boards)
    return [*live.all_running(connection), *filter(None, ended)]


def _look(connection: Connection, event: LiveEvent, seq: int) -> Look:
    status = _status(connection, event.guild_id, event.event_id)
    matches = live_displays.matches(connection, event.guild_id, event.event_id)
    gifts, last_seq = live_displays.gifts_after(connection, event, seq, PAGE)
    return Look(status, matches, gifts, last_seq)


def _status(connection: Connection, guild_id: int, event_id: int) -> LiveStatus:
    event = live.event(connection, guild_id, event_id)
    if event is None:
        raise NotLive
    return live_rules.with_totals(connection, event)


def _recap(connection: Connection, guild_id: int, event_id: int) -> LiveStatus:
    status = _status(connection, guild_id, event_id)
    if status.event.ended_ms is None:
        raise NotLive
    return _with_recap(connection, status, live_displays.recap(connection, guild_id, event_id))


def _with_recap(connection: Connection, status: LiveStatus, kept: Recap | None) -> LiveStatus:
    best = kept.best if kept else None
    guild_id = status.event.guild_id
    best_id = holders.member_ids(connection, guild_id, [best.sender]).get(best.sender, 0) if best else 0
    return replace(status, recap=kept, best_id=best_id)
