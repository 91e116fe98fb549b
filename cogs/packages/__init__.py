"""`/packages`: the packages in which coins are sold."""

from bot.client import Rosette
from cogs.packages.cog import PackagesCog
from cogs.packages.views import TurnPackages


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(TurnPackages)
    await bot.add_cog(PackagesCog())
