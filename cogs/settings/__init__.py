"""`/settings`: what a guild decides for itself, in one panel."""

from bot.client import Rosette
from cogs.settings.announcing import Announcing, LowestTier, OpenQuiet
from cogs.settings.cog import Settings
from cogs.settings.views import GiftChannel, OpenForm, StaffRole, Turn


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(GiftChannel, StaffRole, OpenForm, Turn, Announcing, LowestTier, OpenQuiet)
    await bot.add_cog(Settings())
