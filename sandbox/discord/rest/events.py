"""Scheduled events and stage instances over REST."""

from sandbox.discord.errors import ApiError
from sandbox.discord.ids import parse_iso
from sandbox.discord.jsontypes import Wire
from sandbox.discord.limits.problems import Problems, invalid
from sandbox.discord.model import Channel, ScheduledEvent, StageInstance
from sandbox.discord.permissions import Permissions, base
from sandbox.discord.rest.router import NO_CONTENT, Answer, Call, Router, snowflake


def add_routes(router: Router) -> None:
    """Add this resource's routes."""
    events = "/guilds/{guild_id}/scheduled-events"
    router.add("GET", events, _list)
    router.add("POST", events, _create)
    router.add("GET", events + "/{event_id}", _get)
    router.add("PATCH", events + "/{event_id}", _change)
    router.add("DELETE", events + "/{event_id}", _delete)
    router.add("GET", events + "/{event_id}/users", _subscribers)
    router.add("POST", "/stage-instances", _open_stage)
    router.add("GET", "/stage-instances/{channel_id}", _get_stage)
    router.add("PATCH", "/stage-instances/{channel_id}", _change_stage)
    router.add("DELETE", "/stage-instances/{channel_id}", _close_stage)


def _needs(call: Call, right: Permissions) -> None:
    guild = call.world.guild_for_bot(call.ids["guild_id"])
    if not base(guild, guild.members[call.world.bot_user.id]) & right:
        raise ApiError(50013)


def _event(call: Call) -> ScheduledEvent:
    event = call.world.guild_for_bot(call.ids["guild_id"]).scheduled_events.get(call.ids["event_id"])
    if event is None:
        raise ApiError(10070)
    return event


def _list(call: Call) -> Answer:
    guild = call.world.guild_for_bot(call.ids["guild_id"])
    return Answer([one.to_json() for one in guild.scheduled_events.values()])


def _get(call: Call) -> Answer:
    return Answer(_event(call).to_json())


def _create(call: Call) -> Answer:
    _needs(call, Permissions.CREATE_EVENTS)
    world, form = call.world, call.form
    problems = Problems()
    for key in ("name", "privacy_level", "scheduled_start_time", "entity_type"):
        if form.get(key) is None:
            problems.add((key,), "BASE_TYPE_REQUIRED", "This field is required")
    problems.raise_if_any()
    changes = _changes(call)
    channel = None if changes.get("channel_id") is None else world.channels.get(changes["channel_id"])
    if form["entity_type"] == 3 and (not changes.get("location") or not changes.get("ends_at")):
        raise invalid(("entity_metadata",), "BASE_TYPE_REQUIRED", "This field is required")
    if form["entity_type"] != 3 and channel is None:
        raise ApiError(10003)
    event = world.add_scheduled_event(
        world.guilds[call.ids["guild_id"]],
        changes["name"],
        creator=world.bot_user,
        starts_at=changes["starts_at"],
        ends_at=changes.get("ends_at"),
        channel=channel,
        location=changes.get("location"),
        description=changes.get("description"),
    )
    return Answer(event.to_json())


def _changes(call: Call) -> dict[str, Wire]:
    """Return an event's new fields by our names; raises 50035."""
    form, problems = call.form, Problems()
    changes: dict[str, Wire] = {key: form[key] for key in ("name", "description", "status") if key in form}
    if "name" in form:
        problems.length(form["name"], ("name",), 1, 100)
    problems.length(form.get("description"), ("description",), 0, 1000)
    for key, ours in (("scheduled_start_time", "starts_at"), ("scheduled_end_time", "ends_at")):
        if form.get(key) is not None:
            try:
                changes[ours] = parse_iso(form[key])
            except ValueError:
                problems.add((key,), "DATE_TIME_TYPE_PARSE", f"Could not parse {form[key]}.")
    if changes.get("starts_at", call.world.now() + 1) < call.world.now():
        problems.add(
            ("scheduled_start_time",), "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", "Cannot schedule event in the past."
        )
    if isinstance(form.get("entity_metadata"), dict):
        problems.length(form["entity_metadata"].get("location"), ("entity_metadata", "location"), 1, 100)
        changes["location"] = form["entity_metadata"].get("location")
    if form.get("channel_id") is not None:
        changes["channel_id"] = snowflake(form["channel_id"], "channel_id")
    problems.raise_if_any()
    return changes


def _change(call: Call) -> Answer:
    event = _event(call)
    if event.creator_id != call.world.bot_user.id:
        _needs(call, Permissions.MANAGE_EVENTS)
    changes = _changes(call)
    call.world.update_scheduled_event(event, **changes)
    return Answer(event.to_json())


def _delete(call: Call) -> Answer:
    event = _event(call)
    if event.creator_id != call.world.bot_user.id:
        _needs(call, Permissions.MANAGE_EVENTS)
    call.world.delete_scheduled_event(event)
    return NO_CONTENT


def _subscribers(call: Call) -> Answer:
    event = _event(call)
    users = [call.world.users[one] for one in sorted(event.subscribers)]
    return Answer([{"guild_scheduled_event_id": str(event.id), "user": one.to_json()} for one in users])


def _stage_channel(call: Call, channel_id: int) -> Channel:
    channel = call.world.channel_for_bot(channel_id)
    if channel.kind != 13:
        raise ApiError(50024)
    return channel


def _stage(call: Call) -> StageInstance:
    channel = _stage_channel(call, call.ids["channel_id"])
    stage = call.world.guilds[channel.guild_id or 0].stages.get(channel.id)
    if stage is None:
        raise ApiError(10067)
    return stage


def _moderates(call: Call, channel_id: int) -> None:
    rights = Permissions.MANAGE_CHANNELS | Permissions.MUTE_MEMBERS | Permissions.MOVE_MEMBERS
    channel = _stage_channel(call, channel_id)
    if call.world.rights(channel, call.world.bot_user.id) & rights != rights:
        raise ApiError(50013)


def _open_stage(call: Call) -> Answer:
    channel_id = snowflake(call.form.get("channel_id"), "channel_id")
    _moderates(call, channel_id)
    problems = Problems()
    problems.length(call.form.get("topic"), ("topic",), 1, 120)
    problems.raise_if_any()
    return Answer(call.world.open_stage(call.world.channels[channel_id], call.form["topic"]).to_json())


def _get_stage(call: Call) -> Answer:
    return Answer(_stage(call).to_json())


def _change_stage(call: Call) -> Answer:
    stage = _stage(call)
    _moderates(call, stage.channel_id)
    problems = Problems()
    problems.length(call.form.get("topic", stage.topic), ("topic",), 1, 120)
    problems.raise_if_any()
    call.world.update_stage(stage, call.form.get("topic", stage.topic))
    return Answer(stage.to_json())


def _close_stage(call: Call) -> Answer:
    stage = _stage(call)
    _moderates(call, stage.channel_id)
    call.world.close_stage(stage)
    return NO_CONTENT
