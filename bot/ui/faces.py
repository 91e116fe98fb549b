"""Members on pictures: their names and avatars, asked of Discord because the bot keeps no member list."""

import asyncio
import logging
from collections.abc import Sequence

import aiohttp
import discord

from bot.domain.text import clean
from bot.imaging.avatars import Person
from bot.services.pictures import Pictures
from bot.ui.texts import Reader

log = logging.getLogger(__name__)

NAME = 40
"""Graphemes of a name on a picture."""


async def faces(
    client: discord.Client, pictures: Pictures, guild_id: int, member_ids: Sequence[int], r: Reader
) -> dict[int, Person]:
    """Return members as they are drawn. Who cannot be found has no name, and an initial for a face."""
    wanted = [*dict.fromkeys(member_ids)]
    members = await asyncio.gather(*(_member(client, guild_id, member_id) for member_id in wanted))
    urls = [member.display_avatar.replace(size=128, format="png").url if member else None for member in members]
    files = await pictures.avatars(urls)
    return {
        member_id: Person(clean(member.display_name, NAME) if member else r._("a former member"), member_id, file)
        for member_id, member, file in zip(wanted, members, files, strict=True)
    }


async def _member(client: discord.Client, guild_id: int, member_id: int) -> discord.Member | None:
    guild = client.get_guild(guild_id)
    if guild is None or not member_id:
        return None
    try:
        return await guild.fetch_member(member_id)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        log.debug("Member %s of guild %s cannot be drawn: %s", member_id, guild_id, error)
        return None
