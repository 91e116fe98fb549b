"""When this process may identify at Discord's gateway: all processes of a bot together may do so once in five
seconds."""

from collections.abc import Callable
from typing import Final

from bot.storage.database import OpenBooks
from bot.storage.stores import identify_turns

SPACING_MS: Final = 5_000
MOST_MS: Final = 600_000
"""The longest wait that is believed. More than a hundred shards that start together try again."""


class IdentifyTurns:
    """Turns that all processes take from the same books. `clock` returns milliseconds, and never raises."""

    def __init__(self, books: OpenBooks, clock: Callable[[], int]) -> None:
        self._books = books
        self._clock = clock

    async def take(self) -> float:
        """Take the next turn, and return the seconds until then."""
        now_ms = self._clock()
        turn_ms = await self._books.writer.perform(identify_turns.take, now_ms, SPACING_MS, MOST_MS)
        return (turn_ms - now_ms) / 1000
