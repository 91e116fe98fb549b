"""Ends live events when their time comes, also those whose time came while the bot was away."""

import logging

import aiohttp
import discord

from bot.client import Rosette
from bot.services import Services
from bot.ui.recap import recap_embed
from bot.ui.texts import Reader

log = logging.getLogger(__name__)


class Bell:
    """Rings for every live event that is over."""

    def __init__(self, services: Services, client: Rosette) -> None:
        self._services = services
        self._client = client

    async def ring(self) -> None:
        """End what is due and post each recap in its channel. The end is booked first: a lost recap is only a recap."""
        await self._client.wait_until_ready()
        for status in await self._services.live.end_due():
            event = status.event
            guild = self._client.get_guild(event.guild_id)
            channel = self._client.get_partial_messageable(event.channel_id, guild_id=event.guild_id)
            try:
                await channel.send(
                    embed=recap_embed(status, Reader.for_guild(guild)), nonce=f"recap-{event.event_id:x}"[:25]
                )
            except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
                log.warning("No recap for live event %s: %s", event.event_id, error)
