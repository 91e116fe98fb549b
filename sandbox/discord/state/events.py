"""Scheduled events: created, started and ended by people, the bot or the clock.

Source of the rules: Discord's documentation, "Guild Scheduled Event".
"""

from typing import Final

from sandbox.discord.errors import ApiError
from sandbox.discord.intents import SCHEDULED_EVENTS
from sandbox.discord.jsontypes import JSON
from sandbox.discord.model import KINDS, Channel, EventStatus, EventType, Guild, ScheduledEvent, StageInstance, User
from sandbox.discord.permissions import MODERATE_STAGE, Permissions, base
from sandbox.discord.recurrence import next_start
from sandbox.discord.state.stages import Stages

MAX_OPEN: Final = 100
FORGOTTEN_SECONDS: Final = 3 * 3600.0
"""How long after its start time an event is cancelled if nobody starts it. Discord only says "a few hours"."""
_NEXT: Final = {
    EventStatus.SCHEDULED: (EventStatus.SCHEDULED, EventStatus.ACTIVE, EventStatus.CANCELLED),
    EventStatus.ACTIVE: (EventStatus.ACTIVE, EventStatus.COMPLETED),
}
_ALSO: Final = {
    EventType.STAGE: MODERATE_STAGE,
    EventType.VOICE: Permissions.VIEW_CHANNEL | Permissions.CONNECT,
    EventType.EXTERNAL: Permissions(0),
}


