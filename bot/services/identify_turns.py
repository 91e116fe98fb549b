"""When this process may identify at Discord's gateway: all processes of a bot together may do so once in five
seconds."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from bot.storage.database import OpenBooks
from bot.storage.stores import identify_turns

FRESH_MS: Final = 250
"""A turn that was taken longer ago than this is taken again: the next process counts from it."""

SPACING_MS: Final = 5_000 + FRESH_MS
"""From one turn to the next. A process identifies up to FRESH_MS after its own, and Discord hears of the two at least
five seconds apart."""

MOST_MS: Final = 60_000
"""The longest wait that is believed: the turns of a process whose clock is right are not in the future."""

_MOST_ATTEMPTS: Final = 20
"""How often a turn is taken again in a process that is always late. Then it identifies: Discord refuses it at worst."""


class IdentifyTurns:
    """Turns that all processes take from the same books, each at the moment it begins.

    They used to take turns in advance and to sleep until then. In a process that was busy when it woke up, a turn began
    late, but the next one, of another process, on time. `clock` returns milliseconds, and never raises.
    """

    def __init__(
        self, books: OpenBooks, clock: Callable[[], int], sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        self._books = books
        self._clock = clock
        self._sleep = sleep

    async def wait(self) -> None:
        """Wait until it is this process's turn. It has to identify at once then."""
        own_ms: int | None = None
        attempts = 0
        while attempts < _MOST_ATTEMPTS:
            now_ms = self._clock()
            take = self._books.writer.perform(identify_turns.take, now_ms, SPACING_MS, MOST_MS, own_ms=own_ms)
            turn_ms = await take
            if turn_ms > now_ms:
                await self._sleep((turn_ms - now_ms) / 1000)
                continue
            own_ms = turn_ms
            attempts += 1
            if self._clock() - turn_ms <= FRESH_MS:
                return
