"""A word to staff: where they see it best, of all the channels that take it.

That is Discord's own channel for moderators, then channels that only staff can see, then whatever works. A channel
that refuses messages is what staff are told of first of all; where no channel works, they hear with their next command.
"""

import logging
from collections.abc import Callable, Iterator

import discord

from bot.announcer.courier import Courier, Place, Posted
from bot.announcer.pace import Kind
from bot.client import Rosette
from bot.domain.policy import Staff as StaffRole
from bot.services import Services
from bot.ui.channels import can_write
from bot.ui.notices import broken_embed
from bot.ui.reader import Reader
from bot.ui.replies import Reply, reply

log = logging.getLogger(__name__)

MOST_TRIES = 5
"""Channels that are tried for one word."""


class Staff:
    """Speaks to those who run a guild."""

    def __init__(self, services: Services, client: Rosette, courier: Courier) -> None:
        self._services = services
        self._channels = services.channels
        self._client = client
        self._courier = courier

    async def tell(self, guild_id: int, name: str, words: Callable[[Reader], discord.Embed]) -> bool:
        """Post `words` once, told from others by `name`; return whether a channel took them."""
        guild = self._client.get_guild(guild_id)
        if guild is None:
            return False

        async def written() -> Reply:
            return reply(words(Reader.for_guild(guild)))

        for channel_id in await self._fitting(guild):
            outcome = await self._courier.post_once(Place(guild_id, channel_id), name, written, kind=Kind.LOUD)
            if isinstance(outcome, Posted):
                return True
        return False

    async def alert(self, guild_id: int) -> None:
        """Tell of the channels that refuse messages, those that staff do not know of."""
        untold = await self._channels.claim_unreported(guild_id)
        if not untold:
            return
        name = "closed:" + ",".join(f"{channel.channel_id}-{channel.since_ms}" for channel in untold)
        if not await self.tell(guild_id, name, lambda r: broken_embed(untold, r)):
            await self._channels.mark_unreported(guild_id, untold)

    async def _fitting(self, guild: discord.Guild) -> list[int]:
        """Return the channels to try, the best one first."""
        rules = await self._services.guilds.rules(guild.id)
        broken = {channel.channel_id for channel in await self._channels.unwritable(guild.id)}
        staff_ids = {rules.role_of(role) for role in StaffRole}
        fitting: dict[int, None] = {}
        for channel in _by_fitness(guild, staff_ids, rules.gift_channel_id):
            if channel is not None and channel.id not in broken and can_write(channel):
                fitting.setdefault(channel.id)
        return list(fitting)[:MOST_TRIES]


def _by_fitness(
    guild: discord.Guild, staff_ids: set[int], gift_channel_id: int
) -> Iterator[discord.abc.GuildChannel | None]:
    yield guild.public_updates_channel
    others = [role for role in guild.roles if not _is_staff(role, staff_ids)]
    for channel in guild.text_channels:
        if not any(channel.permissions_for(role).view_channel for role in others):
            yield channel
    yield guild.system_channel
    yield guild.get_channel(gift_channel_id)
    yield from (channel for channel in guild.text_channels if not channel.is_news())


def _is_staff(role: discord.Role, staff_ids: set[int]) -> bool:
    # Bots have roles of their own, and see every channel that matters here.
    return role.id in staff_ids or role.managed or role.permissions.administrator or role.permissions.manage_guild
