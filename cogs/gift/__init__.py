"""`/gift` and `/gifts`: sending a gift, and what can be sent."""

from bot.client import Rosette
from cogs.gift.cog import Gift
from cogs.gift.views import Cancel, Send, Turn


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(Send, Cancel, Turn)
    await bot.add_cog(Gift(bot.services))
