"""The command that looks a receipt up."""

from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.money import MAX_BALANCE
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.replies import Reply, reply
from cogs.verify import render


class VerifyCog(commands.Cog):
    """Checking what others show."""

    @app_commands.command(name="verify", description=_("Check whether a receipt is real"))
    @app_commands.describe(receipt=_("Number of the receipt"))
    @replies()
    async def verify(self, caller: Caller, receipt: app_commands.Range[int, 1, MAX_BALANCE]) -> Reply:
        verification = await caller.services.verifications.verify(caller.guild_id, receipt, caller.member_id)
        return reply(render.verification(verification, receipt, caller.reader))
