"""`/live`: starting, watching and ending live events, and those that follow Discord's own events."""

from bot.client import Rosette
from cogs.live.cog import Live
from cogs.live.hosting import Hosting
from cogs.live.views import Accept, CoCreators, GoLive, Leave


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(CoCreators, Accept, Leave, GoLive)
    await bot.add_cog(Live(bot.services))
    await bot.add_cog(Hosting(bot))
