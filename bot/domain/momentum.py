"""Momentum: when several members give a lot within a few minutes, a gift train starts and asks for ever more.

A train is worked out from the gifts alone, in their order: after a restart the same gifts give the same train.
"""

from collections import deque
from dataclasses import dataclass, replace

WINDOW_MS = 5 * 60_000
"""A train starts when enough is given within this time."""
FEWEST_GIFTERS = 3
FEWEST_COINS = 500

LEVELS = 5
LEVEL_MS = 5 * 60_000
"""How long each level has."""
REST_MS = 60 * 60_000
"""From the end of a train to the first gift that can count for the next."""


def goal_of(level: int) -> int:
    """Return the coins that a level (1 to LEVELS) asks for: half as much again as the one before, rounded up."""
    # In integers: 500 · (3/2)^(level − 1).
    return -(-FEWEST_COINS * 3 ** (level - 1) // 2 ** (level - 1))


@dataclass(frozen=True, slots=True)
class Train:
    """One gift train. `done` levels are complete; `coins` count for the next one, which ends at `level_ends_ms`.

    `started_seq` is the gift that started it. It is over once `ended_ms` is set: out of time, or all levels done.
    """

    started_seq: int
    started_ms: int
    level_ends_ms: int
    done: int = 0
    coins: int = 0
    ended_ms: int | None = None

    @property
    def level(self) -> int:
        """The level that it is on, from 1; the last one once all are done."""
        return min(self.done + 1, LEVELS)

    @property
    def goal(self) -> int:
        """The coins that this level asks for."""
        return goal_of(self.level)

    def with_coins(self, coins: int, at_ms: int) -> "Train":
        """Return the train after a gift; what a level does not need goes on to the next."""
        train = replace(self, coins=self.coins + coins)
        while train.ended_ms is None and train.coins >= train.goal:
            left = train.coins - train.goal
            done = train.done + 1
            over = at_ms if done == LEVELS else None
            train = replace(train, done=done, coins=left, level_ends_ms=at_ms + LEVEL_MS, ended_ms=over)
        return train


class Momentum:
    """The trains of one live event. Fed with its gifts in order; a gift that is fed again changes nothing."""

    def __init__(self) -> None:
        self.train: Train | None = None
        self.best: int | None = None
        self._seq = 0
        self._now_ms = 0
        self._recent: deque[tuple[int, int, int]] = deque()

    def feed(self, seq: int, at_ms: int, gifter: int | None, coins: int) -> None:
        """Count a gift of `gifter` (a holder id), the one with the journal's number `seq`.

        An anonymous one (None) takes a train further, and starts none: several members have to come together for that.
        """
        if seq <= self._seq:
            return
        self._seq = seq
        # The journal is in order; a clock that was set back is not.
        self._now_ms = max(self._now_ms, at_ms)
        train = self.at(self._now_ms)
        if train is not None and train.ended_ms is None:
            self._keep(train.with_coins(coins, self._now_ms))
        elif gifter is None:
            return
        elif train is None or train.ended_ms is None or self._now_ms >= train.ended_ms + REST_MS:
            self._kindle(seq, gifter, coins)

    def at(self, now_ms: int) -> Train | None:
        """Return the newest train as it stands at `now_ms`, None before the first."""
        train = self.train
        if train is None or train.ended_ms is not None or now_ms < train.level_ends_ms:
            return train
        return replace(train, ended_ms=train.level_ends_ms)

    def _kindle(self, seq: int, gifter: int, coins: int) -> None:
        recent, now_ms = self._recent, self._now_ms
        recent.append((now_ms, gifter, coins))
        while recent[0][0] <= now_ms - WINDOW_MS:
            recent.popleft()
        gifters = {one for _, one, _ in recent}
        if len(gifters) >= FEWEST_GIFTERS and sum(given for _, _, given in recent) >= FEWEST_COINS:
            recent.clear()
            self._keep(Train(seq, now_ms, now_ms + LEVEL_MS))

    def _keep(self, train: Train) -> None:
        self.train = train
        self.best = max(self.best or 0, train.done)
