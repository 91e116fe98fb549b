"""The command of leaderboards."""

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.leaderboards import Board
from bot.services.leaderboards import BoardQuery
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies, suggests
from bot.ui.kit.caller import Caller
from bot.ui.kit.replies import Reply
from bot.ui.looks import periods
from bot.ui.looks.periods import LONGEST
from cogs.leaderboard import render, views

BOARDS = [
    Choice(name=_("Gifters: who sent the most"), value=Board.GIFTERS.value),
    Choice(name=_("Creators: who received the most"), value=Board.CREATORS.value),
    Choice(name=_("Gifts: which were sent the most"), value=Board.GIFTS.value),
]
Typed = app_commands.Range[str, 1, LONGEST]


class LeaderboardCog(commands.Cog):
    """Leaderboards."""

    @app_commands.command(name="leaderboard", description=_("See top gifters, top creators and the most sent gifts"))
    @app_commands.describe(
        board=_("Leaderboard to show (gifters if you leave it out)"),
        period=_("Period, or a date like 2026-10 or 2026-10-31 (the live event here, or this week)"),
        creator=_("Creator whose fans to show (of all time if you leave out the period)"),
    )
    @app_commands.choices(board=BOARDS)
    @replies(Mode.PUBLIC)
    async def leaderboard(
        self,
        caller: Caller,
        board: Choice[str] | None = None,
        period: Typed | None = None,
        creator: discord.User | None = None,
    ) -> Reply:
        query = BoardQuery(
            guild_id=caller.guild_id,
            # Only gifters can be a creator's fans.
            board=Board.GIFTERS if creator or board is None else Board(board.value),
            period=periods.typed(period, caller.reader) if period else await views.default_period(caller, creator),
            viewer_id=caller.member_id,
            channel_id=caller.channel_id,
            fans_of=creator.id if creator else None,
        )
        is_other = creator is not None and board is not None and board.value != Board.GIFTERS.value
        news = render.only_fans(caller.guild_reader) if is_other else ""
        return await views.board(caller, query, caller.guild_reader, news=news)

    @leaderboard.autocomplete("period")
    @suggests
    async def suggest_periods(self, caller: Caller, query: str) -> list[Choice[str]]:
        past = await caller.services.leaderboards.past_periods(caller.guild_id)
        return periods.choices(query, past, caller.reader)
