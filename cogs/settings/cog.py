"""The command that opens the settings."""

from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain import policy
from bot.ui.kit.access import NEEDS
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.replies import Reply
from cogs.settings import staff_log, views


class SettingsCog(commands.Cog):
    """A guild's settings."""

    # Auditors may read what staff did, which is a page of it.
    @app_commands.command(
        name="settings",
        description=_("Set the gift channel, shares, payments and staff roles"),
        extras={NEEDS: staff_log.SEE},
    )
    @app_commands.default_permissions(manage_guild=True)
    @replies()
    async def settings(self, caller: Caller) -> Reply:
        if not (await caller.actor()).may(policy.POLICY["settings"]):
            return await staff_log.page(caller, 0)
        return await views.panel(caller, views.GIFTING)