class Events(Stages):
    """The scheduled events of the world."""

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
        recurrence_rule: JSON | None = None,
    ) -> ScheduledEvent:
        """Create an event in a stage or voice channel, or an external one at a `location`; raises 30038."""
        if sum(not event.over for event in guild.scheduled_events.values()) >= MAX_OPEN:
            raise ApiError(30038)
        event = ScheduledEvent(
            self.new_id(),
            guild.id,
            name,
            creator.id,
            starts_at,
            event_type(channel),
            description,
            channel.id if channel else None,
            ends_at,
            location,
            recurrence_rule=recurrence_rule,
        )
        guild.scheduled_events[event.id] = event
        self._event_changed("create", event)
        return event

    def update_scheduled_event(self, event: ScheduledEvent, **changes: object) -> None:
        """Change fields of an event by name; raises 180000 for a status that cannot follow the current one.

        A stage event opens its stage when it starts and closes it when it ends. When an occurrence of a recurring event
        ends, the event is scheduled again.
        """
        if changes.get("status", event.status) not in _NEXT.get(event.status, ()):
            raise ApiError(180000)
        before = event.status
        if "status" in changes:
            changes["status"] = EventStatus(changes["status"])
        if before is EventStatus.SCHEDULED and changes.get("status") is EventStatus.ACTIVE:
            self._open_stage_of(event)
        if changes.get("status") is EventStatus.COMPLETED and event.recurrence_rule is not None:
            changes.update(self._next_occurrence(event))
        for key, value in changes.items():
            setattr(event, key, value)
        if event.over:
            del self.guilds[event.guild_id].scheduled_events[event.id]
        self._event_changed("update", event)
        if before is EventStatus.ACTIVE and event.status is not before:
            self._close_stage_of(event)

    def _next_occurrence(self, event: ScheduledEvent) -> dict[str, object]:
        """Return the changes that move a recurring event to its next occurrence."""
        assert event.recurrence_rule is not None
        starts_at = next_start(event.recurrence_rule, event.starts_at, self.now())
        ends_at = None if event.ends_at is None else event.ends_at + starts_at - event.starts_at
        return {"status": EventStatus.SCHEDULED, "starts_at": starts_at, "ends_at": ends_at, "entity_id": None}

    def _open_stage_of(self, event: ScheduledEvent) -> None:
        if event.entity_type is not EventType.STAGE:
            return
        channel = self.channels[event.channel_id or 0]
        if channel.id in self.guilds[event.guild_id].stages:
            raise ApiError(180002)
        event.entity_id = self.open_stage(channel, event.name, event=event).id

    def _close_stage_of(self, event: ScheduledEvent) -> None:
        stage = self.guilds[event.guild_id].stages.get(event.channel_id or 0)
        if stage is not None and stage.event_id == event.id:
            super().close_stage(stage)

    def close_stage(self, stage: StageInstance) -> None:
        """Close a stage and end its event."""
        super().close_stage(stage)
        event = self.guilds[stage.guild_id].scheduled_events.get(stage.event_id or 0)
        if event is not None and event.status is EventStatus.ACTIVE:
            self.update_scheduled_event(event, status=EventStatus.COMPLETED)

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel, cancel the events scheduled in it and complete the active ones."""
        for event in list(self.guilds[channel.guild_id or 0].scheduled_events.values()):
            if event.channel_id == channel.id:
                scheduled = event.status is EventStatus.SCHEDULED
                self.update_scheduled_event(event, status=EventStatus.CANCELLED if scheduled else EventStatus.COMPLETED)
        super().delete_channel(channel)

    def delete_scheduled_event(self, event: ScheduledEvent) -> None:
        """Delete an event and close its stage."""
        del self.guilds[event.guild_id].scheduled_events[event.id]
        self._event_changed("delete", event)
        self._close_stage_of(event)

    def subscribe(self, event: ScheduledEvent, user: User, interested: bool = True) -> None:
        """Mark a user as interested in an event, or no longer interested."""
        if (user.id in event.subscribers) == interested:
            return
        event.subscribers ^= {user.id}
        data = {
            "guild_scheduled_event_id": str(event.id),
            "user_id": str(user.id),
            "guild_id": str(event.guild_id),
        }
        name = f"GUILD_SCHEDULED_EVENT_USER_{'ADD' if interested else 'REMOVE'}"
        self.dispatch(name, data, intent=SCHEDULED_EVENTS, guild_id=event.guild_id)
        self.notify("event_user", data, guild_id=event.guild_id)

    def keep_time(self) -> None:
        """Start and end external events on time, and cancel events that nobody has started."""
        now = self.now()
        for guild in self.guilds.values():
            for event in list(guild.scheduled_events.values()):
                status = _by_the_clock(event, now)
                if status is EventStatus.CANCELLED and event.recurrence_rule is not None:
                    self.update_scheduled_event(event, **self._next_occurrence(event))
                elif status is not event.status:
                    self.update_scheduled_event(event, status=status)

    def may_create_event(self, guild: Guild, user_id: int, channel: Channel | None) -> bool:
        """Return whether a user may create an event in a channel (None: an external one)."""
        return self._event_rights(guild, user_id, channel, Permissions.CREATE_EVENTS)

    def may_change_event(self, event: ScheduledEvent, user_id: int) -> bool:
        """Return whether a user may change, start, end or delete an event."""
        guild = self.guilds[event.guild_id]
        either = Permissions.MANAGE_EVENTS
        if event.creator_id == user_id:
            either |= Permissions.CREATE_EVENTS
        return self._event_rights(guild, user_id, self.channels.get(event.channel_id or 0), either)

    def _event_rights(self, guild: Guild, user_id: int, channel: Channel | None, either: Permissions) -> bool:
        member = guild.members.get(user_id)
        if member is None:
            return False
        rights = base(guild, member) if channel is None else self.rights(channel, user_id)
        also = _ALSO[event_type(channel)]
        return bool(rights & either) and rights & also == also

    def _event_changed(self, change: str, event: ScheduledEvent) -> None:
        data = event.to_json()
        name = f"GUILD_SCHEDULED_EVENT_{change.upper()}"
        self.dispatch(name, data, intent=SCHEDULED_EVENTS, guild_id=event.guild_id)
        self.notify(f"event_{change}", data, guild_id=event.guild_id)


def event_type(channel: Channel | None) -> EventType:
    """Return the type of events in a channel (None: external)."""
    if channel is None:
        return EventType.EXTERNAL
    return EventType.STAGE if channel.kind == KINDS["stage"] else EventType.VOICE


def _by_the_clock(event: ScheduledEvent, now: float) -> EventStatus:
    external = event.entity_type is EventType.EXTERNAL
    if event.status is EventStatus.SCHEDULED:
        if external and now >= event.starts_at:
            return EventStatus.ACTIVE
        if now >= event.starts_at + FORGOTTEN_SECONDS:
            return EventStatus.CANCELLED
    elif external and event.ends_at is not None and now >= event.ends_at:
        return EventStatus.COMPLETED
    return event.status
