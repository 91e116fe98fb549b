"""The commands of privacy."""

from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.replies import Reply
from cogs.privacy import views


class PrivacyCog(
    commands.GroupCog, group_name="privacy", group_description=_("Choose what others see of you and what I store")
):
    """A member's own choices."""

    @app_commands.command(name="settings", description=_("Choose whether large gifts ping you"))
    @app_commands.describe(no_pings=_("Never ping me"))
    @replies()
    async def settings(self, caller: Caller, no_pings: bool | None = None) -> Reply:
        announcements, guild_id, member_id = caller.services.announcements, caller.guild_id, caller.member_id
        if no_pings is not None:
            await announcements.set_no_pings(guild_id, member_id, no_pings=no_pings)
        wants_none = await announcements.wants_no_pings(guild_id, member_id)
        return views.settings(member_id, caller.reader, no_pings=wants_none)
