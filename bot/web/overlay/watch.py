"""One guild whose overlays are open: its journal is read once for all of them."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from bot.domain.errors import BooksClosed, Busy
from bot.domain.overlays import OverlayBeat, OverlayPass
from bot.services.overlay_shows import PAGE, OverlayShows, Reading, Stage
from bot.web.overlay.art import Art
from bot.web.overlay.counts import EventCounts
from bot.web.overlay.frames import Values, people_on, stage_values
from bot.web.overlay.overlay import Overlay
from bot.web.overlay.people import People

log = logging.getLogger(__name__)

SETUP_S: Final = 2.0
"""How often it is looked how overlays stand, where nothing says that they have changed."""
STATE_S: Final = 1.0
"""How often pages are told what changes by the clock alone."""
CLOSED_S: Final = 1.0
"""How long the books are left alone if they could not be read."""


class GuildWatch:
    """The open overlays of one guild, by creator. `now_ms` tells the time, and `now_s` counts seconds.

    `behind_since` is when rows were noticed that no page was sent yet, None if there are none. `entering` counts pages
    that are on their way in.
    """

    def __init__(
        self,
        guild_id: int,
        shows: OverlayShows,
        people: People,
        art: Art,
        now_ms: Callable[[], int],
        now_s: Callable[[], float],
    ) -> None:
        self.guild_id = guild_id
        self.overlays: dict[int, Overlay] = {}
        self.behind_since: float | None = None
        self.entering = 0
        self._seq: int | None = None
        self._is_grown = False
        self._is_noticed = False
        self._shows = shows
        self._people = people
        self._art = art
        self._now_ms = now_ms
        self._now_s = now_s
        self._counts = EventCounts(guild_id, shows, now_s, self.notice)
        self._lock = asyncio.Lock()
        self._ticked_at = 0.0
        self._task: asyncio.Task[None] | None = None
        self._beat = OverlayBeat()

    @property
    def is_busy(self) -> bool:
        """Whether somebody is looking after it."""
        return self._task is not None and not self._task.done()

    def grow(self) -> None:
        """Note that there are new rows."""
        self._is_grown = True
        if self.behind_since is None:
            self.behind_since = self._now_s()

    def notice(self) -> None:
        """Note that something else may have changed."""
        self._is_noticed = True

    def hear(self, beat: OverlayBeat) -> None:
        """Note how far the books are."""
        self._beat = beat
        if self._seq is not None and beat.head_seq > self._seq:
            self.grow()

    def rests_for(self, gap_s: float) -> float:
        """Return for how many seconds nothing is to be done. Two looks are at least `gap_s` apart."""
        has_news = any(self._beat.news.get(each.creator) != each.nr for each in self.overlays.values())
        is_due = self._is_grown or self._is_noticed or has_news
        return max(0.0, self._ticked_at + (gap_s if is_due else STATE_S) - self._now_s())

    def tick(self, on_end: Callable[[], None]) -> None:
        """Look after it, in a task. `on_end` is called at its end."""
        self._ticked_at = self._now_s()
        self._task = asyncio.create_task(self._tend(), name=f"overlays of {self.guild_id}")
        self._task.add_done_callback(lambda _: on_end())

    async def enter(self, owner: OverlayPass, digest: str) -> Overlay:
        """Return the overlay of a creator for a page with a link, with all that there is to show now.

        The caller adds a page to it at once: one without pages may be forgotten at any time.
        """
        async with self._lock:
            overlay = self.overlays.get(owner.creator)
            if self._seq is None:
                self._seq = (await self._shows.beats([self.guild_id]))[self.guild_id].head_seq
            if overlay is None:
                overlay = Overlay(owner, self._shows, self._people, self._art)
                overlay.seq = self._seq
                await self._refresh(overlay)
                stages = [*self._stages(), *([overlay.setup.stage] if overlay.setup and overlay.setup.stage else [])]
                await self._counts.follow(stages, self._seq)
                overlay.state = await self._state(overlay)
            elif overlay.setup is None or digest not in overlay.setup.digests:
                # The link may be newer than what was read last.
                await self._refresh(overlay)
            # Also one that was known: its last page may have left meanwhile, and then nobody would look after it.
            self.overlays[owner.creator] = overlay
        return overlay

    def leave(self, overlay: Overlay) -> None:
        """Forget an overlay that no page shows any more."""
        if not overlay.sources and self.overlays.get(overlay.creator) is overlay:
            del self.overlays[overlay.creator]

    async def stop(self) -> None:
        """Stop in the middle."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._counts.stop()

    async def _tend(self) -> None:
        try:
            async with self._lock:
                await self._look()
        except (BooksClosed, Busy):
            self._is_grown = True
            self._ticked_at = self._now_s() + CLOSED_S
        except Exception:
            self._is_grown = True
            self._ticked_at = self._now_s() + CLOSED_S
            log.exception("The overlays of guild %s could not be brought up to date; trying again", self.guild_id)

    async def _look(self) -> None:
        await self._hear_news()
        while self._seq is not None:
            self._is_grown = False
            creators = {overlay.creator: overlay.creator_id for overlay in self.overlays.values()}
            reading = await self._shows.read(self.guild_id, self._seq, creators)
            await self._show(reading)
            if len(reading.rows) < PAGE:
                break
        if not self._is_grown:
            self.behind_since = None

    async def _show(self, reading: Reading) -> None:
        """Show a part of the journal on every overlay."""
        overlays = [*self.overlays.values()]
        event_ids = {overlay.creator: {overlay.event_id} for overlay in overlays}
        for overlay in overlays:
            # A live event that has just begun, or ended: the rows may have gifts of both.
            if (event_id := reading.event_ids.get(overlay.creator_id, 0)) != overlay.event_id:
                event_ids[overlay.creator].add(event_id)
                await self._refresh(overlay)
        await self._counts.follow(self._stages(), reading.seq)
        for overlay in overlays:
            overlay.state = await self._state(overlay)
            await overlay.show(reading, event_ids[overlay.creator] - {0}, self._now_s())
        self._seq = reading.seq

    async def _hear_news(self) -> None:
        """Look how overlays stand that have news, or of which nothing was heard for long."""
        is_noticed, self._is_noticed = self._is_noticed, False
        for overlay in [*self.overlays.values()]:
            is_old = self._now_s() - overlay.setup_at >= SETUP_S
            if is_noticed or is_old or self._beat.news.get(overlay.creator) != overlay.nr:
                await self._refresh(overlay)
            if overlay.setup is not None and overlay.setup.queue.nr > overlay.nr:
                await overlay.send_controls(await self._shows.controls(self.guild_id, overlay.creator, overlay.nr))

    async def _refresh(self, overlay: Overlay) -> None:
        setup = await self._shows.setup(self.guild_id, overlay.creator, overlay.creator_id)
        overlay.let_in(setup)
        overlay.setup_at = self._now_s()

    def _stages(self) -> list[Stage]:
        setups = [overlay.setup for overlay in self.overlays.values()]
        return [setup.stage for setup in setups if setup is not None and setup.stage is not None]

    async def _state(self, overlay: Overlay) -> Values:
        """Return how the live event of an overlay goes."""
        stage = overlay.setup.stage if overlay.setup is not None else None
        tally, leaders = None, []
        if stage is not None:
            tally, leaders = self._counts.of(stage.event.event_id), await self._counts.leaders(stage.event.event_id)
        people = await self._people.named(self.guild_id, people_on(stage, leaders))
        return stage_values(stage, tally, leaders, people, self._now_ms())
