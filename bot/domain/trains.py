"""What gift trains come to in a guild: joint trains, the record, and badges of those who rode.

Trains that run at once in two live events of a guild are joined: what is given on either takes both further, as the
level of a joint train is what the coins of all of them come to. Each train still leaves and stops by its own clock.

Rewards add up. Whoever rode, by a gift under their own name or aboard with *Hop on*, has a badge for each level that
the train completed: level 3 brings those of levels 1, 2 and 3. The record is the train with the most coins.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, NamedTuple

from bot.domain.momentum import LEVELS, Train, goal_of

TOTALS: Final = tuple(accumulate(goal_of(level) for level in range(1, LEVELS + 1)))
"""The coins from the start on that complete each level, from level 1 on."""


class Stage(NamedTuple):
    """How far coins take a train: its present level, and the coins for that of the `goal` that it needs."""

    level: int
    coins: int
    goal: int


class TrainRecord(NamedTuple):
    """The train of a guild with the most coins, joint trains included."""

    event_id: int
    started_seq: int
    levels: int
    coins: int


class Cutoff(NamedTuple):
    """What the trains of a live event were worked out from: rows of the journal up to `seq`. They end by `over_ms`."""

    seq: int
    over_ms: int


@dataclass(frozen=True, slots=True)
class Railway:
    """The trains of a guild around one live event: those of its other live events, and the record, None before any."""

    others: tuple[Train, ...] = ()
    record: TrainRecord | None = None

    def joined(self, train: Train) -> tuple[Train, ...]:
        """Return the trains that are joined to the event's `train`."""
        return tuple(other for other in self.others if runs_beside(train, other))

    def coins(self, train: Train) -> int:
        """Return the coins of a train and of those joined to it."""
        return train.total + sum(other.total for other in self.joined(train))

    def is_record(self, train: Train, event_id: int) -> bool:
        """Whether the event's `train` is, or is about to be, the record. One that completed no level never is."""
        coins, record = self.coins(train), self.record
        if not levels_of(coins):
            return False
        is_it = record is not None and (record.event_id, record.started_seq) == (event_id, train.started_seq)
        return record is None or is_it or coins > record.coins


def levels_of(coins: int) -> int:
    """Return how many levels these coins complete."""
    return bisect_right(TOTALS, coins)


def stage_of(coins: int) -> Stage:
    """Return how far these coins take a train. At the last level, there may be more than it needs."""
    level = min(levels_of(coins) + 1, LEVELS)
    return Stage(level, coins - (TOTALS[level - 2] if level > 1 else 0), goal_of(level))


def runs_beside(one: Train, other: Train) -> bool:
    """Whether two trains run at the same time, if only for a moment."""
    return _leaves_before(one, other) and _leaves_before(other, one)


def badges_of(levels: Iterable[int]) -> tuple[int, ...]:
    """Return how many badges of each level, from 1 on, somebody has who rode trains that completed so many levels."""
    counts = Counter(level for completed in levels for level in range(1, completed + 1))
    return tuple(counts[level] for level in range(1, max(counts, default=0) + 1))


def _leaves_before(one: Train, other: Train) -> bool:
    """Whether a train leaves before another one is over."""
    return other.ended_ms is None or one.started_ms < other.ended_ms
