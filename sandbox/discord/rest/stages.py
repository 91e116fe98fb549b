"""Stage instances over REST."""

from sandbox.discord.errors import ApiError
from sandbox.discord.limits.problems import Problems
from sandbox.discord.model import KINDS, Channel, ScheduledEvent, StageInstance
from sandbox.discord.rest.router import NO_CONTENT, Answer, Call, Router, snowflake


def add_routes(router: Router) -> None:
    router.add("POST", "/stage-instances", _open)
    router.add("GET", "/stage-instances/{channel_id}", _get)
    router.add("PATCH", "/stage-instances/{channel_id}", _change)
    router.add("DELETE", "/stage-instances/{channel_id}", _close)


def _channel(call: Call, channel_id: int, *, moderated: bool) -> Channel:
    """Return a stage channel; raises 50024, or 50013 unless the bot moderates it where that is required."""
    channel = call.world.channel_for_bot(channel_id)
    if channel.kind != KINDS["stage"]:
        raise ApiError(50024)
    if moderated and not call.world.moderates_stage(channel, call.world.bot_user.id):
        raise ApiError(50013)
    return channel


def _stage(call: Call, *, moderated: bool = True) -> StageInstance:
    channel = _channel(call, call.ids["channel_id"], moderated=moderated)
    stage = call.world.guilds[channel.guild_id or 0].stages.get(channel.id)
    if stage is None:
        raise ApiError(10067)
    return stage


def _check(call: Call, topic: object) -> None:
    problems = Problems()
    problems.length(topic, ("topic",), 1, 120)
    if call.form.get("privacy_level") is not None:
        problems.choice(call.form["privacy_level"], ("privacy_level",), (1, 2))
    problems.raise_if_any()


def _event(call: Call, channel: Channel) -> ScheduledEvent | None:
    """Return the event that a new stage belongs to, if any; raises 10070."""
    event_id = call.form.get("guild_scheduled_event_id")
    if event_id is None:
        return None
    number = snowflake(event_id, "guild_scheduled_event_id")
    event = call.world.guilds[channel.guild_id or 0].scheduled_events.get(number)
    if event is None or event.channel_id != channel.id:
        raise ApiError(10070)
    return event


def _open(call: Call) -> Answer:
    channel = _channel(call, snowflake(call.form.get("channel_id"), "channel_id"), moderated=True)
    _check(call, call.form.get("topic"))
    stage = call.world.open_stage(channel, call.form["topic"], event=_event(call, channel))
    return Answer(stage.to_json())


def _get(call: Call) -> Answer:
    return Answer(_stage(call, moderated=False).to_json())


def _change(call: Call) -> Answer:
    stage = _stage(call)
    topic = call.form.get("topic", stage.topic)
    _check(call, topic)
    call.world.update_stage(stage, topic)
    return Answer(stage.to_json())


def _close(call: Call) -> Answer:
    call.world.close_stage(_stage(call))
    return NO_CONTENT
