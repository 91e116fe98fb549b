"""`/balance` and `/history`: what a member has, and what they spent it on."""

from bot.client import Rosette
from cogs.wallet.cog import WalletCog
from cogs.wallet.history import FindReceipt, OpenHistory, PickView, SaveHistory, TurnHistory, TurnPurchases


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(OpenHistory, TurnHistory, PickView, TurnPurchases, FindReceipt, SaveHistory)
    await bot.add_cog(WalletCog())
