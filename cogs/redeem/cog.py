"""The command that redeems a code."""

from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.offers import CODE_LENGTH
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.replies import Reply
from cogs.redeem.views import claimed


class RedeemCog(commands.Cog):
    """Codes for promo coins."""

    @app_commands.command(name="redeem", description=_("Redeem a code for promo coins"))
    @app_commands.describe(code=_("Code from this server's team"))
    @replies()
    async def redeem(self, caller: Caller, code: app_commands.Range[str, 1, CODE_LENGTH]) -> Reply:
        receipt = await caller.services.granting.offers.redeem(caller.guild_id, caller.member_id, code)
        return claimed(receipt, caller.reader)
