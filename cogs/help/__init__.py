"""`/help`: how it works, in a few lines for each topic."""

from bot.client import Rosette
from cogs.help.cog import HelpCog
from cogs.help.views import PickTopic


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(PickTopic)
    await bot.add_cog(HelpCog())
