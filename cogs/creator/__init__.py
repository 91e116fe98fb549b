"""`/creator`: what creators do about the gifts that they get."""

from bot.client import Rosette
from cogs.creator.cog import CreatorDesk
from cogs.creator.views import Thank, ThankAll, TurnThanks


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(Thank, ThankAll, TurnThanks)
    await bot.add_cog(CreatorDesk())
