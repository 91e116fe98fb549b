"""`/chip-in`: members pool for a gift."""

from bot.client import Rosette
from cogs.chip_in.cog import ChipInCog
from cogs.chip_in.views import ChipBack, ChipButton, ChipOther, ConfirmChip


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(ChipButton, ChipOther, ChipBack, ConfirmChip)
    await bot.add_cog(ChipInCog())
