"""Ends live events when their time comes, also those whose time came while the bot was away, and shows their recaps."""

import asyncio
import logging
from collections.abc import Callable

import aiohttp
import discord

from bot.announcer.failures import Failure, meaning_of
from bot.announcer.notices import heed
from bot.announcer.pace import Kind, Pace
from bot.client import Rosette
from bot.domain.live import LiveEvent
from bot.services import Services
from bot.ui.channels import allowed_in, borne, can_attach
from bot.ui.presence import presence_of
from bot.ui.recap import recap_embed, recap_picture
from bot.ui.replies import reply
from bot.ui.texts import Reader

log = logging.getLogger(__name__)


AGAIN_MS = 30_000
"""How long a channel is left alone that does not take a recap now."""


class Bell:
    """Rings for every live event that is over. `clock` gives milliseconds since the epoch, UTC."""

    def __init__(self, services: Services, client: Rosette, pace: Pace, clock: Callable[[], int]) -> None:
        self._services = services
        self._client = client
        self._pace = pace
        self._clock = clock
        self._telling: dict[int, asyncio.Task[None]] = {}
        self._not_before: dict[int, int] = {}

    async def ring(self) -> None:
        """End what is due, and show every recap that has not been shown; a slow channel holds up no other bell."""
        await self._client.wait_until_ready()
        await self._services.live.end_due(self._reaches)
        untold = await self._services.shows.untold(self._reaches)
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

    def _reaches(self, guild_id: int) -> bool:
        guild = self._client.get_guild(guild_id)
        return guild is not None and not guild.unavailable

    async def _tell(self, event: LiveEvent) -> None:
        try:
            await self._post(event)
        except discord.HTTPException as error:
            log.warning("No recap for live event %s: %s", event.event_id, error)
            if meaning_of(error) is Failure.PASSES:
                self._not_before[event.event_id] = self._clock() + AGAIN_MS
                return
            await heed(self._client, self._services.telling, self._pace, event.guild_id, event.channel_id, error)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            log.warning("The recap of live event %s comes later: %r", event.event_id, error)
            self._not_before[event.event_id] = self._clock() + AGAIN_MS
            return
        except Exception:
            log.exception("The recap of live event %s failed", event.event_id)
            self._not_before[event.event_id] = self._clock() + AGAIN_MS
            return
        # Also where the channel never takes it: the end is booked, and a lost recap is only a recap.
        await self._services.shows.recap_told(event)

    async def _post(self, event: LiveEvent) -> None:
        guild = self._client.get_guild(event.guild_id)
        reader = Reader.for_guild(guild)
        status = await self._services.shows.recap(event.guild_id, event.event_id)
        mine = allowed_in(guild, event.channel_id)
        presence, pictures = presence_of(self._client), self._services.pictures
        picture = await recap_picture(status, presence, pictures, reader) if can_attach(mine) else None
        recap = borne(reply(recap_embed(status, reader, pictured=picture is not None), picture=picture), mine)
        channel = self._client.get_partial_messageable(event.channel_id, guild_id=event.guild_id)
        async with self._pace.turn(event.channel_id, Kind.LOUD):
            await channel.send(nonce=f"recap-{event.event_id:x}"[:25], **recap.sent())
