"""Ends live events when their time comes, also those whose time came while the bot was away, and shows their recaps."""

import asyncio
import logging
from collections.abc import Callable

from bot.announcer.courier import Courier, Later, Place
from bot.announcer.pace import Kind
from bot.client import Rosette
from bot.domain.live import LiveEvent
from bot.services import Services
from bot.ui.channels import allowed_in, can_attach
from bot.ui.reader import Reader
from bot.ui.recap import recap_embed, recap_picture
from bot.ui.replies import Reply, reply

log = logging.getLogger(__name__)

AGAIN_MS = 30_000
"""How long a recap that failed is left alone."""


class LiveEndings:
    """Rings for every live event that is over. `clock` gives milliseconds since the epoch, UTC."""

    def __init__(self, services: Services, client: Rosette, courier: Courier, clock: Callable[[], int]) -> None:
        self._services = services
        self._client = client
        self._courier = courier
        self._clock = clock
        self._telling: dict[int, asyncio.Task[None]] = {}
        self._not_before: dict[int, int] = {}

    async def ring(self) -> None:
        """End what is due, and show every recap that has not been shown; a slow channel holds up no other bell."""
        await self._client.wait_until_ready()
        await self._services.live.end_due(self._courier.reaches)
        untold = await self._services.live_displays.untold(self._courier.reaches)
        for event in untold:
            telling = self._telling.get(event.event_id)
            rests = self._clock() < self._not_before.get(event.event_id, 0)
            if not rests and (telling is None or telling.done()):
                telling = asyncio.create_task(self._tell(event), name=f"recap of {event.event_id}")
                self._telling[event.event_id] = telling
        left = {event.event_id for event in untold}
        self._telling = {one: task for one, task in self._telling.items() if one in left or not task.done()}
        self._not_before = {one: at_ms for one, at_ms in self._not_before.items() if one in left}

    async def stop(self) -> None:
        """Stop in the middle: the next start shows what has not been shown."""
        for task in self._telling.values():
            task.cancel()
        await asyncio.gather(*self._telling.values(), return_exceptions=True)

    async def _tell(self, event: LiveEvent) -> None:
        place, name = Place(event.guild_id, event.channel_id), f"recap:{event.event_id}"
        try:
            outcome = await self._courier.post_once(place, name, lambda: self._recap(event), kind=Kind.LOUD)
        except Exception:
            log.exception("The recap of live event %s could not be posted; trying again", event.event_id)
            self._not_before[event.event_id] = self._clock() + AGAIN_MS
            return
        # Also where it is refused for good: the end is booked, and a lost recap is only a recap.
        if not isinstance(outcome, Later):
            await self._services.live_displays.recap_told(event)

    async def _recap(self, event: LiveEvent) -> Reply:
        guild = self._client.get_guild(event.guild_id)
        reader = Reader.for_guild(guild)
        status = await self._services.live_displays.recap(event.guild_id, event.event_id)
        mine = allowed_in(guild, event.channel_id)
        membership, pictures = self._client.membership, self._services.pictures
        picture = await recap_picture(status, membership, pictures, reader) if can_attach(mine) else None
        return reply(recap_embed(status, reader, pictured=picture is not None), picture=picture)
