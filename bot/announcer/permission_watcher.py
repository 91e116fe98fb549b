"""Listens for changed permissions: a channel that refused messages may accept them now, so it is tried at once."""

from collections.abc import Collection

import discord

from bot.client import Rosette
from bot.services.channels import Channels
from bot.ui.kit.channels import may_write


class PermissionWatcher:
    """Listens for changes of channels, threads and roles, and of our own roles."""

    def __init__(self, channels: Channels, client: Rosette) -> None:
        self._channels = channels
        self._client = client

    def listen(self) -> None:
        """Begin to listen."""
        self._client.add_listener(self._on_channel, "on_guild_channel_update")
        self._client.add_listener(self._on_channel, "on_thread_update")
        self._client.add_listener(self._on_role, "on_guild_role_update")
        self._client.add_listener(self._on_member, "on_member_update")
        self._client.add_listener(self._on_join, "on_guild_join")

    async def _on_channel(
        self, _before: discord.abc.GuildChannel | discord.Thread, after: discord.abc.GuildChannel | discord.Thread
    ) -> None:
        await self._retry(after.guild, {after.id, *(thread.id for thread in getattr(after, "threads", ()))})

    async def _on_role(self, _before: discord.Role, after: discord.Role) -> None:
        await self._retry(after.guild)

    async def _on_member(self, _before: discord.Member, after: discord.Member) -> None:
        if after.id == after.guild.me.id:
            await self._retry(after.guild)

    async def _on_join(self, guild: discord.Guild) -> None:
        await self._retry(guild)

    async def _retry(self, guild: discord.Guild, only: Collection[int] | None = None) -> None:
        """Have channels tried again that the bot may now write to. A deleted channel only counts if it is in `only`."""
        channel_ids = [
            channel.channel_id
            for channel in await self._channels.unwritable(guild.id)
            if (channel.channel_id in only if only is not None else not channel.is_gone)
        ]
        await self._channels.retry(guild.id, *(id_ for id_ in channel_ids if may_write(guild, id_)))
