"""Reactions to messages."""

from urllib.parse import unquote

from sandbox.discord.errors import ApiError
from sandbox.discord.permissions import Permissions
from sandbox.discord.rest.messages import changeable, message_of
from sandbox.discord.rest.router import NO_CONTENT, Answer, Call, Router


def add_routes(router: Router) -> None:
    reactions = "/channels/{channel_id}/messages/{message_id}/reactions"
    router.add("DELETE", reactions, _clear, bucket="reactions")
    router.add("GET", reactions + "/{emoji}", _reactors, bucket="reactions")
    router.add("DELETE", reactions + "/{emoji}", _clear, bucket="reactions")
    router.add("PUT", reactions + "/{emoji}/@me", _react, bucket="reactions")
    router.add("DELETE", reactions + "/{emoji}/@me", _unreact, bucket="reactions")
    router.add("DELETE", reactions + "/{emoji}/{user_id}", _unreact_other, bucket="reactions")


def _emoji(call: Call) -> tuple[str, int | None]:
    """Return an emoji's name and, for a custom one (`name:id`), its id; raises 10014."""
    text = unquote(call.texts["emoji"])
    name, _, number = text.partition(":")
    if number.isdecimal():
        return name, int(number)
    if text.isascii() and text not in ("#️⃣", "*️⃣"):
        raise ApiError(10014)
    return text, None


def _react(call: Call) -> Answer:
    world = call.world
    channel, message = message_of(call, Permissions.READ_MESSAGE_HISTORY)
    changeable(call, channel)
    name, emoji_id = _emoji(call)
    has_reaction = any((reaction.emoji_id, reaction.name) == (emoji_id, name) for reaction in message.reactions)
    if not has_reaction and not world.rights(channel, world.bot_user.id) & Permissions.ADD_REACTIONS:
        raise ApiError(50013)
    world.react(message, world.bot_user, name, emoji_id=emoji_id)
    return NO_CONTENT


def _unreact(call: Call) -> Answer:
    _, message = message_of(call)
    name, emoji_id = _emoji(call)
    call.world.unreact(message, call.world.bot_user, name, emoji_id=emoji_id)
    return NO_CONTENT


def _unreact_other(call: Call) -> Answer:
    _, message = message_of(call, Permissions.MANAGE_MESSAGES)
    name, emoji_id = _emoji(call)
    user = call.world.users.get(call.ids["user_id"])
    if user is None:
        raise ApiError(10013)
    call.world.unreact(message, user, name, emoji_id=emoji_id)
    return NO_CONTENT


def _clear(call: Call) -> Answer:
    _, message = message_of(call, Permissions.MANAGE_MESSAGES)
    emoji = _emoji(call) if "emoji" in call.texts else None
    for reaction in list(message.reactions):
        if emoji is None or emoji == (reaction.name, reaction.emoji_id):
            for user_id in list(reaction.users):
                call.world.unreact(message, call.world.users[user_id], reaction.name, emoji_id=reaction.emoji_id)
    return NO_CONTENT


def _reactors(call: Call) -> Answer:
    _, message = message_of(call, Permissions.READ_MESSAGE_HISTORY)
    name, emoji_id = _emoji(call)
    for reaction in message.reactions:
        if (reaction.emoji_id, reaction.name) == (emoji_id, name):
            users = sorted(reaction.users)[: call.number("limit", 25, 1, 100)]
            return Answer([call.world.users[user_id].to_json() for user_id in users])
    return Answer([])
