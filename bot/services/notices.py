"""What members are told with their next reply, because it happened in their absence: coins, or becoming a creator.

A notice is stored with what it is about, in one transaction, and removed once it was shown. In between this process
remembers who has any in the guilds where it is used, so that nobody else's reply has to ask the books.
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

RELOADED_MS = 60_000
OVERLAP_MS = 600_000
"""How long before the last look a notice may be from that the next one must find: clocks differ, and commits take
time."""

KEPT_MS = 30 * 24 * 3600 * 1000
"""How long a notice waits for a member who sends no further command."""


class Notices:
    """The use-cases of notices. Not thread-safe: for one event loop."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock
        self._loaded_ms = clock()
        self._guilds: set[int] = set()
        self._waiting: set[tuple[int, int]] = set()
        self._telling: set[tuple[int, int]] = set()
        self._shown: set[Key] = set()
        self._is_removing = False

    async def load(self) -> None:
        """Read which members have new notices, at most once in `RELOADED_MS`: those of other processes, and those
        stored with something that this process does not expect, such as the end of a case. Raises BooksClosed."""
        now_ms = self._clock()
        if now_ms - self._loaded_ms >= RELOADED_MS:
            members = await self._database.read(notices.members_since, self._loaded_ms - OVERLAP_MS)
            # Of the other guilds, all are read when the first of their members uses the bot.
            self._waiting.update(member for member in members if member[0] in self._guilds)
            self._loaded_ms = now_ms

    def expect(self, guild_id: int, member_id: int) -> None:
        """Note that there may be something new for a member."""
        self._waiting.add((guild_id, member_id))

    async def has_any(self, guild_id: int, member_id: int) -> bool:
        """Whether there may be something for a member that they are not being told right now. Only in a guild where
        nobody has asked before, this needs the books. Raises BooksClosed."""
        if guild_id not in self._guilds:
            self._waiting |= await self._database.read(notices.members_of, guild_id)
            self._guilds.add(guild_id)
        return (guild_id, member_id) in self._waiting and (guild_id, member_id) not in self._telling

    @contextlib.asynccontextmanager
    async def telling(self, guild_id: int, member_id: int) -> AsyncGenerator[list[Notice]]:
        """Lend a member's notices, oldest first. Unless the block raises, they count as shown.

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
            # From now on they are not shown again, whenever they can be removed.
            self._shown.update(key for key, _ in entries)
        except BaseException:
            self._waiting.add(member)
            raise
        finally:
            self._telling.discard(member)
        await self._remove_shown()

    async def _remove_shown(self) -> None:
        """Remove what was shown, all of it at once: under load, a commit for each would keep gifts waiting.

        What cannot be removed now is removed with the next ones.
        """
        if self._is_removing:
            return
        self._is_removing = True
        try:
            with contextlib.suppress(BooksClosed, Busy):
                while shown_keys := [*self._shown]:
                    await self._database.writer.perform(notices.remove, shown_keys, self._clock() - KEPT_MS)
                    self._shown.difference_update(shown_keys)
        finally:
            self._is_removing = False
