"""The overlay of a creator: its links, and what can be done with it during a show. It has no command of its own."""

from bot.client import Rosette
from cogs.overlay.views import BackToOverlay, MakeLink, OpenOverlay, PickOverlay, SteerOverlay, TurnOff


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(OpenOverlay, BackToOverlay, PickOverlay, SteerOverlay, MakeLink, TurnOff)
