"""What people can do with events and stages, within their permissions."""

from collections.abc import Callable
from typing import Final, Literal

from sandbox.discord import recurrence
from sandbox.discord.filling import Refused
from sandbox.discord.jsontypes import JSON
from sandbox.discord.model import KINDS, Channel, EventStatus, ScheduledEvent, StageInstance
from sandbox.discord.someone import Someone, allowed

Repeats = Literal["never", "daily", "weekly"]

_RULES: Final[dict[str, Callable[[float], JSON | None]]] = {
    "never": lambda _: None,
    "daily": recurrence.daily,
    "weekly": recurrence.weekly,
}


class Host(Someone):
    """A person who holds events. Actions that Discord's client would not allow raise Refused."""

    def announce(
        self,
        name: str,
        *,
        starts_at: float,
        channel: Channel | None = None,
        location: str | None = None,
        ends_at: float | None = None,
        description: str | None = None,
        repeats: Repeats = "never",
    ) -> ScheduledEvent:
        """Schedule an event in a stage or voice channel, or at an external location, which needs an end."""
        if not 1 <= len(name) <= 100:
            raise Refused("an event's name has 1 to 100 characters")
        if channel is None and not (location and ends_at):
            raise Refused("an event elsewhere needs a location and an end")
        if channel is not None and channel.kind not in (KINDS["stage"], KINDS["voice"]):
            raise Refused(f"#{channel.name} holds no events: choose a stage or a voice channel")
        if starts_at < self.world.now():
            raise Refused("an event cannot start in the past")
        if ends_at is not None and ends_at <= starts_at:
            raise Refused("an event ends after it starts")
        if not self.world.may_create_event(self.guild, self.user.id, channel):
            raise Refused(f"{self.user.name} may not create events there")
        return allowed(
            lambda: self.world.add_scheduled_event(
                self.guild,
                name,
                creator=self.user,
                starts_at=starts_at,
                ends_at=ends_at,
                channel=channel,
                location=location if channel is None else None,
                description=description,
                recurrence_rule=_RULES[repeats](starts_at),
            )
        )

    def start_event(self, event: ScheduledEvent) -> None:
        """Start an event; a stage event opens its stage."""
        self._move(event, EventStatus.ACTIVE)

    def end_event(self, event: ScheduledEvent) -> None:
        """End a running event; a stage event closes its stage."""
        self._move(event, EventStatus.COMPLETED)

    def cancel_event(self, event: ScheduledEvent) -> None:
        """Cancel an event that has not started."""
        self._move(event, EventStatus.CANCELLED)

    def _move(self, event: ScheduledEvent, status: EventStatus) -> None:
        if not self.world.may_change_event(event, self.user.id):
            raise Refused(f"{self.user.name} may not change this event")
        allowed(lambda: self.world.update_scheduled_event(event, status=status))

    def follow(self, event: ScheduledEvent, interested: bool = True) -> None:
        """Press "Interested", or undo it."""
        self.world.subscribe(event, self.user, interested)

    def open_stage(self, topic: str) -> StageInstance:
        """Start the stage of this channel."""
        if self.channel.kind != KINDS["stage"]:
            raise Refused(f"#{self.channel.name} is no stage")
        self._moderates()
        if not 1 <= len(topic) <= 120:
            raise Refused("a stage's topic has 1 to 120 characters")
        return allowed(lambda: self.world.open_stage(self.channel, topic))

    def close_stage(self) -> None:
        """End the stage of this channel, which also ends its event."""
        self._moderates()
        stage = self.guild.stages.get(self.channel.id)
        if stage is None:
            raise Refused("the stage is not open")
        self.world.close_stage(stage)

    def _moderates(self) -> None:
        if not self.world.moderates_stage(self.channel, self.user.id):
            raise Refused(f"{self.user.name} does not moderate #{self.channel.name}")
