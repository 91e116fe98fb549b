"""`/chest` and *Take a share*: promo coins that a sponsor shares out."""

from bot.client import Rosette
from cogs.chest.cog import ChestCog
from cogs.chest.views import EndChest, OpenChest, TakeShare


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(OpenChest, EndChest, TakeShare)
    await bot.add_cog(ChestCog())
