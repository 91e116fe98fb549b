"""Live events: a show of one or a few creators in a channel, from start to end."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.domain.combos import Combo
from bot.domain.leaderboards import Standing
from bot.domain.match import MatchResult

DEFAULT_MINUTES = 120
MOST_MINUTES = 720
MOST_CREATORS = 4
"""The most creators of one live event, including its first."""

MINUTE_MS = 60_000
GRACE_MS = 5 * MINUTE_MS
"""How long a live event waits for its Discord event or Stage to come back before it ends too."""


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
    """The bot was removed from the guild during the show."""


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """One live event. It takes gifts from `started_ms` up to, but not including, `ends_ms`.

    `event_id` is the id of the interaction that started it, or another number of that form. `creator_id` is its first
    creator. `goal` is in coins, None without one. It must be reached before `goal_until_ms` if that is set; `reward`
    says what happens then. `ended_ms` is set once the show is over. `start_seq` is the last row of the journal before
    the show. If the Discord event or Stage that started it is over, `closing_ms` is set and `ends_ms` is the end of the
    grace period. `paused_ms` is set while Discord cannot reach the guild; the show's time stands still meanwhile.
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
        """Whether a gift at `now_ms` counts for this event. One exactly at its end does not."""
        return self.ended_ms is None and self.started_ms <= now_ms and not self.rings(now_ms)

    def rings(self, now_ms: int) -> bool:
        """Whether its time is up. A paused event never rings."""
        return self.paused_ms is None and now_ms >= self.ends_ms

    def in_time(self, at_ms: int) -> bool:
        """Whether reaching the goal at `at_ms` is early enough."""
        return self.goal_until_ms is None or at_ms < self.goal_until_ms


@dataclass(frozen=True, slots=True)
class Source:
    """A running Discord event or Stage that asks for a live event.

    `name` identifies one occurrence: "stage:ID", or "event:ID:START" with the start in seconds since the epoch. A
    recurring event keeps its id across occurrences, and its start may be edited during one. `creator_id` is the host, 0
    if Discord does not name one.
    """

    name: str
    origin: Origin
    channel_id: int
    creator_id: int
    title: str


def thing_of(name: str) -> str:
    """Return the thing that a source's name is an occurrence of: "event:ID" without its start, or "stage:ID"."""
    kind, number, *_ = name.split(":")
    return f"{kind}:{number}"


def is_later_occurrence(name: str, earlier: str) -> bool:
    """Whether an occurrence of an event starts so late that no show of the `earlier` one can still be running."""
    start, earlier_start = (int(source.rpartition(":")[2]) for source in (name, earlier))
    return start - earlier_start >= MOST_MINUTES * 60


class ReachedGoal(NamedTuple):
    """A goal in coins that was reached in time. It stays reached, whatever becomes of the goal and of gifts."""

    goal: int
    reached_ms: int


@dataclass(frozen=True, slots=True)
class EventTotals:
    """The totals of a live event: `coins` and `gifts`, a number of pieces, include anonymous gifts.

    `gifters` counts the members who gave under their name; `top` ranks the most generous of them.
    """

    coins: int
    gifts: int
    gifters: int
    top: tuple[Standing, ...] = ()


class LargestGift(NamedTuple):
    """The gift of a live event whose single piece cost most. `sender` is a holder id, None if nobody may be named."""

    sender: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Recap:
    """Facts about a finished live event that only the journal has. They are stored, so that it is read once.

    `goal_ms` is when the goal was reached, None if that was not in time. `best` is the best combo. `train` is the
    highest level that a gift train completed, None if no train started. `matches` are in the order in which they began.
    `largest` is the largest gift, None if all were small.
    """

    goal_ms: int | None = None
    best: Combo | None = None
    train: int | None = None
    matches: tuple[MatchResult, ...] = ()
    largest: LargestGift | None = None
