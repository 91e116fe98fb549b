"""Which roles the bot can give to members, and which it must not: those that carry rights."""

from collections.abc import Collection

import discord

from bot.domain.errors import NotFound
from bot.domain.guilds import GuildRules
from bot.domain.member_roles import Trouble
from bot.domain.policy import Staff
from bot.ui.text.refusals import UngivableRole


def trouble_of(guild: discord.Guild, role_id: int, staff_ids: Collection[int]) -> Trouble | None:
    """Return why the bot cannot give a role, or must not, None if it can. `staff_ids` are the staff roles."""
    role = guild.get_role(role_id)
    if role is None:
        return Trouble.GONE
    if role_id in staff_ids or role.permissions.value & discord.Permissions.elevated().value:
        return Trouble.POWER
    if not guild.me.guild_permissions.manage_roles:
        return Trouble.PERMISSION
    if role.is_default() or role.managed or role >= guild.me.top_role:
        return Trouble.POSITION
    return None


def staff_roles_of(rules: GuildRules) -> set[int]:
    """Return the roles that make somebody staff."""
    return {rules.role_of(staff) for staff in Staff}


def check_givable(guild: discord.Guild | None, role_id: int, rules: GuildRules) -> None:
    """Raise UngivableRole for a role that the bot cannot give, and NotFound for one that is not of this guild."""
    trouble = Trouble.GONE if guild is None else trouble_of(guild, role_id, staff_roles_of(rules))
    if trouble is Trouble.GONE:
        raise NotFound("role")
    if trouble is not None:
        raise UngivableRole(role_id, trouble)
