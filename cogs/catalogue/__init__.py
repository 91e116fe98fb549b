"""`/catalogue`: the gift items."""

from bot.client import Rosette
from cogs.catalogue.cog import CatalogueCog
from cogs.catalogue.views import TurnCatalogue


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(TurnCatalogue)
    await bot.add_cog(CatalogueCog())
