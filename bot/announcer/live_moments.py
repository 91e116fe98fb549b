"""Says what happens in a live event, each moment once: beside the board, which does not wait for it."""

import asyncio
import logging
from collections.abc import Callable

from bot.announcer.courier import Courier, Later, Place
from bot.announcer.moments import STALE_MS, Moment, moments_of
from bot.announcer.pace import Kind
from bot.client import Rosette
from bot.domain.live import LiveEvent
from bot.domain.live_progress import LiveProgress
from bot.services.live_displays import LiveDisplays
from bot.ui.reader import Reader
from bot.ui.replies import Reply, reply

log = logging.getLogger(__name__)


class LiveMoments:
    """Speaks in the channels of live events. `clock` gives milliseconds since the epoch, UTC."""

    def __init__(self, shows: LiveDisplays, client: Rosette, courier: Courier, clock: Callable[[], int]) -> None:
        self._shows = shows
        self._client = client
        self._courier = courier
        self._clock = clock
        self._tasks: dict[int, asyncio.Task[bool]] = {}

    def begin(self, event: LiveEvent, show: LiveProgress) -> None:
        """Begin to say what has happened, unless something of the event is being said already."""
        if event.event_id not in self._tasks:
            task = self._tasks[event.event_id] = asyncio.create_task(self.say(event, show), name="herald")
            task.add_done_callback(lambda task: self._done(event, task))

    async def stop(self) -> None:
        """Stop in the middle: the next start says what has not been said."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def say(self, event: LiveEvent, show: LiveProgress) -> bool:
        """Say what has happened; return False if some of it has to wait."""
        told = await self._shows.was_told(event)
        for moment in moments_of(event, show, self._clock()):
            if moment.name in told:
                continue
            if self._clock() - moment.at_ms < STALE_MS and not await self._post(event, moment):
                return False
            await self._shows.mark_told(event, moment.name)
        return True

    async def _post(self, event: LiveEvent, moment: Moment) -> bool:
        async def write() -> Reply:
            return reply(moment.embed(Reader.for_guild(self._client.get_guild(event.guild_id))))

        place, name = Place(event.guild_id, event.channel_id), f"moment:{event.event_id}:{moment.name}"
        return not isinstance(await self._courier.post_once(place, name, write, kind=Kind.LOUD), Later)

    def _done(self, event: LiveEvent, task: "asyncio.Task[bool]") -> None:
        self._tasks.pop(event.event_id, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("Some moments of live event %s could not be announced", event.event_id, exc_info=error)
