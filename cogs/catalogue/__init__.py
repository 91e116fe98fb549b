"""`/catalogue`: the gift items, kept by managers."""

from bot.client import Rosette
from cogs.catalogue.cog import Catalogue
from cogs.catalogue.views import Turn


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(Turn)
    await bot.add_cog(Catalogue())
