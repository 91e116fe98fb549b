"""Announces what happens in a live event, each moment once. The board does not wait for it."""

import asyncio
import logging
from collections.abc import Callable

from bot.announcer.courier import Courier
from bot.announcer.memory import LiveMemory
from bot.announcer.pace import TurnKind
from bot.client import Rosette
from bot.domain.live import LiveEvent
from bot.domain.live_progress import LiveProgress
from bot.domain.trains import Railway
from bot.services import Services
from bot.ui.kit.cards import Picture
from bot.ui.kit.channels import allowed_in, can_attach
from bot.ui.kit.posting import Later, Place
from bot.ui.kit.readers import guild_reader
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.live_card import creators_of
from bot.ui.looks.moments import STALE_MS, Moment, MomentLook, moment_picture, moments_of
from bot.ui.text.reader import Reader

log = logging.getLogger(__name__)


class LiveMoments:
    """Posts in the channels of live events. `clock` gives milliseconds since the epoch, UTC."""

    def __init__(
        self,
        services: Services,
        memory: LiveMemory,
        client: Rosette,
        courier: Courier,
        clock: Callable[[], int],
    ) -> None:
        self._displays = services.live_displays
        self._pictures = services.pictures
        self._memory = memory
        self._client = client
        self._courier = courier
        self._clock = clock
        self._tasks: dict[int, asyncio.Task[Later | None]] = {}

    def begin(self, event: LiveEvent, progress: LiveProgress, railway: Railway) -> None:
        """Begin to announce what has happened, unless that is already under way for this event."""
        if event.event_id not in self._tasks:
            task = asyncio.create_task(self.announce(event, progress, railway), name=f"moments of {event.event_id}")
            self._tasks[event.event_id] = task
            task.add_done_callback(lambda task: self._end(event, task))

    async def stop(self) -> None:
        """Stop at once. The next process announces what was not announced."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def announce(self, event: LiveEvent, progress: LiveProgress, railway: Railway) -> Later | None:
        """Announce what has happened; return what the remaining moments have to wait for, None if nothing is left."""
        names = await self._memory.announced_moments(event)
        for moment in moments_of(event, progress, self._clock(), railway):
            if moment.name in names:
                continue
            if self._clock() - moment.at_ms < STALE_MS and (pause := await self._post(event, moment)) is not None:
                return pause
            await self._memory.mark_announced(event, moment.name)
        return None

    async def _post(self, event: LiveEvent, moment: Moment) -> Later | None:
        reader = guild_reader(self._client, event.guild_id)
        look = moment.look(creators_of(await self._displays.status(event)), reader)
        # Drawn before the turn, so that the channel does not wait for it then.
        picture = await self._picture(event, look, reader)

        async def write() -> Reply:
            return reply(look.card(picture))

        place, name = Place(event.guild_id, event.channel_id), f"moment:{event.event_id}:{moment.name}"
        outcome = await self._courier.post_once(place, name, write, kind=TurnKind.LOUD)
        return outcome if isinstance(outcome, Later) else None

    async def _picture(self, event: LiveEvent, look: MomentLook, reader: Reader) -> Picture | None:
        """Return the picture of a moment, None if words have to do."""
        if not can_attach(allowed_in(self._client.get_guild(event.guild_id), event.channel_id)):
            return None
        return await moment_picture(look, event.guild_id, self._client.membership, self._pictures, reader)

    def _end(self, event: LiveEvent, task: "asyncio.Task[Later | None]") -> None:
        self._tasks.pop(event.event_id, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("Some moments of live event %s could not be announced", event.event_id, exc_info=error)
