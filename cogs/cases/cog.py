"""The command that opens the cases."""

from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.replies import Reply
from cogs.cases import views


class CasesCog(commands.Cog):
    """Payments that wait for staff."""

    @app_commands.command(name="cases", description=_("Decide about payments that need review"))
    @app_commands.default_permissions(manage_guild=True)
    @replies()
    async def cases(self, caller: Caller) -> Reply:
        return await views.cases(caller)
