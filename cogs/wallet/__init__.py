"""`/balance`: what a member has, and what they spent it on."""

from bot.client import Rosette
from cogs.wallet.cog import WalletCog


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    await bot.add_cog(WalletCog())
