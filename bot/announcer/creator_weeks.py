"""Sends each creator the recap of the week that is over, once, as a direct message.

Each recap is noted as sent before the next one, and has a name of its own: after a crash in between, Discord drops what
it already has. Creators who accept no direct messages learn of the recap below their next reply.
"""

import logging

import aiohttp
import discord

from bot.announcer.failures import Failure, meaning_of
from bot.client import Rosette
from bot.domain.creator_weeks import Week
from bot.domain.deadlines import Deadline
from bot.services import Services
from bot.services.visible_leaderboard import visible_week
from bot.ui.kit.cross_links import direct_week_buttons
from bot.ui.kit.posting import Draft, Place, nonce_of
from bot.ui.kit.readers import guild_reader
from bot.ui.kit.replies import reply
from bot.ui.looks.creator_weeks import week_card, week_picture

log = logging.getLogger(__name__)

AGAIN_MS = 60_000
"""How much later a recap is sent again that Discord did not answer."""


class CreatorWeekSender:
    """Handles the deadlines of weekly recaps."""

    def __init__(self, services: Services, client: Rosette) -> None:
        self._services = services
        self._client = client

    async def send_all(self, deadline: Deadline) -> int:
        """Send all recaps that are due in a guild; return when to go on, or when the next ones are due."""
        guild_id, weeks = deadline.guild_id, self._services.creator_weeks
        week, creator_ids = await weeks.agenda(guild_id)
        if week is not None:
            for creator_id in creator_ids:
                is_sent = await self._send(guild_id, creator_id, week)
                if is_sent is None:
                    return self._client.clock() + AGAIN_MS
                await weeks.mark_sent(guild_id, creator_id, week, is_unreachable=not is_sent)
        return await weeks.finish(guild_id, week)

    async def _send(self, guild_id: int, creator_id: int, week: Week) -> bool | None:
        """Send one creator's recap. Return whether Discord accepted it, None if it gave no answer. Creators who have
        left are skipped."""
        profile = (await self._client.membership.profiles(guild_id, [creator_id]))[creator_id]
        if not profile.is_member:
            return True
        recap = await self._services.creator_weeks.recap(guild_id, creator_id, week)
        recap = await visible_week(self._client.shown_members, guild_id, recap)
        reader, guild = guild_reader(self._client, guild_id), self._client.get_guild(guild_id)
        picture = await week_picture(recap, profile.name, self._services.pictures, reader)
        card = week_card(recap, guild.name if guild is not None else "", reader, picture)
        draft = Draft(reply(card, direct_week_buttons(creator_id, guild_id, reader)), silent=True)
        nonce = nonce_of(guild_id, f"week:{week.number}:{creator_id}")
        try:
            channel = await self._client.create_dm(discord.Object(creator_id))
            await channel.send(nonce=nonce, **draft.posted(Place(guild_id, channel.id)))
        except discord.HTTPException as error:
            log.info("Discord refuses the weekly recap of creator %s of guild %s: %s", creator_id, guild_id, error)
            return None if meaning_of(error) is Failure.PASSES else False
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            log.warning(
                "Discord cannot be reached for the weekly recaps of guild %s; trying again later: %r", guild_id, error
            )
            return None
        return True
