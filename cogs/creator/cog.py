"""The commands of creators."""

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.services import Services
from bot.ui.answers import answer
from bot.ui.caller import guild_command, guild_of
from bot.ui.reader import Reader
from bot.ui.replies import Reply
from cogs.creator import views


@guild_command
class CreatorDesk(commands.GroupCog, group_name="creator", group_description=_("See your gifts and thank your fans")):
    """What creators see of their gifts."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @app_commands.command(name="thanks", description=_("See who's still waiting for your thanks"))
    async def thanks(self, interaction: discord.Interaction) -> None:
        """Show the gifts that the caller has not thanked for."""
        reader, guild_id = Reader.of(interaction), guild_of(interaction)

        async def look() -> Reply:
            return views.queue(
                await self.services.thanks.queue(guild_id, interaction.user.id), interaction.user.id, reader
            )

        await answer(interaction, look)
