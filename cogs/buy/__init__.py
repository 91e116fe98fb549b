"""`/buy`: from the packages to the receipt."""

from bot.client import Rosette
from cogs.buy.cog import Buy
from cogs.buy.views import Accept, Back, CancelOrder, OpenShop, Pick


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(OpenShop, Pick, Back, Accept, CancelOrder)
    await bot.add_cog(Buy(bot))
