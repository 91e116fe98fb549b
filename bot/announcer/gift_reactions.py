"""Reacts to gifted messages of creators who want that.

Reacting twice is one reaction, so this may be repeated. If Discord does not answer, it is tried again for an hour. If
the bot may not react, staff are told once.
"""

import logging
from typing import Final

import aiohttp
import discord

from bot.announcer.failures import Failure, meaning_of
from bot.announcer.staff import StaffMessenger
from bot.client import Rosette
from bot.domain.deadlines import Deadline
from bot.domain.reactions import EMOJI, PATIENCE_MS, ReactionTarget
from bot.services.reactions import GiftReactions
from bot.ui.kit.channels import allowed_in, can_react
from bot.ui.looks.notices import reactions_notice

log = logging.getLogger(__name__)

AGAIN_MS: Final = 30_000
"""The pause before Discord is asked again."""


class ReactionSender:
    """Handles the deadlines of reactions."""

    def __init__(self, reactions: GiftReactions, client: Rosette, staff: StaffMessenger) -> None:
        self._reactions = reactions
        self._client = client
        self._staff = staff

    async def react(self, deadline: Deadline) -> int | None:
        """React to a message, once; return when to try again."""
        target = await self._reactions.target(deadline.guild_id, deadline.subject)
        if target is None:
            return None
        now_ms = self._client.clock.estimate()
        if await self._ask(target):
            return None
        return now_ms + AGAIN_MS if now_ms < target.gifted_ms + PATIENCE_MS else None

    async def _ask(self, target: ReactionTarget) -> bool:
        """Ask Discord for a reaction; return whether the matter is settled, one way or the other."""
        guild_id, channel_id = target.guild_id, target.channel_id
        if not can_react(allowed_in(self._client.get_guild(guild_id), channel_id)):
            await self._tell_staff(target)
            return True
        channel = self._client.get_partial_messageable(channel_id, guild_id=guild_id)
        try:
            await channel.get_partial_message(target.message_id).add_reaction(EMOJI)
        except discord.HTTPException as error:
            meaning = meaning_of(error)
            if meaning is Failure.CHANNEL:
                await self._tell_staff(target)
            elif meaning is Failure.PASSES:
                log.warning("A reaction in channel %s of guild %s waits: %s", channel_id, guild_id, error)
            return meaning is not Failure.PASSES
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            log.warning("Discord cannot be reached for a reaction in guild %s; trying again: %r", guild_id, error)
            return False
        await self._reactions.forget_trouble(guild_id, channel_id)
        return True

    async def _tell_staff(self, target: ReactionTarget) -> None:
        guild_id, channel_id = target.guild_id, target.channel_id
        if await self._reactions.note_trouble(guild_id, channel_id):
            name = f"reactions:{channel_id}:{target.message_id}"
            if not await self._staff.tell(guild_id, name, lambda r: reactions_notice(channel_id, r)):
                await self._reactions.forget_trouble(guild_id, channel_id)
