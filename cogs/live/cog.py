"""The commands of live events."""

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.live import MOST_MINUTES
from bot.domain.money import MAX_AMOUNT
from bot.domain.text import TITLE_LENGTH
from bot.services import Services
from bot.ui.answers import Mode, answer
from bot.ui.channels import check_writable
from bot.ui.guild_only import actor_of, channel_of, guild_command, guild_of
from bot.ui.recap import live_embed, post_recap, recap_embed
from bot.ui.replies import Reply, reply
from bot.ui.texts import Reader
from cogs.live import render


@guild_command
class Live(commands.GroupCog, group_name="live", group_description=_("Live events: start, watch and end them")):
    """Live events."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @app_commands.command(name="start", description=_("Start a live event in this channel"))
    @app_commands.describe(
        title=_("What it is about"),
        goal=_("How many coins to reach together"),
        minutes=_("How long it runs; two hours if you leave it out"),
        creator=_("Whose event it is; yours if you leave it out"),
    )
    async def start(
        self,
        interaction: discord.Interaction,
        title: app_commands.Range[str, 1, TITLE_LENGTH] = "",
        goal: app_commands.Range[int, 1, MAX_AMOUNT] | None = None,
        minutes: app_commands.Range[int, 1, MOST_MINUTES] | None = None,
        creator: discord.User | None = None,
    ) -> None:
        """Start a live event, for everybody to see."""
        guild_id, reader = guild_of(interaction), Reader.for_guild(interaction.guild)

        async def start() -> Reply:
            is_thread = isinstance(interaction.channel, discord.Thread)
            check_writable(channel_of(interaction), interaction.app_permissions, thread=is_thread)
            event = await self.services.live.start(
                guild_id,
                event_id=interaction.id,
                channel_id=channel_of(interaction),
                caller=await actor_of(interaction),
                creator_id=(creator or interaction.user).id,
                title=title,
                goal=goal,
                minutes=minutes,
            )
            return reply(render.started(event, reader))

        await answer(interaction, start, Mode.PUBLIC)

    @app_commands.command(name="status", description=_("See how the live event is going"))
    async def status(self, interaction: discord.Interaction) -> None:
        """Show the totals of the live event, to the caller."""
        guild_id, channel_id, reader = guild_of(interaction), channel_of(interaction), Reader.of(interaction)

        async def look() -> Reply:
            return reply(live_embed(await self.services.live.status(guild_id, channel_id), reader))

        await answer(interaction, look)

    @app_commands.command(name="end", description=_("End the live event in this channel"))
    async def end(self, interaction: discord.Interaction) -> None:
        """End the live event and show what it came to, for everybody to see."""
        guild_id, channel_id, reader = (
            guild_of(interaction),
            channel_of(interaction),
            Reader.for_guild(interaction.guild),
        )

        async def end() -> Reply:
            status = await self.services.live.end(guild_id, channel_id, await actor_of(interaction))
            if status.event.channel_id != channel_id:
                # Those who watched it are there.
                await post_recap(interaction.client, status)
            return reply(recap_embed(status, reader))

        await answer(interaction, end, Mode.PUBLIC)
