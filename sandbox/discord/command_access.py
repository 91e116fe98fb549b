"""Who sees an application command: overwrites of the command, then of the application, then its default permissions."""

from typing import Final

from sandbox.discord.jsontypes import JSON
from sandbox.discord.model import Guild, Member
from sandbox.discord.permissions import ALL

ROLE: Final = 1
USER: Final = 2
CHANNEL: Final = 3


def sees_command(guild: Guild, member: Member, command: JSON, *, rights: int, channel_id: int | None = None) -> bool:
    """Return whether Discord's client offers a member a command. `rights` are their permissions in the channel.

    Administrators and the owner see everything.
    """
    if rights == ALL:
        return True
    lists = [guild.command_permissions.get(int(command[key]), []) for key in ("id", "application_id")]
    if channel_id is not None and not _is_for_channel(guild, channel_id, lists):
        return False
    for overwrites in lists:
        decision = _decision(guild, member, overwrites)
        if decision is not None:
            return decision
    permissions = command.get("default_member_permissions")
    if permissions is None:
        return True
    # "0" hides a command from everyone but administrators.
    return int(permissions) != 0 and rights & int(permissions) == int(permissions)


def _decision(guild: Guild, member: Member, overwrites: list[JSON]) -> bool | None:
    """Return what overwrites say about a member: the one for the user, else any role's yes, else a no, else nothing."""
    by_id = {int(entry["id"]): bool(entry["permission"]) for entry in overwrites if entry["type"] != CHANNEL}
    if member.user.id in by_id:
        return by_id[member.user.id]
    decisions = [by_id[role_id] for role_id in member.roles if role_id in by_id]
    return any(decisions) if decisions else by_id.get(guild.id)


def _is_for_channel(guild: Guild, channel_id: int, lists: list[list[JSON]]) -> bool:
    for overwrites in lists:
        by_id = {int(entry["id"]): bool(entry["permission"]) for entry in overwrites if entry["type"] == CHANNEL}
        # The id before the guild's stands for all its channels.
        decision = by_id.get(channel_id, by_id.get(guild.id - 1))
        if decision is not None:
            return decision
    return True
