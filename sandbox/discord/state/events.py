"""Scheduled events and stages: made, started and ended, by people or by the bot."""

from sandbox.discord.errors import ApiError
from sandbox.discord.intents import GUILDS, SCHEDULED_EVENTS
from sandbox.discord.jsontypes import JSON
from sandbox.discord.model import KINDS, Channel, Guild, ScheduledEvent, StageInstance, User
from sandbox.discord.state.core import State

STAGE, VOICE, ELSEWHERE = 1, 2, 3
SCHEDULED, ACTIVE, COMPLETED, CANCELLED = 1, 2, 3, 4


class Events(State):
    """The part of the world that has dates."""

    def add_scheduled_event(
        self,
        guild: Guild,
        name: str,
        *,
        creator: User,
        starts_at: float,
        ends_at: float | None = None,
        channel: Channel | None = None,
        location: str | None = None,
        description: str | None = None,
    ) -> ScheduledEvent:
        """Announce an event in a stage or voice channel, or elsewhere at a `location`."""
        event = ScheduledEvent(
            self.new_id(),
            guild.id,
            name,
            creator.id,
            starts_at,
            _entity_type(channel),
            description,
            channel.id if channel else None,
            ends_at,
            location,
        )
        guild.scheduled_events[event.id] = event
        self._event_changed("create", event)
        return event

    def update_scheduled_event(self, event: ScheduledEvent, **changes: object) -> None:
        """Change fields of an event by name; a status may only move as Discord allows, else 180000."""
        status = changes.get("status", event.status)
        allowed = {SCHEDULED: (SCHEDULED, ACTIVE, CANCELLED), ACTIVE: (ACTIVE, COMPLETED)}
        if status not in allowed.get(event.status, ()):
            raise ApiError(180000)
        for key, value in changes.items():
            setattr(event, key, value)
        if event.status in (COMPLETED, CANCELLED):
            self.guilds[event.guild_id].scheduled_events.pop(event.id, None)
        self._event_changed("update", event)

    def delete_scheduled_event(self, event: ScheduledEvent) -> None:
        """Remove an event."""
        self.guilds[event.guild_id].scheduled_events.pop(event.id, None)
        self._event_changed("delete", event)

    def _event_changed(self, what: str, event: ScheduledEvent) -> None:
        data = event.to_json()
        self.dispatch(
            f"GUILD_SCHEDULED_EVENT_{what.upper()}",
            data,
            intent=SCHEDULED_EVENTS,
            guild_id=event.guild_id,
        )
        self.notify(f"scheduled_event_{what}", data, guild_id=event.guild_id)

    def open_stage(self, channel: Channel, topic: str, *, event: ScheduledEvent | None = None) -> StageInstance:
        """Open a stage; 150006 if it already is."""
        guild = self.guilds[channel.guild_id or 0]
        if channel.id in guild.stages:
            raise ApiError(150006)
        stage = StageInstance(self.new_id(), guild.id, channel.id, topic, event.id if event else None)
        guild.stages[channel.id] = stage
        self._stage_changed("create", stage)
        return stage

    def update_stage(self, stage: StageInstance, topic: str) -> None:
        """Change what a stage is about."""
        stage.topic = topic
        self._stage_changed("update", stage)

    def close_stage(self, stage: StageInstance) -> None:
        """Close a stage."""
        del self.guilds[stage.guild_id].stages[stage.channel_id]
        self._stage_changed("delete", stage)

    def _stage_changed(self, what: str, stage: StageInstance) -> None:
        data: JSON = stage.to_json()
        self.dispatch(f"STAGE_INSTANCE_{what.upper()}", data, intent=GUILDS, guild_id=stage.guild_id)
        self.notify(f"stage_{what}", data, guild_id=stage.guild_id, channel_id=stage.channel_id)


def _entity_type(channel: Channel | None) -> int:
    if channel is None:
        return ELSEWHERE
    return STAGE if channel.kind == KINDS["stage"] else VOICE
