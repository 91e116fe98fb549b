"""Messages in channels: sent, edited, deleted, pinned and reacted to by the bot."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote

from sandbox.discord.drafting import Draft
from sandbox.discord.errors import ApiError
from sandbox.discord.ids import iso
from sandbox.discord.limits.problems import invalid
from sandbox.discord.model import Channel, Message
from sandbox.discord.model.channel import MESSAGEABLE
from sandbox.discord.permissions import Permissions
from sandbox.discord.rest.router import MAX_SNOWFLAKE, NO_CONTENT, Answer, Call, Router, snowflake

OLD_SECONDS: Final = 3600.0
OLD_EDITS: Final = 3
BULK_DAYS: Final = 14


def add_routes(router: Router) -> None:
    """Add this resource's routes."""
    messages = "/channels/{channel_id}/messages"
    one = messages + "/{message_id}"
    router.add("GET", messages, _history, bucket="history")
    router.add("POST", messages, _create, bucket="create_message")
    router.add("POST", messages + "/bulk-delete", _bulk_delete, bucket="bulk_delete")
    router.add("GET", one, _get, bucket="get_message")
    router.add("PATCH", one, _edit, bucket="edit_message")
    router.add("DELETE", one, _delete, bucket="delete_message")
    for pins in ("/channels/{channel_id}/pins", messages + "/pins"):
        router.add("PUT", pins + "/{message_id}", _pin, bucket="pins")
        router.add("DELETE", pins + "/{message_id}", _unpin, bucket="pins")
    router.add("GET", "/channels/{channel_id}/pins", _old_pins, bucket="pins")
    router.add("GET", messages + "/pins", _pins, bucket="pins")
    reactions = one + "/reactions"
    router.add("DELETE", reactions, _clear_reactions, bucket="reactions")
    router.add("GET", reactions + "/{emoji}", _reactors, bucket="reactions")
    router.add("DELETE", reactions + "/{emoji}", _clear_reactions, bucket="reactions")
    router.add("PUT", reactions + "/{emoji}/@me", _react, bucket="reactions")
    router.add("DELETE", reactions + "/{emoji}/@me", _unreact, bucket="reactions")
    router.add("DELETE", reactions + "/{emoji}/{user_id}", _unreact_other, bucket="reactions")


def writable(call: Call, channel_id: int) -> Channel:
    """Return a channel the bot may send to; raises 10003, 50001, 50013, 50008, 50007, 160005, 50083."""
    world = call.world
    channel = world.channel_for_bot(channel_id)
    if channel.kind not in MESSAGEABLE:
        raise ApiError(50008)
    need = Permissions.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permissions.SEND_MESSAGES
    if not world.rights(channel, world.bot_user.id) & need:
        raise ApiError(50013)
    if channel.is_dm and not channel.recipients[0].accepts_dms:
        raise ApiError(50007)
    if channel.locked:
        raise ApiError(160005)
    channel.archived = False
    return channel


def _create(call: Call) -> Answer:
    world, form = call.world, call.form
    channel = writable(call, call.ids["channel_id"])
    if call.files and not world.rights(channel, world.bot_user.id) & Permissions.ATTACH_FILES:
        raise ApiError(50013)
    nonce = form.get("nonce")
    enforced = bool(form.get("enforce_nonce")) and nonce is not None
    if enforced:
        sent = world.by_nonce(channel.id, world.bot_user.id, str(nonce))
        if sent is not None:
            return Answer(sent.to_json(world.bot_user.id))
    message = Draft(world, channel, form, call.files, call.base_url).compose(reply_to=_reply_to(call, channel))
    message.nonce = nonce
    if enforced:
        world.remember_nonce(channel.id, world.bot_user.id, str(nonce), message)
    world.post(channel, message)
    return Answer(message.to_json(world.bot_user.id))


