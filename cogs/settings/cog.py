"""The command that opens the settings."""

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.ui.answers import answer
from bot.ui.caller import guild_command
from cogs.settings import views


class Settings(commands.Cog):
    """A guild's settings."""

    @app_commands.command(name="settings", description=_("Set the gift channel, shares, time zone and staff roles"))
    @guild_command
    async def settings(self, interaction: discord.Interaction) -> None:
        """Show the panel."""
        await answer(interaction, lambda: views.panel(interaction, views.GIFTING))
