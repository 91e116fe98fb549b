"""Scheduled events over REST."""

from typing import Final

from sandbox.discord.errors import ApiError
from sandbox.discord.ids import parse_iso
from sandbox.discord.jsontypes import JSON, Wire
from sandbox.discord.limits.problems import REQUIRED, Problems
from sandbox.discord.model import KINDS, Channel, EventType, ScheduledEvent
from sandbox.discord.permissions import Permissions
from sandbox.discord.recurrence import read_rule
from sandbox.discord.rest.router import MAX_SNOWFLAKE, NO_CONTENT, Answer, Call, Router, snowflake

_NEEDED: Final = ("name", "privacy_level", "scheduled_start_time", "entity_type")
_TIMES: Final = {"scheduled_start_time": "starts_at", "scheduled_end_time": "ends_at"}
_CHANNEL_KINDS: Final = {EventType.STAGE: KINDS["stage"], EventType.VOICE: KINDS["voice"]}


def add_routes(router: Router) -> None:
    events = "/guilds/{guild_id}/scheduled-events"
    router.add("GET", events, _list)
    router.add("POST", events, _create)
    router.add("GET", events + "/{event_id}", _get)
    router.add("PATCH", events + "/{event_id}", _change)
    router.add("DELETE", events + "/{event_id}", _delete)
    router.add("GET", events + "/{event_id}/users", _subscribers)


def _event(call: Call) -> ScheduledEvent:
    """Return the event that a request is about; raises 10070, or 50001 if the bot cannot see its channel."""
    event = call.world.guild_for_bot(call.ids["guild_id"]).scheduled_events.get(call.ids["event_id"])
    if event is None:
        raise ApiError(10070)
    if not _visible(call, event):
        raise ApiError(50001)
    return event


def _visible(call: Call, event: ScheduledEvent) -> bool:
    channel = call.world.channels.get(event.channel_id or 0)
    return channel is None or bool(call.world.rights(channel, call.world.bot_user.id) & Permissions.VIEW_CHANNEL)


def _json(call: Call, event: ScheduledEvent) -> JSON:
    event_json = {**event.to_json(), "creator": call.world.users[event.creator_id].to_json()}
    if call.flag("with_user_count"):
        event_json["user_count"] = len(event.subscribers)
    return event_json


def _list(call: Call) -> Answer:
    events = call.world.guild_for_bot(call.ids["guild_id"]).scheduled_events.values()
    return Answer([_json(call, event) for event in events if _visible(call, event)])


def _get(call: Call) -> Answer:
    return Answer(_json(call, _event(call)))


def _create(call: Call) -> Answer:
    world, guild = call.world, call.world.guild_for_bot(call.ids["guild_id"])
    problems = Problems()
    for key in _NEEDED:
        if call.form.get(key) is None:
            problems.add((key,), *REQUIRED)
    problems.raise_if_any()
    changes = _changes(call)
    channel = _place(call, changes)
    if not world.may_create_event(guild, world.bot_user.id, channel):
        raise ApiError(50013)
    event = world.add_scheduled_event(
        guild,
        changes["name"],
        creator=world.bot_user,
        starts_at=changes["starts_at"],
        ends_at=changes.get("ends_at"),
        channel=channel,
        location=changes.get("location"),
        description=changes.get("description"),
        recurrence_rule=changes.get("recurrence_rule"),
    )
    return Answer(_json(call, event))


def _changes(call: Call) -> dict[str, Wire]:
    """Return the new values of an event by the names of `ScheduledEvent`'s fields; raises 50035."""
    form, problems = call.form, Problems()
    changes: dict[str, Wire] = {key: form[key] for key in ("name", "description") if key in form}
    if "name" in form:
        problems.length(form["name"], ("name",), 1, 100)
    problems.length(form.get("description"), ("description",), 0, 1000)
    for key, allowed in (("entity_type", (1, 2, 3)), ("status", (1, 2, 3, 4)), ("privacy_level", (2,))):
        if form.get(key) is not None and problems.choice(form[key], (key,), allowed):
            changes[key] = form[key]
    changes.pop("privacy_level", None)
    _take_times(call, changes, problems)
    if "recurrence_rule" in form:
        changes["recurrence_rule"] = read_rule(form["recurrence_rule"], "recurrence_rule", problems)
    if isinstance(form.get("entity_metadata"), dict):
        problems.length(form["entity_metadata"].get("location"), ("entity_metadata", "location"), 1, 100)
        changes["location"] = form["entity_metadata"].get("location")
    if "channel_id" in form:
        channel_id = form["channel_id"]
        changes["channel_id"] = None if channel_id is None else snowflake(channel_id, "channel_id")
    problems.raise_if_any()
    return changes


