"""Who calls, from where, as plain ids: the step from Discord's objects to what services understand."""

from typing import Any, Protocol, TypeVar, cast

import discord
from discord import app_commands

from bot import discordpy_internals
from bot.domain.errors import UnknownGuild
from bot.domain.policy import Actor
from bot.services import Services
from bot.ui.instances import Instances
from bot.ui.refusals import NotAMember
from bot.ui.staff_roles import is_fit
from bot.ui.workload import Workload


class _Client(Protocol):
    services: Services
    instances: Instances
    workload: Workload


CommandT = TypeVar("CommandT", bound=Any)


def guild_command(command: CommandT) -> CommandT:
    """Offer a command, or a group's class, in guilds that have installed the bot, and nowhere else."""
    command = app_commands.allowed_installs(guilds=True, users=False)(command)
    return app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)(command)


def services_of(interaction: discord.Interaction) -> Services:
    """Return the services that the client carries."""
    return cast("_Client", interaction.client).services


def is_alone(interaction: discord.Interaction) -> bool:
    """Whether this process is the only one that answers for the bot, as far as it can know."""
    return cast("_Client", interaction.client).instances.is_alone


def workload_of(interaction: discord.Interaction) -> Workload:
    """Return what knows how much this process has under way."""
    return cast("_Client", interaction.client).workload


def is_installed(interaction: discord.Interaction) -> bool:
    """Whether this comes from a guild that the bot is in, and not from where only a user has installed it.

    discord.py makes up a guild object for guilds that the bot is not in, so the object proves nothing. Discord says who
    has installed the bot, but not always: where it names nobody, the guild has to be one that the gateway told us of.
    """
    guild_id = interaction.guild_id
    if guild_id is None or interaction.is_guild_integration():
        return guild_id is not None
    return not discordpy_internals.installers(interaction) and interaction.client.get_guild(guild_id) is not None


def guild_of(interaction: discord.Interaction) -> int:
    """Return the guild's id; raise UnknownGuild where `is_installed` says no."""
    if interaction.guild_id is None or not is_installed(interaction):
        raise UnknownGuild
    return interaction.guild_id


def channel_of(interaction: discord.Interaction) -> int:
    """Return the channel's id, 0 if Discord did not name one."""
    return interaction.channel_id or 0


def is_bot(user: discord.abc.Snowflake) -> bool:
    """Whether a user option names a bot. An id that Discord could not resolve arrives as a bare object."""
    return isinstance(user, discord.User | discord.Member) and user.bot


def check_member(user: discord.abc.Snowflake) -> None:
    """Raise NotAMember unless a user option names somebody who is in this guild: Discord takes any id for one."""
    if not isinstance(user, discord.Member):
        raise NotAMember(user.id)


async def actor_of(interaction: discord.Interaction) -> Actor:
    """Return the caller with the capacities that this guild gives them; raise UnknownGuild."""
    member = interaction.user
    # Whatever was set once: what everybody has, or an app gives, makes nobody staff.
    roles = [role.id for role in member.roles if is_fit(role)] if isinstance(member, discord.Member) else []
    guild_id, manages = guild_of(interaction), manages_guild(interaction)
    return await services_of(interaction).guilds.actor(guild_id, member.id, roles, manages_guild=manages)


def manages_guild(interaction: discord.Interaction) -> bool:
    """Whether the caller has Manage Server, by what Discord says of this channel and moment, not by a cache."""
    return interaction.permissions.manage_guild or interaction.permissions.administrator
