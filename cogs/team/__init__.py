"""`/gift-team`: one gift for several creators."""

from bot.client import Rosette
from cogs.team.cog import TeamCog
from cogs.team.views import CloseTeam, SendTeam


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(SendTeam, CloseTeam)
    await bot.add_cog(TeamCog())
