"""The command with which sponsors share promo coins out."""

from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.chests import DEFAULT_MINUTES, FEWEST_SHARES, MOST_MINUTES, MOST_SHARES
from bot.domain.money import MAX_AMOUNT
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.replies import Reply
from cogs.chest import views


class ChestCog(commands.Cog):
    """Chests."""

    @app_commands.command(name="chest", description=_("Share your promo coins with this channel"))
    @app_commands.describe(
        amount=_("Number of promo coins to share out"),
        shares=_("Number of equal shares"),
        minutes=_("Minutes to take a share (10 if you leave it out)"),
    )
    @replies()
    async def chest(
        self,
        caller: Caller,
        amount: app_commands.Range[int, 1, MAX_AMOUNT],
        shares: app_commands.Range[int, FEWEST_SHARES, MOST_SHARES],
        minutes: app_commands.Range[int, 1, MOST_MINUTES] = DEFAULT_MINUTES,
    ) -> Reply:
        return await views.ask(caller, amount, shares, minutes)
