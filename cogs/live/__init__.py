"""`/live`: starting, watching and ending live events, and those that follow Discord's own events."""

from bot.client import Rosette
from cogs.live.cog import Live
from cogs.live.discord_events import DiscordEvents
from cogs.live.views import AcceptMatch, CoCreators, DeclineMatch, GoLive, LeaveMatch


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(CoCreators, AcceptMatch, DeclineMatch, LeaveMatch, GoLive)
    await bot.add_cog(Live())
    await bot.add_cog(DiscordEvents(bot))
