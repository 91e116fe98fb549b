"""Stages: a stage channel is live while it has a stage instance."""

from sandbox.discord.errors import ApiError
from sandbox.discord.intents import GUILDS
from sandbox.discord.model import Channel, ScheduledEvent, StageInstance
from sandbox.discord.permissions import MODERATE_STAGE
from sandbox.discord.state.guilds import Guilds


class Stages(Guilds):
    """The open stages of the world."""

    def moderates_stage(self, channel: Channel, user_id: int) -> bool:
        """Return whether a user may open, change and close the stage of a channel."""
        return self.rights(channel, user_id) & MODERATE_STAGE == MODERATE_STAGE

    def open_stage(self, channel: Channel, topic: str, *, event: ScheduledEvent | None = None) -> StageInstance:
        """Open a stage, perhaps for an event; raises 150006 if it is already open."""
        guild = self.guilds[channel.guild_id or 0]
        if channel.id in guild.stages:
            raise ApiError(150006)
        stage = StageInstance(self.new_id(), guild.id, channel.id, topic, event.id if event else None)
        guild.stages[channel.id] = stage
        self._stage_changed("create", stage)
        return stage

    def update_stage(self, stage: StageInstance, topic: str) -> None:
        """Change the topic of a stage."""
        stage.topic = topic
        self._stage_changed("update", stage)

    def close_stage(self, stage: StageInstance) -> None:
        del self.guilds[stage.guild_id].stages[stage.channel_id]
        self._stage_changed("delete", stage)

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel and close its stage."""
        stage = self.guilds[channel.guild_id or 0].stages.get(channel.id)
        if stage is not None:
            self.close_stage(stage)
        super().delete_channel(channel)

    def _stage_changed(self, change: str, stage: StageInstance) -> None:
        data = stage.to_json()
        self.dispatch(f"STAGE_INSTANCE_{change.upper()}", data, intent=GUILDS, guild_id=stage.guild_id)
        self.notify(f"stage_{change}", data, guild_id=stage.guild_id, channel_id=stage.channel_id)
