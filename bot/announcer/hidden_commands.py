"""Tells staff once, where only they read it, that commands are hidden from their roles: earlier, everybody saw them."""

from collections.abc import Callable

import discord

from bot.announcer.staff import StaffMessenger
from bot.client import Rosette
from bot.ui.kit.cards import Card
from bot.ui.text.reader import Reader


class HiddenCommands:
    """Listens for guilds that become available. If no private channel accepts the notice, it comes with the next
    manager's command."""

    def __init__(self, client: Rosette, staff: StaffMessenger) -> None:
        self._client = client
        self._staff = staff

    def listen(self) -> None:
        """Begin to listen."""
        self._client.add_listener(self._on_guild, "on_guild_available")

    async def _on_guild(self, guild: discord.Guild) -> None:
        async def show(write: Callable[[Reader], Card]) -> bool:
            return await self._staff.tell(guild.id, "hidden-commands", write, in_private=True)

        await self._client.open_books(guild.id)
        await self._client.staff_notices.tell_hidden_commands(self._client, guild, show)
