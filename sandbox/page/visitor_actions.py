"""Actions of a visitor that do not involve the bot: messages, purchases, pins, threads, events and stages."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from sandbox.discord.ids import parse_iso
from sandbox.discord.jsontypes import JSON
from sandbox.discord.model import Channel, Message, ScheduledEvent
from sandbox.discord.people import Person, Refused
from sandbox.page.snapshot import message_json

_LONGEST_MESSAGE: Final = 2000
Event = dict[str, Any]
Act = Callable[[Person, Event], Awaitable[JSON | None]]


def message_of(person: Person, message_id: object) -> Message:
    """Return a message in the person's channel; raises Refused if it no longer exists."""
    message = person.world.find_message(person.channel.id, int(str(message_id)))
    if message is None:
        raise Refused("The message is gone.")
    return message


def words(event: Event) -> str:
    """Return the text that a visitor wrote; raises Refused if it is empty or too long."""
    content = str(event["content"]).strip()
    if not 0 < len(content) <= _LONGEST_MESSAGE:
        raise Refused(f"A message has 1 to {_LONGEST_MESSAGE} characters.")
    return content


async def _say(person: Person, event: Event) -> None:
    original_id = event.get("reply_to")
    await person.say(words(event), reply_to=message_of(person, original_id) if original_id else None)


async def _delete(person: Person, event: Event) -> None:
    person.delete(message_of(person, event["message_id"]))


async def _purchase(person: Person, event: Event) -> None:
    person.purchase(message_of(person, event["message_id"]), int(event["sku_id"]))


async def _pin(person: Person, event: Event) -> None:
    person.pin(message_of(person, event["message_id"]), bool(event["pinned"]))


async def _pins(person: Person, _: Event) -> JSON:
    return {"messages": [message_json(person.world, message) for message in person.pinned]}


async def _thread(person: Person, event: Event) -> JSON:
    message = message_of(person, event["message_id"]) if event.get("message_id") else None
    return _channel_json(person.start_thread(str(event["name"]).strip(), message=message))


async def _post(person: Person, event: Event) -> JSON:
    return _channel_json(person.start_post(str(event["name"]).strip(), words(event)))


def _channel_json(channel: Channel) -> JSON:
    return {"channel_id": str(channel.id)}


async def _archive(person: Person, event: Event) -> None:
    person.archive(bool(event["archived"]))


async def _lock(person: Person, event: Event) -> None:
    person.lock(bool(event["locked"]))


async def _slow_down(person: Person, event: Event) -> None:
    person.slow_down(int(event["seconds"]))


async def _restrict_by_age(person: Person, event: Event) -> None:
    person.restrict_by_age(bool(event["restricted"]))


def _scheduled(person: Person, event: Event) -> ScheduledEvent:
    scheduled_event = person.guild.scheduled_events.get(int(event["event_id"]))
    if scheduled_event is None:
        raise Refused("The event is over.")
    return scheduled_event


async def _announce(person: Person, event: Event) -> None:
    channel = person.guild.channels.get(int(event["place_id"])) if event.get("place_id") else None
    person.announce(
        str(event["name"]).strip(),
        starts_at=parse_iso(event["starts_at"]),
        ends_at=parse_iso(event["ends_at"]) if event.get("ends_at") else None,
        channel=channel,
        location=str(event.get("location") or "").strip() or None,
        description=str(event.get("description") or "").strip() or None,
        repeats=event.get("repeats") or "never",
    )


async def _start(person: Person, event: Event) -> None:
    person.start_event(_scheduled(person, event))


async def _end(person: Person, event: Event) -> None:
    person.end_event(_scheduled(person, event))


async def _cancel(person: Person, event: Event) -> None:
    person.cancel_event(_scheduled(person, event))


async def _follow(person: Person, event: Event) -> None:
    person.follow(_scheduled(person, event), bool(event["interested"]))


async def _open_stage(person: Person, event: Event) -> None:
    person.open_stage(str(event["topic"]).strip())


async def _close_stage(person: Person, _: Event) -> None:
    person.close_stage()


ACTS: Final[dict[str, Act]] = {
    "say": _say,
    "delete_message": _delete,
    "purchase": _purchase,
    "pin": _pin,
    "pins": _pins,
    "thread": _thread,
    "post": _post,
    "archive": _archive,
    "lock": _lock,
    "slow_down": _slow_down,
    "restrict_by_age": _restrict_by_age,
    "event_create": _announce,
    "event_start": _start,
    "event_end": _end,
    "event_cancel": _cancel,
    "event_follow": _follow,
    "stage_open": _open_stage,
    "stage_close": _close_stage,
}
"""Acts by the names that the page uses. What an act returns is sent back with its `done` event."""
