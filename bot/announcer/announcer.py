"""Follows the journal of every guild and announces its gifts, each exactly once.

Before anything is sent, the end of the batch is written down; after a crash the same rows are planned again into the
same messages with the same nonces, and Discord drops those it already has. Then the cursor moves on.
"""

import asyncio
import logging

import aiohttp
import discord

from bot.announcer.pace import Kind, Pace
from bot.announcer.render import announcement_embed
from bot.client import Rosette
from bot.domain.announcements import Announcement, plan
from bot.services import Services
from bot.ui.texts import Reader

log = logging.getLogger(__name__)

FOLLOWER = "announcer"
PROMISED = "announcer-promised"
"""The cursor that says up to where a batch reaches that is being sent."""

BATCH = 2_000
"""Rows told of in one go."""

_PASSING = frozenset({0, 40004, 40333, 130000})
"""Codes of refusals that pass: none at all (not Discord's own answer), sending switched off, network, overload."""


class Announcer:
    """The follower that speaks, at the channels' `pace`."""

    def __init__(self, services: Services, client: Rosette, pace: Pace) -> None:
        self._services = services
        self._client = client
        self._pace = pace
        self._guilds: dict[int, asyncio.Task[None]] = {}

    async def catch_up(self) -> None:
        """Announce whatever is not announced yet, in every guild that this process serves."""
        await self._client.wait_until_ready()
        for guild_id in await self._services.news.behind(FOLLOWER):
            running = self._guilds.get(guild_id)
            # A guild's channels wait for their pace without holding up other guilds.
            if self._client.get_guild(guild_id) and (running is None or running.done()):
                self._guilds[guild_id] = asyncio.create_task(self._catch_up(guild_id), name=f"announcing {guild_id}")

    async def stop(self) -> None:
        """Stop in the middle: the next start goes on where this one was."""
        for task in self._guilds.values():
            task.cancel()
        await asyncio.gather(*self._guilds.values(), return_exceptions=True)

    async def _catch_up(self, guild_id: int) -> None:
        try:
            while await self._announce_batch(guild_id):
                pass
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
            log.warning("Announcing in guild %s goes on later: %r", guild_id, error)
        except Exception:
            log.exception("Announcing in guild %s failed", guild_id)

    async def _announce_batch(self, guild_id: int) -> bool:
        news = self._services.news
        cursor = await news.cursor(guild_id, FOLLOWER)
        promised = await news.cursor(guild_id, PROMISED)
        rows = await news.after(guild_id, cursor, BATCH)
        if promised > cursor:
            rows = [row for row in rows if row.seq <= promised]
        if not rows:
            return False
        rules = await self._services.guilds.rules(guild_id)
        messages = plan(rows, rules.gift_channel_id)
        if messages and promised <= cursor:
            async with self._pace.turn(messages[0].channel_id, Kind.MERGED):
                # While the channel rested, more came in: it goes into the same message.
                rows = await news.after(guild_id, cursor, BATCH)
                messages = plan(rows, rules.gift_channel_id)
                await news.advance(guild_id, PROMISED, rows[-1].seq)
                await self._send(guild_id, messages[0])
            messages = messages[1:]
        for message in messages:
            async with self._pace.turn(message.channel_id, Kind.MERGED):
                await self._send(guild_id, message)
        await news.advance(guild_id, FOLLOWER, rows[-1].seq)
        return True

    async def _send(self, guild_id: int, message: Announcement) -> None:
        guild = self._client.get_guild(guild_id)
        embed = announcement_embed(message, Reader.for_guild(guild))
        channel = self._client.get_partial_messageable(message.channel_id, guild_id=guild_id)
        try:
            await channel.send(embed=embed, nonce=message.nonce, allowed_mentions=discord.AllowedMentions.none())
        except discord.HTTPException as error:
            if not _is_final(error):
                raise
            # The gift stands, and its sender has the receipt; only the telling is lost.
            log.warning("Channel %s of guild %s takes no announcements: %s", message.channel_id, guild_id, error)


def _is_final(error: discord.HTTPException) -> bool:
    """Whether Discord will never take the message: the channel is gone, locked, closed to us, or of the wrong kind.

    Whatever is not known to pass is final: one message tried for ever would hold up all others of its guild.
    """
    return 400 <= error.status < 500 and error.status not in {401, 408, 429} and error.code not in _PASSING