def _reply_to(call: Call, channel: Channel) -> Message | None:
    reference = call.form.get("message_reference")
    if reference is None:
        return None
    message_id = snowflake(reference.get("message_id"), "message_reference", "message_id")
    message = call.world.find_message(channel.id, message_id)
    if message is not None and message.ephemeral_for is None:
        if not call.world.rights(channel, call.world.bot_user.id) & Permissions.READ_MESSAGE_HISTORY:
            raise ApiError(160002)
        return message
    if reference.get("fail_if_not_exists", True):
        raise invalid(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
    return None


def _channel(call: Call, *needs: Permissions) -> Channel:
    return call.world.channel_for_bot(call.ids["channel_id"], *needs)


def _message(call: Call, *needs: Permissions) -> tuple[Channel, Message]:
    channel = _channel(call, *needs)
    return channel, call.world.public_message(channel.id, call.ids["message_id"])


def _get(call: Call) -> Answer:
    _, message = _message(call, Permissions.READ_MESSAGE_HISTORY)
    return Answer(message.to_json(call.world.bot_user.id))


def _edit(call: Call) -> Answer:
    world = call.world
    channel, message = _message(call)
    if message.author is not world.bot_user:
        raise ApiError(50005)
    if channel.locked or channel.archived:
        raise ApiError(50083)
    if world.now() - message.created > OLD_SECONDS:
        # Discord does not publish the allowance; a few edits pass before 30046.
        if message.late_edits >= OLD_EDITS:
            raise ApiError(30046)
        message.late_edits += 1
    Draft(world, channel, call.form, call.files, call.base_url).revise(message)
    world.changed(channel, message)
    return Answer(message.to_json(world.bot_user.id))


def _delete(call: Call) -> Answer:
    channel, message = _message(call)
    mine = message.author is call.world.bot_user
    if not mine and not call.world.rights(channel, call.world.bot_user.id) & Permissions.MANAGE_MESSAGES:
        raise ApiError(50013)
    call.world.delete_message(message)
    return NO_CONTENT


def _bulk_delete(call: Call) -> Answer:
    channel = _channel(call, Permissions.MANAGE_MESSAGES)
    ids = [snowflake(one, "messages") for one in call.form.get("messages") or ()]
    if not 2 <= len(ids) <= 100:
        raise invalid(("messages",), "BASE_TYPE_BAD_LENGTH", "Must be between 2 and 100 in length.")
    oldest = call.world.now() - BULK_DAYS * 86400
    found = [one for number in ids if (one := call.world.find_message(channel.id, number)) is not None]
    if any(one.created < oldest for one in found):
        raise ApiError(50034)
    for message in found:
        call.world.delete_message(message)
    return NO_CONTENT


def _history(call: Call) -> Answer:
    channel = _channel(call)
    query = call.query
    limit = call.number("limit", 50, 1, 100)
    if not call.world.rights(channel, call.world.bot_user.id) & Permissions.READ_MESSAGE_HISTORY:
        return Answer([])
    found: Iterable[Message] = call.world.messages(channel.id)
    if "after" in query:
        after = call.number("after")
        chosen = [one for one in found if one.id > after][:limit]
    else:
        before = call.number("before", MAX_SNOWFLAKE)
        chosen = [one for one in found if one.id < before][-limit:]
    return Answer([one.to_json(call.world.bot_user.id) for one in reversed(chosen)])


def _pin(call: Call) -> Answer:
    channel, message = _pinnable(call)
    call.world.pin(channel, message, True)
    return NO_CONTENT


def _unpin(call: Call) -> Answer:
    channel, message = _pinnable(call)
    call.world.pin(channel, message, False)
    return NO_CONTENT


def _pinnable(call: Call) -> tuple[Channel, Message]:
    channel = _channel(call)
    # Pin Messages was split off Manage Messages; the old right alone no longer pins.
    if not channel.is_dm and not call.world.rights(channel, call.world.bot_user.id) & Permissions.PIN_MESSAGES:
        raise ApiError(50013)
    return channel, call.world.public_message(channel.id, call.ids["message_id"])


def _pinned(call: Call) -> list[Message]:
    channel = _channel(call, Permissions.READ_MESSAGE_HISTORY)
    return [one for one in reversed(call.world.messages(channel.id)) if one.pinned]


def _old_pins(call: Call) -> Answer:
    return Answer([one.to_json(call.world.bot_user.id) for one in _pinned(call)])


def _pins(call: Call) -> Answer:
    limit = call.number("limit", 50, 1, 50)
    found = _pinned(call)
    items = [
        {"pinned_at": iso(one.pinned_at or one.created), "message": one.to_json(call.world.bot_user.id)}
        for one in found[:limit]
    ]
    return Answer({"items": items, "has_more": len(found) > limit})


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
    channel, message = _message(call, Permissions.READ_MESSAGE_HISTORY)
    name, emoji_id = _emoji(call)
    known = any((one.emoji_id, one.name) == (emoji_id, name) for one in message.reactions)
    if not known and not world.rights(channel, world.bot_user.id) & Permissions.ADD_REACTIONS:
        raise ApiError(50013)
    world.react(message, world.bot_user, name, emoji_id=emoji_id)
    return NO_CONTENT


def _unreact(call: Call) -> Answer:
    _, message = _message(call)
    name, emoji_id = _emoji(call)
    call.world.unreact(message, call.world.bot_user, name, emoji_id=emoji_id)
    return NO_CONTENT


def _unreact_other(call: Call) -> Answer:
    _, message = _message(call, Permissions.MANAGE_MESSAGES)
    name, emoji_id = _emoji(call)
    user = call.world.users.get(call.ids["user_id"])
    if user is None:
        raise ApiError(10013)
    call.world.unreact(message, user, name, emoji_id=emoji_id)
    return NO_CONTENT


def _clear_reactions(call: Call) -> Answer:
    _, message = _message(call, Permissions.MANAGE_MESSAGES)
    chosen = _emoji(call) if "emoji" in call.texts else None
    for reaction in list(message.reactions):
        if chosen is None or chosen == (reaction.name, reaction.emoji_id):
            for user_id in list(reaction.users):
                call.world.unreact(message, call.world.users[user_id], reaction.name, emoji_id=reaction.emoji_id)
    return NO_CONTENT


def _reactors(call: Call) -> Answer:
    _, message = _message(call, Permissions.READ_MESSAGE_HISTORY)
    name, emoji_id = _emoji(call)
    for reaction in message.reactions:
        if (reaction.emoji_id, reaction.name) == (emoji_id, name):
            users = sorted(reaction.users)[: call.number("limit", 25, 1, 100)]
            return Answer([call.world.users[one].to_json() for one in users])
    return Answer([])
