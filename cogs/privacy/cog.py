"""The commands of privacy."""

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.services import Services
from bot.ui.answers import answer
from bot.ui.caller import guild_command, guild_of
from bot.ui.reader import Reader
from bot.ui.replies import Reply, reply
from cogs.privacy import render


@guild_command
class Privacy(
    commands.GroupCog, group_name="privacy", group_description=_("Choose what others see of you and what I store")
):
    """A member's own choices."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @app_commands.command(name="settings", description=_("Choose whether large gifts ping you"))
    @app_commands.describe(no_pings=_("Never ping me"))
    async def settings(self, interaction: discord.Interaction, no_pings: bool | None = None) -> None:
        """Change what is given, and show how it is."""
        guild_id, member_id, reader = guild_of(interaction), interaction.user.id, Reader.of(interaction)

        async def change() -> Reply:
            telling = self.services.announcements
            if no_pings is not None:
                await telling.set_no_pings(guild_id, member_id, no_pings=no_pings)
            return reply(render.settings(await telling.wants_no_pings(guild_id, member_id), reader))

        await answer(interaction, change)
