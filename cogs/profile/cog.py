"""The command of profiles."""

from functools import partial

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.member_choices import HiddenMember
from bot.domain.profiles import MOST_FAVOURITES, MemberProfile
from bot.ui.kit.answers import Mode, pictured
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller, check_member
from bot.ui.kit.cards import Picture
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks import profiles
from bot.ui.looks.portraits import portraits


class ProfileCog(commands.Cog):
    """What members have reached."""

    @app_commands.command(name="profile", description=_("See a member's level, badges, streak and favourite creators"))
    @app_commands.describe(member=_("Member whose profile to show (yours if you leave it out)"))
    @replies(Mode.PUBLIC)
    async def profile(self, caller: Caller, member: discord.User | None = None) -> Reply:
        if member is not None:
            check_member(member)
        member_id = member.id if member is not None else caller.member_id
        if member_id != caller.member_id:
            await _check_shown(caller, member_id)
        profile = await caller.services.profiles.profile(caller.guild_id, member_id)
        profile = await _with_those_who_are_here(caller, profile)
        picture = await pictured(caller, partial(_picture, caller, profile))
        return reply(profiles.profile_card(profile, caller.guild_reader, picture))


async def _check_shown(caller: Caller, member_id: int) -> None:
    """Raise HiddenMember for a member who does not want to be shown."""
    if await caller.services.own_choices.hidden_among(caller.guild_id, [member_id]):
        raise HiddenMember(member_id)


async def _with_those_who_are_here(caller: Caller, profile: MemberProfile) -> MemberProfile:
    """Return the profile with at most three favourites, none of whom has left."""
    ids = {each.creator_id for each in (*profile.favourites, *profile.clubs)}
    present = await caller.shown_members.members_among(caller.guild_id, ids)
    return profiles.favouring(profile, present, MOST_FAVOURITES)


async def _picture(caller: Caller, profile: MemberProfile) -> Picture | None:
    pictures, reader = caller.services.pictures, caller.guild_reader
    member_ids = [profile.member_id, *(favourite.creator_id for favourite in profile.favourites)]
    people = await portraits(caller.membership, pictures, caller.guild_id, member_ids, reader)
    values = profiles.drawing(profile, people, caller.guild.name if caller.guild else "", reader)
    png = await pictures.profile(values)
    return Picture("profile.png", png, profiles.alt_text(values, reader)) if png else None
