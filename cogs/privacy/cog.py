"""The commands of privacy."""

from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.member_choices import Choice
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.replies import Reply
from cogs.privacy import own_data, views


class PrivacyCog(
    commands.GroupCog, group_name="privacy", group_description=_("Choose what others see of you and what I store")
):
    """A member's own choices."""

    @app_commands.command(name="settings", description=_("Choose who sees you and your gifts, and whether I ping you"))
    @app_commands.describe(
        no_pings=_("Never ping me"),
        hide_me=_("Leave me out of leaderboards and profiles"),
        hide_amounts=_("Don't show others how much I gift"),
        anonymous=_("Make my gifts anonymous unless I say otherwise"),
        quiet=_("Leave me out of trains, matches and combos"),
    )
    @replies()
    async def settings(
        self,
        caller: Caller,
        no_pings: bool | None = None,
        hide_me: bool | None = None,
        hide_amounts: bool | None = None,
        anonymous: bool | None = None,
        quiet: bool | None = None,
    ) -> Reply:
        options = {
            Choice.NO_PINGS: no_pings,
            Choice.HIDDEN: hide_me,
            Choice.AMOUNTS_HIDDEN: hide_amounts,
            Choice.ANONYMOUS: anonymous,
            Choice.QUIET: quiet,
        }
        switches = {choice: is_on for choice, is_on in options.items() if is_on is not None}
        choices = await caller.services.own_choices.choose(caller.guild_id, caller.member_id, switches)
        return views.settings(caller.member_id, choices, caller.reader)

    @app_commands.command(name="export", description=_("Get everything that I keep about you, as a file"))
    @replies()
    async def export(self, caller: Caller) -> Reply:
        return await own_data.export(caller)

    @app_commands.command(name="delete", description=_("Delete what I know about you in this server"))
    @replies()
    async def delete(self, caller: Caller) -> Reply:
        return await own_data.question(caller)
