"""Notices to staff, in the channel that accepts messages and where staff are most likely to see them.

That is Discord's own channel for moderators, then channels that only staff can see, then any that works. Most of these
notices are about channels that refuse messages. If no channel works, staff are told with their next command.
"""

import logging
from collections.abc import Callable, Iterator

import discord

from bot.announcer.courier import Courier
from bot.announcer.pace import TurnKind
from bot.client import Rosette
from bot.domain.policy import Staff
from bot.services import Services
from bot.ui.kit.cards import Card
from bot.ui.kit.channels import can_write
from bot.ui.kit.posting import Place, Posted
from bot.ui.kit.readers import guild_reader
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.notices import broken_notice
from bot.ui.text.reader import Reader

log = logging.getLogger(__name__)

MOST_TRIES = 5
"""Channels that are tried for one notice."""


class StaffMessenger:
    """Speaks to those who run a guild."""

    def __init__(self, services: Services, client: Rosette, courier: Courier) -> None:
        self._services = services
        self._channels = services.channels
        self._client = client
        self._courier = courier

    async def tell(
        self, guild_id: int, name: str, write: Callable[[Reader], Card], *, in_private: bool = False
    ) -> bool:
        """Post a notice once, told from others by `name`; return whether a channel accepted it.

        With `in_private`, only channels that members cannot see are tried.
        """
        guild = self._client.get_guild(guild_id)
        if guild is None:
            return False

        async def write_reply() -> Reply:
            return reply(write(guild_reader(self._client, guild_id)))

        for channel_id in await self._candidates(guild, in_private=in_private):
            outcome = await self._courier.post_once(Place(guild_id, channel_id), name, write_reply, kind=TurnKind.LOUD)
            if isinstance(outcome, Posted):
                return True
        return False

    async def alert(self, guild_id: int) -> None:
        """Tell staff of the channels that refuse messages and that they do not know of yet."""
        channels = await self._channels.claim_unreported(guild_id)
        if not channels:
            return
        name = "closed:" + ",".join(f"{channel.channel_id}-{channel.since_ms}" for channel in channels)
        if not await self.tell(guild_id, name, lambda r: broken_notice(channels, r)):
            await self._channels.mark_unreported(guild_id, channels)

    async def _candidates(self, guild: discord.Guild, *, in_private: bool) -> list[int]:
        """Return the channels to try, the best one first."""
        rules = await self._services.guilds.rules(guild.id)
        unwritable_ids = {channel.channel_id for channel in await self._channels.unwritable(guild.id)}
        staff_ids = {rules.role_of(role) for role in Staff}
        candidates: dict[int, None] = {}
        private_channels = _private_channels(guild, staff_ids)
        channels = private_channels if in_private else _best_first(guild, private_channels, rules.gift_channel_id)
        for channel in channels:
            if channel is not None and channel.id not in unwritable_ids and can_write(channel):
                candidates.setdefault(channel.id)
        return list(candidates)[:MOST_TRIES]


def _private_channels(guild: discord.Guild, staff_ids: set[int]) -> Iterator[discord.TextChannel]:
    moderators_channel = guild.public_updates_channel
    # Discord sends its own news for moderators there, but does not keep members out.
    if moderators_channel is not None and not moderators_channel.permissions_for(guild.default_role).view_channel:
        yield moderators_channel
    other_roles = [role for role in guild.roles if not _is_staff(role, staff_ids)]
    for channel in guild.text_channels:
        if not any(channel.permissions_for(role).view_channel for role in other_roles):
            yield channel


def _best_first(
    guild: discord.Guild, private_channels: Iterator[discord.TextChannel], gift_channel_id: int
) -> Iterator[discord.abc.GuildChannel | None]:
    yield guild.public_updates_channel
    yield from private_channels
    yield guild.system_channel
    yield guild.get_channel(gift_channel_id)
    yield from (channel for channel in guild.text_channels if not channel.is_news())


def _is_staff(role: discord.Role, staff_ids: set[int]) -> bool:
    # Bots have roles of their own, and see every channel that matters here.
    return role.id in staff_ids or role.managed or role.permissions.administrator or role.permissions.manage_guild
