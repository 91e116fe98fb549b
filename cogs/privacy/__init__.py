"""`/privacy`: what members decide about themselves."""

from bot.client import Rosette
from cogs.privacy.cog import Privacy


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    await bot.add_cog(Privacy())
