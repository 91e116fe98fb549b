"""The command that opens the settings."""

from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.replies import Reply
from cogs.settings import views


class SettingsCog(commands.Cog):
    """A guild's settings."""

    @app_commands.command(name="settings", description=_("Set the gift channel, shares, payments and staff roles"))
    @app_commands.default_permissions(manage_guild=True)
    @replies()
    async def settings(self, caller: Caller) -> Reply:
        return await views.panel(caller, views.GIFTING)
