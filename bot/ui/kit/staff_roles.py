"""Which roles of Discord may make somebody staff: roles that people give, to a few."""

import asyncio
import logging
from collections.abc import Iterable, Sequence

import discord

from bot.domain.errors import NotFound
from bot.domain.guilds import GuildRules
from bot.domain.policy import Staff
from bot.ui.kit.replies import UNREACHABLE
from bot.ui.text.refusals import UnfitRole

log = logging.getLogger(__name__)

CROWD = 3
"""From this many people on, a role that all of them have counts as a role for everybody."""


def is_fit(role: discord.Role) -> bool:
    """Whether a role may carry a staff role: not @everyone, and none that an app, a bot or a boost gives."""
    return not role.is_default() and not role.managed


def is_staff(member: discord.abc.Snowflake, rules: GuildRules) -> bool:
    """Whether somebody has a staff role, or Manage Server. An id that Discord could not resolve has neither."""
    if not isinstance(member, discord.Member):
        return False
    permissions = member.guild_permissions
    staff_ids = {rules.role_of(staff) for staff in Staff}
    has_role = any(is_fit(role) and role.id in staff_ids for role in member.roles)
    return has_role or permissions.manage_guild or permissions.administrator


async def staff_among(guild: discord.Guild | None, member_ids: Sequence[int], rules: GuildRules) -> list[int]:
    """Return those who now have a staff role, or Manage Server, according to Discord. If it does not answer, nobody
    does."""
    if guild is None:
        return []
    members = await asyncio.gather(*(_member(guild, member_id) for member_id in member_ids))
    return [member.id for member in members if member is not None and is_staff(member, rules)]


async def _member(guild: discord.Guild, member_id: int) -> discord.Member | None:
    try:
        return await guild.fetch_member(member_id)
    except UNREACHABLE as error:
        log.info("Could not find out which roles member %s of guild %s has: %s", member_id, guild.id, error)
        return None


def unfit(rules: GuildRules, guild: discord.Guild | None) -> list[Staff]:
    """Return the staff roles that were given to a role which may not carry them; it makes nobody staff."""
    if guild is None:
        return []
    roles = {staff: guild.get_role(rules.role_of(staff)) for staff in Staff}
    return [staff for staff, role in roles.items() if role is not None and not is_fit(role)]


async def check_fit(interaction: discord.Interaction, role_id: int) -> None:
    """Raise NotFound for a role that is not of this guild, UnfitRole for one that may not carry a staff role."""
    guild = interaction.guild
    role = guild.get_role(role_id) if guild else None
    if guild is None or role is None:
        raise NotFound("role")
    if role.is_default():
        raise UnfitRole(role_id, "everyone")
    if role.managed:
        raise UnfitRole(role_id, "managed")
    if await _is_for_everybody(interaction.client, guild, role_id):
        raise UnfitRole(role_id, "crowd")


async def _is_for_everybody(client: discord.Client, guild: discord.Guild, role_id: int) -> bool:
    try:
        counts = await guild.role_member_counts()
        members = (await client.fetch_guild(guild.id)).approximate_member_count or 0
    except UNREACHABLE as error:
        # The check catches slips. An outage of Discord is no reason to refuse the role.
        log.warning("Could not find out how many members of guild %s have role %s: %s", guild.id, role_id, error)
        return False
    people = members - _bots(guild.roles)
    having = next((count for role, count in counts.items() if role.id == role_id), 0)
    return people >= CROWD and having >= people


def _bots(roles: Iterable[discord.Role]) -> int:
    """Return how many bots a guild has, about: each brings a role of its own."""
    return sum(role.is_bot_managed() for role in roles)
