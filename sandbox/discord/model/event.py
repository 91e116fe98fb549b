"""Scheduled events and stage instances."""

from dataclasses import dataclass, field
from enum import IntEnum

from sandbox.discord.ids import iso, iso_or_none
from sandbox.discord.jsontypes import JSON


class EventStatus(IntEnum):
    """The state of an event: scheduled becomes active or cancelled, and active becomes completed.

    A recurring event becomes scheduled again instead of completed.
    """

    SCHEDULED = 1
    ACTIVE = 2
    COMPLETED = 3
    CANCELLED = 4


class EventType(IntEnum):
    """Where an event takes place."""

    STAGE = 1
    VOICE = 2
    EXTERNAL = 3


@dataclass(slots=True, eq=False)
class ScheduledEvent:
    """An event of a guild. Times are seconds since the epoch; `entity_id` is the id of its open stage."""

    id: int
    guild_id: int
    name: str
    creator_id: int
    starts_at: float
    entity_type: EventType
    description: str | None = None
    channel_id: int | None = None
    ends_at: float | None = None
    location: str | None = None
    status: EventStatus = EventStatus.SCHEDULED
    entity_id: int | None = None
    recurrence_rule: JSON | None = None
    subscribers: set[int] = field(default_factory=set[int])

    @property
    def over(self) -> bool:
        """Whether it was completed or cancelled."""
        return self.status >= EventStatus.COMPLETED

    def to_json(self) -> JSON:
        return {
            "id": str(self.id),
            "guild_id": str(self.guild_id),
            "channel_id": None if self.channel_id is None else str(self.channel_id),
            "creator_id": str(self.creator_id),
            "name": self.name,
            "description": self.description,
            "image": None,
            "scheduled_start_time": iso(self.starts_at),
            "scheduled_end_time": iso_or_none(self.ends_at),
            "privacy_level": 2,
            "status": int(self.status),
            "entity_type": int(self.entity_type),
            "entity_id": None if self.entity_id is None else str(self.entity_id),
            "entity_metadata": {"location": self.location} if self.entity_type is EventType.EXTERNAL else None,
            "recurrence_rule": self.recurrence_rule,
            "guild_scheduled_event_exceptions": [],
        }


@dataclass(slots=True, eq=False)
class StageInstance:
    """A stage that is open."""

    id: int
    guild_id: int
    channel_id: int
    topic: str
    event_id: int | None = None

    def to_json(self) -> JSON:
        return {
            "id": str(self.id),
            "guild_id": str(self.guild_id),
            "channel_id": str(self.channel_id),
            "topic": self.topic,
            "privacy_level": 2,
            "discoverable_disabled": True,
            "guild_scheduled_event_id": None if self.event_id is None else str(self.event_id),
        }
