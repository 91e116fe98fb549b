"""Whom a message mentions: the names in its text, limited by `allowed_mentions` and the author's permissions."""

import re
from typing import Final

from sandbox.discord.jsontypes import JSON
from sandbox.discord.model import Channel, Message
from sandbox.discord.model.message import REPLY, walk
from sandbox.discord.permissions import Permissions
from sandbox.discord.world import World

_USER: Final = re.compile(r"<@!?(\d{1,20})>")
_ROLE: Final = re.compile(r"<@&(\d{1,20})>")
_EVERYONE: Final = re.compile(r"@(?:everyone|here)\b")
_PLAIN: Final[JSON] = {"parse": ["users", "roles", "everyone"], "replied_user": True}
_APPLICATION: Final[JSON] = {"parse": ["users"], "replied_user": True}


def fill_mentions(world: World, channel: Channel, message: Message, *, from_interaction: bool) -> None:
    """Set `mentions`, `mention_roles` and `mention_everyone` as Discord would.

    Without `allowed_mentions`, a plain message mentions everything it names, and one from an interaction only users.
    """
    text = message.content
    if message.components:
        text += "".join(component["content"] for component in walk(message.components) if component.get("type") == 10)
    allowed = message.allowed_mentions
    if allowed is None:
        allowed = _APPLICATION if from_interaction else _PLAIN
    message.mentions, message.mention_roles, message.mention_everyone = [], [], False
    original = message.referenced
    if original is not None and message.type == REPLY and allowed.get("replied_user"):
        message.mentions.append(original.author)
    if "@" in text:
        _fill_users(world, message, text, allowed)
        if channel.guild_id is not None:
            _fill_roles(world, channel, message, text, allowed)


def _fill_users(world: World, message: Message, text: str, allowed: JSON) -> None:
    parse, ids = allowed.get("parse") or (), {int(user_id) for user_id in allowed.get("users") or ()}
    for match in _USER.findall(text):
        user = world.users.get(int(match))
        if user is not None and ("users" in parse or user.id in ids) and user not in message.mentions:
            message.mentions.append(user)


def _fill_roles(world: World, channel: Channel, message: Message, text: str, allowed: JSON) -> None:
    role_ids, names_everyone = dict.fromkeys(_ROLE.findall(text)), _EVERYONE.search(text) is not None
    if not role_ids and not names_everyone:
        return
    parse, ids = allowed.get("parse") or (), {int(role_id) for role_id in allowed.get("roles") or ()}
    may_all = bool(world.rights(channel, message.author.id) & Permissions.MENTION_EVERYONE)
    for match in role_ids:
        role = world.guilds[channel.guild_id or 0].roles.get(int(match))
        if role is not None and (role.mentionable or may_all) and ("roles" in parse or role.id in ids):
            message.mention_roles.append(role.id)
    message.mention_everyone = may_all and "everyone" in parse and names_everyone
