"""`/coins`: promo coins, given by managers."""

from bot.client import Rosette
from cogs.coins.cog import CoinsCog


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    coins = CoinsCog()
    await bot.add_cog(coins)
    bot.tree.add_command(coins.menu)
