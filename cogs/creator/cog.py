"""The commands of creators."""

from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.replies import Reply
from cogs.creator import views


class CreatorCog(commands.GroupCog, group_name="creator", group_description=_("See your gifts and thank your fans")):
    """What creators see of their gifts."""

    @app_commands.command(name="thanks", description=_("See who's still waiting for your thanks"))
    @replies()
    async def thanks(self, caller: Caller) -> Reply:
        return await views.queue(caller)
