"""`/help`: how it works, in a few lines for each topic."""

from bot.client import Rosette
from cogs.help.cog import Help


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    await bot.add_cog(Help())
