"""What the page shows besides Discord: the people whom a visitor can play, and the controls of the sandbox."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sandbox.discord.model import Guild, User
from sandbox.storm_plan import Plan


@dataclass(frozen=True, slots=True)
class Role:
    """A person whom a visitor can play. `part` is member, creator, moderator or owner."""

    user: User
    part: str
    blurb: str


@dataclass(frozen=True, slots=True)
class Scene:
    """The guild that the page shows, and its cast."""

    guild: Guild
    cast: Sequence[Role] = field(default_factory=tuple)

    def role_of(self, user_id: int) -> Role | None:
        """Return the role of a user in the cast, if any."""
        return next((role for role in self.cast if role.user.id == user_id), None)


class Controls(Protocol):
    """The sandbox's own buttons. Listeners get events in the page's format: bot, storm and log."""

    def bot_state(self) -> dict[str, object]:
        """Return the state, exit code and last log lines of the process."""
        ...

    def storm_state(self) -> dict[str, object]:
        """Return the latest report of the current or last gift storm."""
        ...

    def log_lines(self) -> list[str]:
        """Return the lines of the bot's log that are still kept."""
        ...

    def restart_bot(self, *, kill: bool) -> None:
        """Restart the bot, after a graceful stop or SIGKILL."""
        ...

    def start_storm(self, plan: Plan) -> None:
        """Start a gift storm, unless one is running."""
        ...

    def stop_storm(self) -> None:
        """Stop the gift storm, if one is running."""
        ...

    def listen(self, listener: Callable[[dict[str, object]], None]) -> Callable[[], None]:
        """Call `listener` with every event for the page; return a function that ends this."""
        ...
