"""`/leaderboard`: who stands behind whom."""

from bot.client import Rosette
from cogs.leaderboard.cog import Leaderboard
from cogs.leaderboard.views import PickBoard, PickPeriod, Turn


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(Turn, PickBoard, PickPeriod)
    await bot.add_cog(Leaderboard())
