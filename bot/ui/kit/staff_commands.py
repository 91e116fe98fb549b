"""Which roles see the commands of staff: Discord hides them from members, and only people can show them to a role."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import discord
from discord.http import HTTPClient

from bot.domain.guilds import GuildRules
from bot.domain.policy import POLICY, Staff
from bot.ui.text.commands import CommandMentions

STAFF_COMMANDS = ("packages", "catalogue", "creators", "coins", "cases", "settings")
"""Commands that members do not see, by their first word. `/live` and `/creator` are not among them: creators use those.
"""

HiddenCommands = Mapping[Staff, Sequence[str]]
"""The commands, by their first words, that each staff role may use and that its role does not see."""


class CommandOwner(Protocol):
    """The application whose commands they are: the part of the client that is asked about them."""

    http: HTTPClient

    @property
    def application_id(self) -> int | None: ...

    @property
    def command_mentions(self) -> CommandMentions: ...


async def hidden_commands(client: CommandOwner, guild: discord.Guild | None, rules: GuildRules) -> HiddenCommands:
    """Ask Discord which roles do not see their staff commands.

    Raises what `bot.ui.kit.replies.UNREACHABLE` names.
    """
    roles = unseeing_roles(rules, guild)
    if guild is None or not roles:
        return {}
    application_id = client.application_id or 0
    # All subcommands of a command have its id.
    command_ids = {name.partition(" ")[0]: command_id for name, command_id in client.command_mentions.ids.items()}
    entries = await client.http.get_guild_application_command_permissions(application_id, guild.id)
    overwrites = {int(entry["id"]): entry["permissions"] for entry in entries}
    hidden = {
        staff: [
            name
            for name in _commands_of(staff)
            if not _is_shown([overwrites.get(command_ids.get(name, 0), ()), overwrites.get(application_id, ())], role)
        ]
        for staff, role in roles.items()
    }
    return {staff: names for staff, names in hidden.items() if names}


def unseeing_roles(rules: GuildRules, guild: discord.Guild | None) -> dict[Staff, discord.Role]:
    """Return the roles that see their staff commands only if people have said so in Discord's settings."""
    roles = {staff: guild.get_role(rules.role_of(staff)) for staff in Staff if _commands_of(staff)} if guild else {}
    return {
        staff: role
        for staff, role in roles.items()
        if role is not None and not (role.permissions.manage_guild or role.permissions.administrator)
    }


def _commands_of(staff: Staff) -> list[str]:
    """Return the hidden commands that a staff role may use."""
    usable = {command.partition(" ")[0] for command, needs in POLICY.items() if staff in needs}
    return [name for name in STAFF_COMMANDS if name in usable]


def _is_shown(lists: Sequence[Sequence[Any]], role: discord.Role) -> bool:
    """Whether overwrites show a command to a role: those of the command decide before those of the app."""
    for overwrites in lists:
        by_id = {int(entry["id"]): bool(entry["permission"]) for entry in overwrites if entry["type"] == 1}
        decision = by_id.get(role.id, by_id.get(role.guild.id))
        if decision is not None:
            return decision
    return False
