"""`/budget`: what members let themselves spend."""

from bot.client import Rosette
from cogs.budget.cog import BudgetCog
from cogs.budget.views import ChangeLimits, KeepLimits, OpenBudget, StartPause


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(OpenBudget, ChangeLimits, KeepLimits, StartPause)
    await bot.add_cog(BudgetCog())
