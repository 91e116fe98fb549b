"""`/live`: a creator's show, from start to end."""

from bot.client import Rosette
from cogs.live.cog import Live


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    await bot.add_cog(Live(bot.services))
