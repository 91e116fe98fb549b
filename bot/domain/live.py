"""Live events: a show of one creator, or a few, in a channel, from start to end."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.combos import Combo
from bot.domain.standings import Standing

DEFAULT_MINUTES = 120
MOST_MINUTES = 720
MOST_CREATORS = 4
"""Creators of one live event, its first one included."""

MINUTE_MS = 60_000
GRACE_MS = 5 * MINUTE_MS
"""How long a live event waits for its Discord event or Stage to come back before it ends, too."""


class Origin(StrEnum):
    """What started a live event. The values are stored."""

    COMMAND = "command"
    SCHEDULED = "scheduled"
    STAGE = "stage"


class Outcome(StrEnum):
    """How a live event ends. The values are stored."""

    OVER = "over"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    """The bot was removed from the guild in the middle of it."""


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """One live event. It takes gifts from `started_ms` up to, not including, `ends_ms`; `goal` in coins, or None.

    `event_id` is the id of the interaction, or a number of the same kind, that started it. `creator_id` is its first
    creator. `ended_ms` is set once it is over. The goal has to be reached before `goal_until_ms`, where that is set,
    and `reward` says what happens then. `start_seq` is the end of the journal when it started: its gifts follow.
    When the Discord event or Stage that started it is over, `closing_ms` is set and `ends_ms` is the end of the grace.
    `paused_ms` is set while Discord cannot reach the guild: the time stands still.
    """

    guild_id: int
    event_id: int
    channel_id: int
    creator_id: int
    title: str
    goal: int | None
    started_ms: int
    ends_ms: int
    ended_ms: int | None = None
    goal_until_ms: int | None = None
    reward: str = ""
    start_seq: int = 0
    closing_ms: int | None = None
    paused_ms: int | None = None
    origin: Origin = Origin.COMMAND
    outcome: Outcome = Outcome.OVER

    def takes_gifts(self, now_ms: int) -> bool:
        """Whether a gift at `now_ms` belongs to this event: at the bell it is over."""
        return self.ended_ms is None and self.started_ms <= now_ms and not self.rings(now_ms)

    def rings(self, now_ms: int) -> bool:
        """Whether its time has come."""
        return self.paused_ms is None and now_ms >= self.ends_ms

    def in_time(self, at_ms: int) -> bool:
        """Whether the goal counts as reached if that happens at `at_ms`."""
        return self.goal_until_ms is None or at_ms < self.goal_until_ms


@dataclass(frozen=True, slots=True)
class Source:
    """A Discord event or Stage that is on: the show that it wants to be.

    `name` is that of one occurrence: "stage:ID", or "event:ID:START" with the start in seconds since the epoch. An
    event that recurs keeps its id from one to the next, and its start may be edited in the middle of one.
    `creator_id` is its host, 0 where Discord does not tell.
    """

    name: str
    origin: Origin
    channel_id: int
    creator_id: int
    title: str


def thing_of(name: str) -> str:
    """Return what a source's name is an occurrence of: "event:ID" for every start of that event, a Stage itself."""
    kind, number, *_ = name.split(":")
    return f"{kind}:{number}"


def is_later_occurrence(name: str, earlier: str) -> bool:
    """Whether a source starts so long after another one of the same event that no show can have lasted until then."""
    starts = [int(start) for start in (name.rpartition(":")[2], earlier.rpartition(":")[2])]
    return starts[0] - starts[1] >= MOST_MINUTES * 60


@dataclass(frozen=True, slots=True)
class EventTotals:
    """What was given in a live event: `coins` in `gifts` pieces, and those who gave with their name: `gifters` members,
    the most generous in `top`. Anonymous gifts are in the sums alone."""

    coins: int
    gifts: int
    gifters: int
    top: tuple[Standing, ...] = ()


@dataclass(frozen=True, slots=True)
class Recap:
    """What only the journal tells of a live event that is over: kept, so that it is read once.

    `goal_ms` is when the goal was reached, in time, None if it was not; `best` the best combo; `train` the highest
    level that a gift train completed, None if none started.
    """

    goal_ms: int | None = None
    best: Combo | None = None
    train: int | None = None
