"""All overlays that are open in this process: what wakes them, and how often they look.

What this process commits is heard at once, and looked at no more than ten times a second. What others commit, or do
with an overlay, is asked for four times a second, in one query for all guilds. PostgreSQL could tell of it, but a
NOTIFY in the transactions that move money would have them wait for each other.
"""

import contextlib
import logging
from collections.abc import Callable, Collection
from typing import Final

from bot.domain.errors import BooksClosed, Busy
from bot.domain.overlays import OverlayPass, OverlayScope
from bot.services.overlay_shows import OverlayShows
from bot.web.overlay.art import Art
from bot.web.overlay.overlay import Overlay
from bot.web.overlay.people import People
from bot.web.overlay.source import RESTART, Source
from bot.web.overlay.watch import GuildWatch

log = logging.getLogger(__name__)

TICK_S: Final = 0.1
"""The shortest time between two looks at a guild's journal."""
BEAT_S: Final = 0.25
"""How often it is asked what other processes have done."""
SAVE_S: Final = 5.0
"""How often it is kept what sources have shown."""
SEEN_S: Final = 60.0
"""How often it is kept which links are in use."""


class Hub:
    """The open overlays of this process. `now_ms` tells the time, and `now_s` counts seconds.

    `wake` is called when `turn` has something to do.
    """

    def __init__(
        self,
        shows: OverlayShows,
        people: People,
        art: Art,
        now_ms: Callable[[], int],
        now_s: Callable[[], float],
    ) -> None:
        self.shows = shows
        self.people = people
        self.art = art
        self.now_ms = now_ms
        self.wake: Callable[[], None] = lambda: None
        self.is_closing = False
        self._now_s = now_s
        self._watches: dict[int, GuildWatch] = {}
        self._beat_at = self._saved_at = self._seen_at = -SEEN_S

    @property
    def pages(self) -> list[Source]:
        """All pages that are open."""
        return [source for overlay in self._overlays() for source in overlay.sources]

    @property
    def sources(self) -> int:
        """How many pages show gifts now."""
        return sum(source.is_view for source in self.pages)

    @property
    def behind_ms(self) -> int:
        """For how long the oldest row that was noticed has not been sent to pages, 0 if there is none."""
        times = [watch.behind_since for watch in self._watches.values() if watch.behind_since is not None]
        return int((self._now_s() - min(times)) * 1000) if times else 0

    def is_watching(self, guild_id: int) -> bool:
        """Whether an overlay of a guild is open."""
        return guild_id in self._watches

    def count(self, guild_id: int, creator_id: int, scope: OverlayScope) -> int:
        """Return how many pages are open with a creator's link."""
        return sum(
            source.overlay_pass.scope is scope
            for source in self.pages
            if (source.overlay_pass.guild_id, source.overlay_pass.creator_id) == (guild_id, creator_id)
        )

    def count_of(self, digest: str) -> int:
        """Return how many pages are open with one link."""
        return sum(source.digest == digest for source in self.pages)

    def hear(self, guild_ids: Collection[int]) -> None:
        """Note that the journals of guilds grew. Called after each commit, so it does not read the books itself."""
        watched = [watch for guild_id in guild_ids if (watch := self._watches.get(guild_id)) is not None]
        for watch in watched:
            watch.grow()
        if watched:
            self.wake()

    def notice(self, _at_ms: int = 0) -> None:
        """Note that something other than a journal has changed in this process, as a deadline was set."""
        for watch in self._watches.values():
            watch.notice()
        if self._watches:
            self.wake()

    async def enter(self, owner: OverlayPass, digest: str) -> Overlay:
        """Return a creator's overlay for a page with a link. The caller adds the page to it at once."""
        watch = self._watches.get(owner.guild_id)
        if watch is None:
            watch = GuildWatch(owner.guild_id, self.shows, self.people, self.art, self.now_ms, self._now_s)
            self._watches[owner.guild_id] = watch
        watch.entering += 1
        try:
            return await watch.enter(owner, digest)
        finally:
            watch.entering -= 1
            await self._forget_if_empty(watch)
            self.wake()

    async def leave(self, overlay: Overlay, source: Source) -> None:
        """Forget a page that has gone."""
        overlay.sources.discard(source)
        await source.end()
        await self._save(overlay.unsaved_cursors())
        watch = self._watches.get(overlay.guild_id)
        if watch is not None:
            watch.leave(overlay)
            await self._forget_if_empty(watch)

    async def turn(self) -> float | None:
        """Look after every guild for which it is time. Return for how many seconds there is no need."""
        if not self._watches:
            return None
        now_s = self._now_s()
        if now_s - self._beat_at >= BEAT_S:
            self._beat_at = now_s
            # Where nothing can be read now, the guilds themselves wait and say so.
            with contextlib.suppress(BooksClosed, Busy):
                for guild_id, beat in (await self.shows.beats([*self._watches])).items():
                    if (watch := self._watches.get(guild_id)) is not None:
                        watch.hear(beat)
        for watch in self._watches.values():
            if not watch.is_busy and not watch.rests_for(TICK_S):
                watch.tick(self.wake)
        if now_s - self._saved_at >= SAVE_S:
            self._saved_at = now_s
            await self._keep_progress()
        rests = [watch.rests_for(TICK_S) for watch in self._watches.values() if not watch.is_busy]
        return max(0.0, min([*rests, self._beat_at + BEAT_S - self._now_s()]))

    async def close(self) -> None:
        """Tell all pages to come back in a moment, and let nobody in any more."""
        self.is_closing = True
        for source in self.pages:
            source.close(RESTART, b"restart")
        await self._save([cursor for overlay in self._overlays() for cursor in overlay.unsaved_cursors()])

    async def stop(self) -> None:
        """Stop in the middle. Pages come back with their cursors."""
        for watch in [*self._watches.values()]:
            await watch.stop()
        await self.people.close()

    async def _forget_if_empty(self, watch: GuildWatch) -> None:
        if not watch.overlays and not watch.entering and self._watches.get(watch.guild_id) is watch:
            del self._watches[watch.guild_id]
            await watch.stop()

    async def _keep_progress(self) -> None:
        await self._save([cursor for overlay in self._overlays() for cursor in overlay.unsaved_cursors()])
        if self._now_s() - self._seen_at >= SEEN_S:
            self._seen_at = self._now_s()
            with contextlib.suppress(BooksClosed, Busy):
                await self.shows.note_seen({source.digest for source in self.pages})

    async def _save(self, cursors: list[tuple[int, int, str, int]]) -> None:
        # Pages know their cursors themselves: these are for those that are closed and opened again.
        with contextlib.suppress(BooksClosed, Busy):
            if cursors:
                await self.shows.save_cursors(cursors)

    def _overlays(self) -> list[Overlay]:
        return [overlay for watch in self._watches.values() for overlay in watch.overlays.values()]
