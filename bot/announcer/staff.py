"""A word to staff: in the channel where Discord tells moderators of changes, or else in the guild's system channel."""

import logging
from collections.abc import Callable, Collection

import aiohttp
import discord

from bot.announcer.pace import Kind, Pace
from bot.ui.channels import borne, can_write
from bot.ui.replies import reply
from bot.ui.texts import Reader

log = logging.getLogger(__name__)


async def tell(
    client: discord.Client,
    pace: Pace,
    guild_id: int,
    words: Callable[[Reader], discord.Embed],
    *,
    nonce: str,
    closed: Collection[int] = (),
) -> bool:
    """Post `words` where staff see them, but in no `closed` channel; return whether one took them. Never raises."""
    guild = client.get_guild(guild_id)
    if guild is None:
        return False
    for channel in (guild.public_updates_channel, guild.system_channel):
        if channel is None or channel.id in closed or not can_write(channel):
            continue
        try:
            async with pace.turn(channel.id, Kind.LOUD):
                said = borne(reply(words(Reader.for_guild(guild))), channel.permissions_for(guild.me))
                await channel.send(nonce=nonce, **said.sent())
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
            log.debug("Channel %s does not take a word to staff: %s", channel.id, error)
        else:
            return True
    return False
