"""What members are told with their next reply, because it happened behind their backs: coins, or becoming a creator.

A notice is stored with what it is about, in one transaction, and removed once it was shown. In between this process
remembers who has any, so that nobody else's reply has to ask the books.
"""

import contextlib
from collections.abc import AsyncGenerator, Callable

from bot.domain.errors import BooksClosed, Busy
from bot.domain.notices import Notice
from bot.storage.database import Database
from bot.storage.stores import notices
from bot.storage.stores.notices import Key

MOST_SHOWN = 5
"""Notices in one reply."""

KEPT_MS = 30 * 24 * 3600 * 1000
"""How long a notice waits for a member who sends no further command."""


class Notices:
    """The use-cases of notices. Not thread-safe: for one event loop."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock
        self._is_loaded = False
        self._waiting: set[tuple[int, int]] = set()
        self._telling: set[tuple[int, int]] = set()
        self._shown: set[Key] = set()

    async def load(self) -> None:
        """Read once whom earlier processes have left untold. If it raises, call it again. Raises BooksClosed."""
        if not self._is_loaded:
            self._waiting |= await self._database.read(notices.members)
            self._is_loaded = True

    def expect(self, guild_id: int, member_id: int) -> None:
        """Note that there may be something new for a member."""
        self._waiting.add((guild_id, member_id))

    def has_any(self, guild_id: int, member_id: int) -> bool:
        """Whether there may be something for a member that nobody is telling them. Needs no access to the books."""
        return (guild_id, member_id) in self._waiting and (guild_id, member_id) not in self._telling

    @contextlib.asynccontextmanager
    async def telling(self, guild_id: int, member_id: int) -> AsyncGenerator[list[Notice]]:
        """Lend what a member is to be told, oldest first. Unless the block raises, they have been told.

        Raises BooksClosed.
        """
        member = (guild_id, member_id)
        self._telling.add(member)
        self._waiting.discard(member)
        try:
            entries = await self._database.read(notices.of_member, guild_id, member_id, MOST_SHOWN)
            yield [notice for key, notice in entries if notice is not None and key not in self._shown]
            if len(entries) == MOST_SHOWN:
                self._waiting.add(member)
            await self._remove({key for key, _ in entries})
        except BaseException:
            self._waiting.add(member)
            raise
        finally:
            self._telling.discard(member)

    async def _remove(self, keys: set[Key]) -> None:
        # What cannot be removed now is removed with the next ones, and is not shown again until then.
        self._shown |= keys
        shown_keys = [*self._shown]
        with contextlib.suppress(BooksClosed, Busy):
            await self._database.writer.perform(notices.remove, shown_keys, self._clock() - KEPT_MS)
            self._shown.difference_update(shown_keys)
