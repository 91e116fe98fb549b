"""The world: the whole state of the local Discord, and everything that people and the bot can do to it."""

import time
from collections import deque
from collections.abc import Callable

from sandbox.discord.jsontypes import JSON
from sandbox.discord.model import Guild
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

    def set_command_permissions(self, guild: Guild, permissions: list[JSON], subject_id: int | None = None) -> None:
        """Replace the overwrites of a command, or of all commands of the application, as people with Manage Server do.

        Each has the keys `id`, `type` (1 role, 2 user, 3 channel) and `permission`. None of them: Discord's defaults.
        """
        subject_id = subject_id or self.application.id
        if permissions:
            guild.command_permissions[subject_id] = permissions
        else:
            guild.command_permissions.pop(subject_id, None)
        event = {**self.command_permissions_json(guild, subject_id), "permissions": permissions}
        self.dispatch("APPLICATION_COMMAND_PERMISSIONS_UPDATE", event, guild_id=guild.id)
        self.notify("commands_update", {"commands": self.commands_in(guild.id)}, guild_id=guild.id)

    def command_permissions_json(self, guild: Guild, subject_id: int) -> JSON:
        """Return the overwrites of a command, or of the application, as Discord describes them."""
        return {
            "id": str(subject_id),
            "application_id": str(self.application.id),
            "guild_id": str(guild.id),
            "permissions": guild.command_permissions.get(subject_id, []),
        }

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
