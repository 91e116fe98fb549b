"""`/live`: starting, watching and ending live events, and those that follow Discord's own events."""

from bot.client import Rosette
from cogs.live.again import GoLiveAgain
from cogs.live.attending import HopOnBoard
from cogs.live.cog import LiveCog
from cogs.live.discord_events import DiscordEventsCog
from cogs.live.views import AcceptMatch, DeclineMatch, EndEvent, GoLive, LeaveMatch, PickCoCreators


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(
        HopOnBoard, PickCoCreators, EndEvent, AcceptMatch, DeclineMatch, LeaveMatch, GoLive, GoLiveAgain
    )
    await bot.add_cog(LiveCog())
    await bot.add_cog(DiscordEventsCog(bot))
