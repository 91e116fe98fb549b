"""Messages in channels: sent, read, edited and deleted by the bot."""

from collections.abc import Iterable
from typing import Final

from sandbox.discord.drafting import Draft
from sandbox.discord.errors import ApiError
from sandbox.discord.limits.problems import invalid
from sandbox.discord.model import Channel, Message
from sandbox.discord.model.channel import MESSAGEABLE
from sandbox.discord.permissions import Permissions
from sandbox.discord.rest.router import MAX_SNOWFLAKE, NO_CONTENT, Answer, Call, Router, snowflake

OLD_SECONDS: Final = 3600.0
OLD_EDITS: Final = 3
BULK_DAYS: Final = 14


def add_routes(router: Router) -> None:
    messages = "/channels/{channel_id}/messages"
    message = messages + "/{message_id}"
    router.add("GET", messages, _history, bucket="history")
    router.add("POST", messages, _create, bucket="create_message")
    router.add("POST", messages + "/bulk-delete", _bulk_delete, bucket="bulk_delete")
    router.add("GET", message, _get, bucket="get_message")
    router.add("PATCH", message, _edit, bucket="edit_message")
    router.add("DELETE", message, _delete, bucket="delete_message")


def writable(call: Call, channel_id: int) -> Channel:
    """Return a channel that the bot may send to; raises 10003, 50001, 50013, 50008, 50007 or 160005."""
    world = call.world
    channel = world.channel_for_bot(channel_id)
    if channel.kind not in MESSAGEABLE:
        raise ApiError(50008)
    rights = world.rights(channel, world.bot_user.id)
    if not rights & channel.right_to_send:
        raise ApiError(50013)
    if channel.is_dm and not channel.recipients[0].accepts_dms:
        raise ApiError(50007)
    if channel.locked and not rights & Permissions.MANAGE_THREADS:
        raise ApiError(160005)
    return channel


def changeable(call: Call, channel: Channel) -> None:
    """Check that messages of a channel may be changed; raises 50083 for an archived thread, 160005 for a locked one."""
    if channel.archived:
        raise ApiError(50083)
    if channel.locked and not call.world.rights(channel, call.world.bot_user.id) & Permissions.MANAGE_THREADS:
        raise ApiError(160005)


def _create(call: Call) -> Answer:
    world, form = call.world, call.form
    channel = writable(call, call.ids["channel_id"])
    if call.files and not world.rights(channel, world.bot_user.id) & Permissions.ATTACH_FILES:
        raise ApiError(50013)
    nonce = form.get("nonce")
    is_enforced = bool(form.get("enforce_nonce")) and nonce is not None
    if is_enforced:
        original = world.by_nonce(channel.id, world.bot_user.id, str(nonce))
        if original is not None:
            return Answer(original.to_json(world.bot_user.id))
    message = Draft(world, channel, form, call.files, call.base_url).compose(reply_to=_reply_to(call, channel))
    message.nonce = nonce
    if is_enforced:
        world.remember_nonce(channel.id, world.bot_user.id, str(nonce), message)
    world.post(channel, message)
    return Answer(message.to_json(world.bot_user.id))


def _reply_to(call: Call, channel: Channel) -> Message | None:
    """Return the message that a new one replies to; raises 160002, or 50035 for one that cannot be replied to."""
    reference = call.form.get("message_reference")
    if reference is None:
        return None
    where = "message_reference"
    if reference.get("channel_id") and snowflake(reference["channel_id"], where, "channel_id") != channel.id:
        text = "Cannot reply to a message in a different channel"
        raise invalid((where,), "REPLIES_CANNOT_REFERENCE_OTHER_CHANNEL", text)
    message = call.world.find_message(channel.id, snowflake(reference.get("message_id"), where, "message_id"))
    if message is None or message.ephemeral_for is not None:
        if reference.get("fail_if_not_exists", True):
            raise invalid((where,), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        return None
    if not call.world.rights(channel, call.world.bot_user.id) & Permissions.READ_MESSAGE_HISTORY:
        raise ApiError(160002)
    if message.is_notice:
        text = "Cannot reply to a system message"
        raise invalid((where,), "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE", text)
    return message


def channel_of(call: Call, *needs: Permissions) -> Channel:
    """Return the channel that a request is about; raises 10003, 50001 or 50013."""
    return call.world.channel_for_bot(call.ids["channel_id"], *needs)


def message_of(call: Call, *needs: Permissions) -> tuple[Channel, Message]:
    """Return the message that a request is about, and its channel; raises 10008 and what `channel_of` raises."""
    channel = channel_of(call, *needs)
    return channel, call.world.public_message(channel.id, call.ids["message_id"])


def _get(call: Call) -> Answer:
    _, message = message_of(call, Permissions.READ_MESSAGE_HISTORY)
    return Answer(message.to_json(call.world.bot_user.id))


def _edit(call: Call) -> Answer:
    world = call.world
    channel, message = message_of(call)
    if message.author is not world.bot_user:
        raise ApiError(50005)
    if message.is_notice:
        raise ApiError(50021)
    changeable(call, channel)
    if world.now() - message.created > OLD_SECONDS:
        # Discord does not publish the allowance. A few edits pass before 30046.
        if message.late_edits >= OLD_EDITS:
            raise ApiError(30046)
        message.late_edits += 1
    Draft(world, channel, call.form, call.files, call.base_url).revise(message)
    world.changed(channel, message)
    return Answer(message.to_json(world.bot_user.id))


def _delete(call: Call) -> Answer:
    channel, message = message_of(call)
    is_own = message.author is call.world.bot_user
    if not is_own and not call.world.rights(channel, call.world.bot_user.id) & Permissions.MANAGE_MESSAGES:
        raise ApiError(50013)
    call.world.delete_message(message)
    return NO_CONTENT


def _bulk_delete(call: Call) -> Answer:
    channel = channel_of(call, Permissions.MANAGE_MESSAGES)
    ids = [snowflake(message_id, "messages") for message_id in call.form.get("messages") or ()]
    if not 2 <= len(ids) <= 100:
        raise invalid(("messages",), "BASE_TYPE_BAD_LENGTH", "Must be between 2 and 100 in length.")
    oldest = call.world.now() - BULK_DAYS * 86400
    messages = [candidate for number in ids if (candidate := call.world.find_message(channel.id, number)) is not None]
    if any(message.created < oldest for message in messages):
        raise ApiError(50034)
    for message in messages:
        call.world.delete_message(message)
    return NO_CONTENT


def _history(call: Call) -> Answer:
    channel = channel_of(call)
    query = call.query
    limit = call.number("limit", 50, 1, 100)
    if not call.world.rights(channel, call.world.bot_user.id) & Permissions.READ_MESSAGE_HISTORY:
        return Answer([])
    messages: Iterable[Message] = call.world.messages(channel.id)
    if "after" in query:
        after = call.number("after")
        page = [message for message in messages if message.id > after][:limit]
    else:
        before = call.number("before", MAX_SNOWFLAKE)
        page = [message for message in messages if message.id < before][-limit:]
    return Answer([message.to_json(call.world.bot_user.id) for message in reversed(page)])
