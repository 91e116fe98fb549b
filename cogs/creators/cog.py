"""The commands of creators."""

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.services import Services
from bot.ui.answers import answer
from bot.ui.caller import check_member, guild_command, guild_of, is_bot
from bot.ui.reader import Reader
from bot.ui.replies import Reply, reply
from cogs.creators import render, views


@guild_command
class Creators(commands.GroupCog, group_name="creators", group_description=_("Choose who can receive gifts")):
    """Who may receive gifts."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @app_commands.command(name="list", description=_("See who can receive gifts"))
    async def list_(self, interaction: discord.Interaction) -> None:
        """Show the creators."""
        await answer(interaction, lambda: views.creators(interaction, page=0))

    @app_commands.command(name="approve", description=_("Let a member receive gifts"))
    @app_commands.describe(member=_("Member"))
    async def approve(self, interaction: discord.Interaction, member: discord.User) -> None:
        """Approve a creator."""
        guild_id, reader = guild_of(interaction), Reader.of(interaction)

        async def approve() -> Reply:
            check_member(member)
            await self.services.creators.approve(guild_id, member.id, interaction.user.id, is_bot=is_bot(member))
            return reply(render.approved(member.id, reader))

        await answer(interaction, approve)

    @app_commands.command(
        name="remove", description=_("Stop a member from receiving gifts without touching their earnings")
    )
    @app_commands.describe(member=_("Member"))
    async def remove(self, interaction: discord.Interaction, member: discord.User) -> None:
        """Remove a creator."""
        guild_id, reader = guild_of(interaction), Reader.of(interaction)

        async def remove() -> Reply:
            await self.services.creators.remove(guild_id, member.id)
            return reply(render.removed(member.id, reader))

        await answer(interaction, remove)
