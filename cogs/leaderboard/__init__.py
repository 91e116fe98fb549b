"""`/leaderboard`: who sent and received the most."""

from bot.client import Rosette
from cogs.leaderboard.cog import LeaderboardCog
from cogs.leaderboard.views import OpenBoard, PickBoard, PickPeriod, ShowAround, TurnLeaderboard


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(TurnLeaderboard, PickBoard, PickPeriod, OpenBoard, ShowAround)
    await bot.add_cog(LeaderboardCog())