def _take_times(call: Call, changes: dict[str, Wire], problems: Problems) -> None:
    for key, field in _TIMES.items():
        if call.form.get(key) is not None:
            try:
                changes[field] = parse_iso(call.form[key])
            except (ValueError, TypeError):
                problems.add((key,), "DATE_TIME_TYPE_PARSE", f"Could not parse {call.form[key]}.")
    if changes.get("starts_at", call.world.now() + 1) < call.world.now():
        text = "Cannot schedule event in the past."
        problems.add(("scheduled_start_time",), "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", text)


def _place(call: Call, changes: dict[str, Wire]) -> Channel | None:
    """Return the channel of an event, None for an external one; raises 50035 for missing fields, 10003 or 50024."""
    kind = EventType(changes["entity_type"])
    if kind is EventType.EXTERNAL:
        problems = Problems()
        for key, field in (("entity_metadata", "location"), ("scheduled_end_time", "ends_at")):
            if not changes.get(field):
                problems.add((key,), *REQUIRED)
        if changes.get("channel_id") is not None:
            problems.add(("channel_id",), "BASE_TYPE_CHOICES", "Value must be null for an external event.")
        problems.raise_if_any()
        return None
    changes["location"] = None
    if changes.get("channel_id") is None:
        problems = Problems()
        problems.add(("channel_id",), *REQUIRED)
        problems.raise_if_any()
    channel = call.world.channel_for_bot(changes["channel_id"])
    if channel.guild_id != call.ids["guild_id"]:
        raise ApiError(10003)
    if channel.kind != _CHANNEL_KINDS[kind]:
        raise ApiError(50024)
    return channel


def _change(call: Call) -> Answer:
    event, world = _event(call), call.world
    if not world.may_change_event(event, world.bot_user.id):
        raise ApiError(50013)
    changes = _changes(call)
    if changes.keys() & {"entity_type", "channel_id", "location", "ends_at"}:
        merged = {
            "entity_type": event.entity_type,
            "channel_id": event.channel_id,
            "location": event.location,
            "ends_at": event.ends_at,
            **changes,
        }
        channel = _place(call, merged)
        changes.update(entity_type=EventType(merged["entity_type"]), location=merged["location"])
        changes["channel_id"] = channel.id if channel else None
    world.update_scheduled_event(event, **changes)
    return Answer(_json(call, event))


def _delete(call: Call) -> Answer:
    event = _event(call)
    if not call.world.may_change_event(event, call.world.bot_user.id):
        raise ApiError(50013)
    call.world.delete_scheduled_event(event)
    return NO_CONTENT


def _subscribers(call: Call) -> Answer:
    event, world = _event(call), call.world
    limit = call.number("limit", 100, 1, 100)
    ids = sorted(event.subscribers)
    if "before" in call.query:
        ids = [user_id for user_id in ids if user_id < call.number("before", MAX_SNOWFLAKE)][-limit:]
    else:
        ids = [user_id for user_id in ids if user_id > call.number("after")][:limit]
    members = world.guilds[event.guild_id].members
    answer: list[JSON] = []
    for user_id in ids:
        subscriber: JSON = {
            "guild_scheduled_event_id": str(event.id),
            "user_id": str(user_id),
            "user": world.users[user_id].to_json(),
            "response": 1,
        }
        if call.flag("with_member") and user_id in members:
            subscriber["member"] = members[user_id].to_json()
        answer.append(subscriber)
    return Answer(answer)
