"""Pinned messages. There are two sets of routes: the older one lists all pins at once, the newer one in pages."""

from sandbox.discord.ids import iso, parse_iso
from sandbox.discord.limits.problems import invalid
from sandbox.discord.model import Channel, Message
from sandbox.discord.permissions import Permissions
from sandbox.discord.rest.messages import changeable, channel_of, message_of
from sandbox.discord.rest.router import NO_CONTENT, Answer, Call, Router


def add_routes(router: Router) -> None:
    old, new = "/channels/{channel_id}/pins", "/channels/{channel_id}/messages/pins"
    for pins in (old, new):
        router.add("PUT", pins + "/{message_id}", _pin, bucket="pins")
        router.add("DELETE", pins + "/{message_id}", _unpin, bucket="pins")
    router.add("GET", old, _all, bucket="pins")
    router.add("GET", new, _page, bucket="pins")


def _pinnable(call: Call) -> tuple[Channel, Message]:
    channel = channel_of(call)
    # Discord split Pin Messages off Manage Messages, which no longer suffices on its own.
    if not channel.is_dm:
        channel_of(call, Permissions.PIN_MESSAGES)
    changeable(call, channel)
    return message_of(call)


def _pin(call: Call) -> Answer:
    channel, message = _pinnable(call)
    call.world.pin(channel, message, call.world.bot_user)
    return NO_CONTENT


def _unpin(call: Call) -> Answer:
    call.world.unpin(*_pinnable(call))
    return NO_CONTENT


def _pins(call: Call) -> list[Message]:
    """Return the pins, latest first; none without the permission to read the history."""
    channel = channel_of(call)
    readable = call.world.rights(channel, call.world.bot_user.id) & Permissions.READ_MESSAGE_HISTORY
    return call.world.pinned(channel.id) if readable else []


def _all(call: Call) -> Answer:
    return Answer([message.to_json(call.world.bot_user.id) for message in _pins(call)])


def _page(call: Call) -> Answer:
    limit, pins = call.number("limit", 50, 1, 50), _pins(call)
    if "before" in call.query:
        try:
            before = parse_iso(call.query["before"].replace(" ", "+"))
        except ValueError as error:
            raise invalid(("before",), "DATE_TIME_TYPE_PARSE", "Could not parse the date.") from error
        pins = [message for message in pins if (message.pinned_at or 0.0) < before]
    items = [
        {"pinned_at": iso(message.pinned_at or message.created), "message": message.to_json(call.world.bot_user.id)}
        for message in pins[:limit]
    ]
    return Answer({"items": items, "has_more": len(pins) > limit})
