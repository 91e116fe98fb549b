"""Sends what creators say thank you for, each once, where the gifts were announced."""

import logging

import aiohttp
import discord

from bot.announcer.failures import Failure, meaning_of
from bot.announcer.notices import heed
from bot.announcer.pace import Kind, Pace
from bot.client import Rosette
from bot.domain.thanks import ThankYou
from bot.services import Services
from bot.ui.channels import allowed_in, borne
from bot.ui.replies import reply
from bot.ui.texts import Reader
from bot.ui.thanks import thank_you_embed

log = logging.getLogger(__name__)


class Thanker:
    """Sends what waits."""

    def __init__(self, services: Services, client: Rosette, pace: Pace) -> None:
        self._thanks = services.thanks
        self._telling = services.telling
        self._client = client
        self._pace = pace

    async def send(self) -> None:
        """Send every thank-you that has not been sent, in the guilds that this process can reach."""
        await self._client.wait_until_ready()
        for made in await self._thanks.unsent(self._reaches):
            await self._send(made)

    def _reaches(self, guild_id: int) -> bool:
        guild = self._client.get_guild(guild_id)
        return guild is not None and not guild.unavailable

    async def _send(self, made: ThankYou) -> None:
        guild = self._client.get_guild(made.guild_id)
        embed = thank_you_embed(made, await self._thanks.names(made), Reader.for_guild(guild))
        said = borne(reply(embed), allowed_in(guild, made.channel_id))
        channel = self._client.get_partial_messageable(made.channel_id, guild_id=made.guild_id)
        try:
            async with self._pace.turn(made.channel_id, Kind.LOUD):
                # A mention in an embed shows the name and pings nobody: being thanked is no reason for a phone to buzz.
                await channel.send(nonce=f"thanks-{made.thanks_id:x}"[:25], **said.sent())
        except discord.HTTPException as error:
            log.warning("Channel %s of guild %s takes no thanks: %s", made.channel_id, made.guild_id, error)
            if meaning_of(error) is Failure.PASSES:
                return
            await heed(self._client, self._telling, self._pace, made.guild_id, made.channel_id, error)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            log.warning("Thanks in channel %s come later: %r", made.channel_id, error)
            return
        await self._thanks.mark_sent(made)
