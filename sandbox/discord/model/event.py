"""Scheduled events and open stages."""

from dataclasses import dataclass, field

from sandbox.discord.ids import iso, iso_or_none
from sandbox.discord.jsontypes import JSON


@dataclass(slots=True, eq=False)
class ScheduledEvent:
    """`status` 1 scheduled, 2 active, 3 completed, 4 cancelled; `entity_type` 1 stage, 2 voice, 3 elsewhere."""

    id: int
    guild_id: int
    name: str
    creator_id: int
    starts_at: float
    entity_type: int
    description: str | None = None
    channel_id: int | None = None
    ends_at: float | None = None
    location: str | None = None
    status: int = 1
    entity_id: int | None = None
    subscribers: set[int] = field(default_factory=set[int])

    def to_json(self) -> JSON:
        """Return Discord's scheduled event object."""
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
            "status": self.status,
            "entity_type": self.entity_type,
            "entity_id": None if self.entity_id is None else str(self.entity_id),
            "entity_metadata": {"location": self.location} if self.entity_type == 3 else None,
            "user_count": len(self.subscribers),
            "recurrence_rule": None,
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
        """Return Discord's stage instance object."""
        return {
            "id": str(self.id),
            "guild_id": str(self.guild_id),
            "channel_id": str(self.channel_id),
            "topic": self.topic,
            "privacy_level": 2,
            "discoverable_disabled": True,
            "guild_scheduled_event_id": None if self.event_id is None else str(self.event_id),
        }
