"""The commands of the wallet."""

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.services import Services
from bot.ui.answers import answer
from bot.ui.caller import guild_command, guild_of
from bot.ui.reader import Reader
from bot.ui.replies import Reply
from cogs.wallet import views


class Wallet(commands.Cog):
    """A member's coins."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @app_commands.command(name="balance", description=_("See your coins and recent history"))
    @guild_command
    async def balance(self, interaction: discord.Interaction) -> None:
        """Show the caller's wallet."""
        guild_id, reader = guild_of(interaction), Reader.of(interaction)

        async def look() -> Reply:
            return views.wallet(await self.services.wallets.overview(guild_id, interaction.user.id), reader)

        await answer(interaction, look)
