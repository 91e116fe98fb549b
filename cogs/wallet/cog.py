"""The commands of the wallet."""

from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.replies import Reply
from cogs.wallet import history, views


class WalletCog(commands.Cog):
    """A member's coins."""

    @app_commands.command(name="balance", description=_("See your coins and recent history"))
    @replies()
    async def balance(self, caller: Caller) -> Reply:
        overview = await caller.services.wallets.overview(caller.guild_id, caller.member_id)
        possible = await caller.services.withdrawals.possible(caller.guild_id, caller.member_id)
        return views.wallet(overview, caller.member_id, possible, caller.reader)

    @app_commands.command(name="history", description=_("See all your entries, what you spent, and your purchases"))
    @replies()
    async def history(self, caller: Caller) -> Reply:
        return await history.history(caller)
