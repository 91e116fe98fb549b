"""`/profile`: what a member has reached by gifting."""

from bot.client import Rosette
from cogs.profile.cog import ProfileCog


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    await bot.add_cog(ProfileCog())
