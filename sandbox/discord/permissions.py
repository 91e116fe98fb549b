"""Who may do what where: Discord's permission bits, and the order in which roles and overwrites apply."""

from enum import IntFlag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.discord.model import Channel, Guild, Member, Overwrite


class Permissions(IntFlag):
    """Permission bits, numbered as in Discord's documentation."""

    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_AUDIT_LOG = 1 << 7
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CONNECT = 1 << 20
    SPEAK = 1 << 21
    MUTE_MEMBERS = 1 << 22
    MOVE_MEMBERS = 1 << 24
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_EVENTS = 1 << 33
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40
    CREATE_EVENTS = 1 << 44
    PIN_MESSAGES = 1 << 51
    BYPASS_SLOWMODE = 1 << 52


_P = Permissions

MODERATE_STAGE = _P.MANAGE_CHANNELS | _P.MUTE_MEMBERS | _P.MOVE_MEMBERS
"""The permissions of a stage moderator, who needs all three."""

EVERYONE = int(
    _P.VIEW_CHANNEL
    | _P.SEND_MESSAGES
    | _P.SEND_MESSAGES_IN_THREADS
    | _P.CREATE_PUBLIC_THREADS
    | _P.EMBED_LINKS
    | _P.ATTACH_FILES
    | _P.READ_MESSAGE_HISTORY
    | _P.ADD_REACTIONS
    | _P.USE_EXTERNAL_EMOJIS
    | _P.USE_APPLICATION_COMMANDS
    | _P.CONNECT
    | _P.SPEAK
    | _P.CHANGE_NICKNAME
    | _P.CREATE_INSTANT_INVITE
)
"""What @everyone may do in a new guild."""

BOT_DEFAULT = int(
    _P.VIEW_CHANNEL
    | _P.SEND_MESSAGES
    | _P.EMBED_LINKS
    | _P.ATTACH_FILES
    | _P.READ_MESSAGE_HISTORY
    | _P.ADD_REACTIONS
    | _P.MANAGE_ROLES
    | _P.MANAGE_MESSAGES
    | _P.PIN_MESSAGES
)
"""What the bot's own role may do unless a guild is created with other permissions."""

ALL = sum(int(permission) for permission in _P)
_ADMINISTRATOR = int(_P.ADMINISTRATOR)
_VIEW = int(_P.VIEW_CHANNEL)
_CONNECT = int(_P.CONNECT)
_VOCAL = int(_P.CONNECT | _P.SPEAK | _P.MUTE_MEMBERS | _P.MOVE_MEMBERS | _P.MANAGE_CHANNELS | _P.MANAGE_ROLES)
_SEND_DEPENDENT = int(_P.MENTION_EVERYONE | _P.ATTACH_FILES | _P.EMBED_LINKS)
DM_PERMISSIONS = EVERYONE & ~int(_P.CREATE_INSTANT_INVITE | _P.CHANGE_NICKNAME)
"""What both sides may do in a direct message."""


def base(guild: "Guild", member: "Member") -> int:
    """Return a member's permissions in a guild, before any channel's overwrites."""
    if member.user.id == guild.owner_id:
        return ALL
    rights = guild.roles[guild.id].permissions
    for role_id in member.roles:
        rights |= guild.roles[role_id].permissions
    return ALL if rights & _ADMINISTRATOR else rights


def in_channel(guild: "Guild", channel: "Channel", member: "Member") -> int:
    """Return a member's permissions in one channel.

    To the guild permissions apply the overwrites of @everyone, then of the roles, then of the member. A thread has the
    overwrites of its parent channel.
    """
    rights = base(guild, member)
    if rights & _ADMINISTRATOR:
        return rights
    place = guild.channels.get(channel.parent_id or 0, channel) if channel.is_thread else channel
    if place.overwrites:
        rights = _overwritten(rights, guild, place.overwrites, member)
    if not rights & _VIEW:
        return 0
    if place.is_vocal and not rights & _CONNECT:
        rights &= ~_VOCAL
    # Without the permission to send, Discord also removes those that only make sense with a message.
    return rights if rights & channel.right_to_send else rights & ~_SEND_DEPENDENT


def _overwritten(rights: int, guild: "Guild", overwrites: "dict[int, Overwrite]", member: "Member") -> int:
    everyone = overwrites.get(guild.id)
    if everyone:
        rights = (rights & ~everyone.deny) | everyone.allow
    allow = deny = 0
    for role_id in member.roles:
        if role := overwrites.get(role_id):
            allow |= role.allow
            deny |= role.deny
    rights = (rights & ~deny) | allow
    if own := overwrites.get(member.user.id):
        rights = (rights & ~own.deny) | own.allow
    return rights
