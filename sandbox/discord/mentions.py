"""Who a message mentions: what its text names, narrowed by `allowed_mentions` and by the author's rights."""

import re
from typing import Final

from sandbox.discord.jsontypes import JSON
from sandbox.discord.model import Channel, Message
from sandbox.discord.model.message import walk
from sandbox.discord.permissions import Permissions
from sandbox.discord.world import World

_USER: Final = re.compile(r"<@!?(\d{1,20})>")
_ROLE: Final = re.compile(r"<@&(\d{1,20})>")
_EVERYONE: Final = re.compile(r"@(?:everyone|here)\b")
_PLAIN: Final[JSON] = {"parse": ["users", "roles", "everyone"], "replied_user": True}
_APPLICATION: Final[JSON] = {"parse": ["users"], "replied_user": True}


def fill_mentions(world: World, channel: Channel, message: Message, *, from_interaction: bool) -> None:
    """Set `mentions`, `mention_roles` and `mention_everyone` as Discord would.

    Without `allowed_mentions`, a plain message mentions whatever it names; one from an interaction only users.
    """
    text = message.content
    if message.components:
        text += "".join(one["content"] for one in walk(message.components) if one.get("type") == 10)
    allowed = message.allowed_mentions
    if allowed is None:
        allowed = _APPLICATION if from_interaction else _PLAIN
    parse = allowed.get("parse") or ()
    users = {int(one) for one in allowed.get("users") or ()}
    roles = {int(one) for one in allowed.get("roles") or ()}
    replied = message.referenced
    message.mentions, message.mention_roles, message.mention_everyone = [], [], False
    if replied is not None and message.type == 19 and allowed.get("replied_user"):
        message.mentions.append(replied.author)
    if "@" not in text:
        return
    for match in _USER.findall(text):
        user = world.users.get(int(match))
        if user is not None and ("users" in parse or user.id in users) and user not in message.mentions:
            message.mentions.append(user)
    guild = world.guild_of(channel)
    if guild is None:
        return
    may_all = bool(world.rights(channel, message.author.id) & Permissions.MENTION_EVERYONE)
    for match in _ROLE.findall(text):
        role = guild.roles.get(int(match))
        if role is None or role.id in message.mention_roles or not ("roles" in parse or role.id in roles):
            continue
        if role.mentionable or may_all:
            message.mention_roles.append(role.id)
    message.mention_everyone = may_all and "everyone" in parse and bool(_EVERYONE.search(text))
