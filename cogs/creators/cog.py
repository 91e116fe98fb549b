"""The commands of creators."""

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller, check_member, is_bot
from bot.ui.kit.replies import Reply, reply
from bot.ui.kit.staff_roles import is_staff
from cogs.creators import render, views


@app_commands.default_permissions(manage_guild=True)
class CreatorsCog(commands.GroupCog, group_name="creators", group_description=_("Choose who can receive gifts")):
    """Who may receive gifts."""

    @app_commands.command(name="list", description=_("See who can receive gifts"))
    @replies()
    async def list_(self, caller: Caller) -> Reply:
        return await views.creators(caller, page=0)

    @app_commands.command(name="approve", description=_("Let a member receive gifts"))
    @app_commands.describe(member=_("Member"))
    @replies()
    async def approve(self, caller: Caller, member: discord.User) -> Reply:
        check_member(member)
        rules = await caller.services.guilds.rules(caller.guild_id)
        await caller.services.creators.approve(
            caller.guild_id, member.id, caller.member_id, is_bot=is_bot(member), is_staff=is_staff(member, rules)
        )
        return reply(render.approved(member.id, caller.reader))

    @app_commands.command(
        name="remove", description=_("Stop a member from receiving gifts without touching their earnings")
    )
    @app_commands.describe(member=_("Member"))
    @replies()
    async def remove(self, caller: Caller, member: discord.User) -> Reply:
        await caller.services.creators.remove(caller.guild_id, member.id, by=caller.member_id)
        return reply(render.removed(member.id, caller.reader))
