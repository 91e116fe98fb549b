"""`/redeem` and *Claim*: promo coins that staff offer."""

from bot.client import Rosette
from cogs.redeem.cog import RedeemCog
from cogs.redeem.views import ClaimCoins


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(ClaimCoins)
    await bot.add_cog(RedeemCog())
