"""What the page shows besides Discord: the people to be, and the controls of the sandbox."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sandbox.discord.model import Guild, User
from sandbox.weather import Plan


@dataclass(frozen=True, slots=True)
class Role:
    """Someone a visitor can be: `part` is member, creator, moderator or owner."""

    user: User
    part: str
    blurb: str


@dataclass(frozen=True, slots=True)
class Stage:
    """The guild on show and its cast."""

    guild: Guild
    cast: Sequence[Role] = field(default_factory=tuple)

    def role_of(self, user_id: int) -> Role | None:
        """Return the part that a user plays, if any."""
        return next((role for role in self.cast if role.user.id == user_id), None)


class Controls(Protocol):
    """The sandbox's own buttons. Listeners get events ready for the page: bot, storm and log."""

    def bot_state(self) -> dict[str, object]:
        """Return the process's state, exit code and last lines."""
        ...

    def storm_state(self) -> dict[str, object]:
        """Return how the gift storm goes."""
        ...

    def log_lines(self) -> list[str]:
        """Return what is kept of the bot's log."""
        ...

    def restart_bot(self, *, kill: bool) -> None:
        """Stop the bot, gently or with SIGKILL, and start it again."""
        ...

    def start_storm(self, plan: Plan) -> None:
        """Begin a gift storm, unless one runs."""
        ...

    def stop_storm(self) -> None:
        """End the gift storm."""
        ...

    def listen(self, listener: Callable[[dict[str, object]], None]) -> Callable[[], None]:
        """Call `listener` with every event for the page; returns what ends that."""
        ...
