"""The world: the whole state of the local Discord, and everything that people and the bot can do to it."""

import time
from collections import deque
from collections.abc import Callable

from sandbox.discord.jsontypes import JSON
from sandbox.discord.state.core import TOKEN, RequestRecord, WorldEvent
from sandbox.discord.state.events import Events
from sandbox.discord.state.interactions import Interactions
from sandbox.discord.state.shop import Shop
from sandbox.discord.state.webhooks import Webhooks

__all__ = ["RequestRecord", "World", "WorldEvent"]


class World(Events, Webhooks, Shop, Interactions):
    """All state in one place. `now` is a clock in seconds since the epoch."""

    def __init__(
        self, *, now: Callable[[], float] = time.time, application_id: int | None = None, token: str = TOKEN
    ) -> None:
        super().__init__(now=now, application_id=application_id, token=token)
        self.commands: list[JSON] = []
        self.guild_commands: dict[int, list[JSON]] = {}
        self.command_creates: dict[int, deque[float]] = {}

    def commands_in(self, guild_id: int | None) -> list[JSON]:
        """Return the commands that people see in a guild (None: in a direct message)."""
        if guild_id is not None and not self.guilds[guild_id].has_bot:
            return []
        if guild_id is None:
            return [command for command in self.commands if command.get("contexts") is None or 1 in command["contexts"]]
        global_commands = [
            command for command in self.commands if command.get("contexts") is None or 0 in command["contexts"]
        ]
        return [*global_commands, *self.guild_commands.get(guild_id, ())]
