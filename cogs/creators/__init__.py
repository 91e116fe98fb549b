"""`/creators`: who may receive gifts, kept by managers."""

from bot.client import Rosette
from cogs.creators.applications import ApproveApplication, DeclineApplication, ReviewApplications, TurnApplications
from cogs.creators.cog import CreatorsCog
from cogs.creators.views import TurnCreators


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(TurnCreators)
    bot.add_dynamic_items(ReviewApplications, TurnApplications, ApproveApplication, DeclineApplication)
    await bot.add_cog(CreatorsCog())
