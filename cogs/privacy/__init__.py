"""`/privacy`: what members decide about themselves."""

from bot.client import Rosette
from cogs.privacy.cog import PrivacyCog
from cogs.privacy.views import SwitchPings


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(SwitchPings)
    await bot.add_cog(PrivacyCog())
