"""`/verify`: whether a receipt is real."""

from bot.client import Rosette
from cogs.verify.cog import VerifyCog


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    await bot.add_cog(VerifyCog())
