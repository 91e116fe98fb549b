"""`/privacy`: what members decide about themselves and their data."""

from bot.client import Rosette
from cogs.privacy.cog import PrivacyCog
from cogs.privacy.own_data import AskToDelete, DeleteData, ExportData
from cogs.privacy.views import Switch


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(Switch, ExportData, AskToDelete, DeleteData)
    await bot.add_cog(PrivacyCog())
