"""The command of leaderboards."""

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.periods import Period
from bot.domain.standings import Board
from bot.services import Services
from bot.services.leaderboards import BoardQuery
from bot.ui.answers import Mode, answer
from bot.ui.caller import channel_of, guild_command, guild_of
from bot.ui.reader import Reader
from bot.ui.replies import Reply
from cogs.leaderboard import views

BOARDS = [
    Choice(name=_("Gifters: who sent the most"), value=Board.GIFTERS.value),
    Choice(name=_("Creators: who received the most"), value=Board.CREATORS.value),
    Choice(name=_("Gifts: which were sent the most"), value=Board.GIFTS.value),
]
PERIODS = [
    Choice(name=_("Live event"), value=Period.LIVE.value),
    Choice(name=_("Today"), value=Period.TODAY.value),
    Choice(name=_("This week"), value=Period.WEEK.value),
    Choice(name=_("This month"), value=Period.MONTH.value),
    Choice(name=_("All time"), value=Period.ALL.value),
]


class Leaderboard(commands.Cog):
    """Leaderboards."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @app_commands.command(name="leaderboard", description=_("See top gifters, top creators and the most sent gifts"))
    @app_commands.describe(
        board=_("Leaderboard to show (gifters if you leave it out)"),
        period=_("Period (the live event here, or this week, if you leave it out)"),
        creator=_("Creator whose fans to show"),
    )
    @app_commands.choices(board=BOARDS, period=PERIODS)
    @guild_command
    async def leaderboard(
        self,
        interaction: discord.Interaction,
        board: Choice[str] | None = None,
        period: Choice[str] | None = None,
        creator: discord.User | None = None,
    ) -> None:
        """Show a leaderboard to everybody in the channel."""
        guild_id, channel_id = guild_of(interaction), channel_of(interaction)

        async def look() -> Reply:
            query = BoardQuery(
                guild_id=guild_id,
                board=Board.GIFTERS if creator or board is None else Board(board.value),
                period=Period(period.value) if period else await self._period(guild_id, channel_id),
                viewer_id=interaction.user.id,
                channel_id=channel_id,
                fans_of=creator.id if creator else None,
            )
            return await views.board(interaction, query, Reader.for_guild(interaction.guild))

        await answer(interaction, look, Mode.PUBLIC)

    async def _period(self, guild_id: int, channel_id: int) -> Period:
        running = await self.services.live.running(guild_id)
        return Period.LIVE if any(event.channel_id == channel_id for event in running) else Period.WEEK
