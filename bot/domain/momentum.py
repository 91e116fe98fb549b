"""Momentum: when several members give a lot within a few minutes, a gift train starts, with ever higher goals.

A train depends only on the gifts and their order, so the same gifts give the same train after a restart.
"""

from collections import deque
from dataclasses import dataclass, replace
from typing import NamedTuple

WINDOW_MS = 5 * 60_000
"""A train starts when FEWEST_GIFTERS members give FEWEST_COINS within this time."""
FEWEST_GIFTERS = 3
FEWEST_COINS = 500

LEVELS = 5
LEVEL_MS = 5 * 60_000
"""How long each level lasts."""
REST_MS = 60 * 60_000
"""How long after the end of a train gifts do not count for another one."""


def goal_of(level: int) -> int:
    """Return the coins that a level (1 to LEVELS) needs: one and a half times the level before, rounded up."""
    # 500 · (3/2)^(level − 1), in integers.
    return -(-FEWEST_COINS * 3 ** (level - 1) // 2 ** (level - 1))


@dataclass(frozen=True, slots=True)
class Train:
    """One gift train. `levels_done` levels are complete. `coins` count for the next one, which ends at `level_ends_ms`.

    `started_seq` is the gift that started it. `ended_ms` is set once it is over: out of time, or with all levels done.
    `total` are the coins of all levels.
    """

    started_seq: int
    started_ms: int
    level_ends_ms: int
    levels_done: int = 0
    coins: int = 0
    ended_ms: int | None = None
    total: int = 0

    @property
    def level(self) -> int:
        """The current level, from 1. It stays at the last one once all are done."""
        return min(self.levels_done + 1, LEVELS)

    @property
    def goal(self) -> int:
        """The coins that the current level needs."""
        return goal_of(self.level)

    def with_coins(self, coins: int, at_ms: int) -> "Train":
        """Return the train after a gift. Coins beyond a level's goal count for the next level."""
        train = replace(self, coins=self.coins + coins, total=self.total + coins)
        while train.ended_ms is None and train.coins >= train.goal:
            surplus = train.coins - train.goal
            levels = train.levels_done + 1
            ended_ms = at_ms if levels == LEVELS else None
            train = replace(train, levels_done=levels, coins=surplus, level_ends_ms=at_ms + LEVEL_MS, ended_ms=ended_ms)
        return train


class Ride(NamedTuple):
    """A train that is over, and the holders who gave on it under their names, including those who started it."""

    train: Train
    riders: frozenset[int]


class Momentum:
    """The trains of one live event. It takes the gifts in order; feeding a gift again changes nothing."""

    def __init__(self) -> None:
        self.train: Train | None = None
        self.best: int | None = None
        self._seq = 0
        self._now_ms = 0
        self._recent: deque[tuple[int, int, int]] = deque()
        self._riders: set[int] = set()
        self._rides: list[Ride] = []

    def feed(self, seq: int, at_ms: int, gifter: int | None, coins: int) -> None:
        """Count the gift in journal row `seq` from `gifter`, a holder id.

        An anonymous gift (None) moves a running train, but never helps to start one. That takes several known members.
        """
        if seq <= self._seq:
            return
        self._seq = seq
        # Rows are in order, but their times are not after a clock was set back.
        self._now_ms = max(self._now_ms, at_ms)
        train = self.at(self._now_ms)
        if train is not None and train.ended_ms is None:
            self._set_train(train.with_coins(coins, self._now_ms))
            if gifter is not None:
                self._riders.add(gifter)
        elif gifter is None:
            return
        elif train is None or train.ended_ms is None or self._now_ms >= train.ended_ms + REST_MS:
            self._start_if_enough(seq, gifter, coins)

    def at(self, now_ms: int) -> Train | None:
        """Return the newest train as of `now_ms`, None before the first."""
        train = self.train
        if train is None or train.ended_ms is not None or now_ms < train.level_ends_ms:
            return train
        return replace(train, ended_ms=train.level_ends_ms)

    def rides(self, now_ms: int) -> list[Ride]:
        """Return the trains that are over by `now_ms`, in order, with their riders."""
        latest = self.at(now_ms)
        if latest is None or latest.ended_ms is None:
            return [*self._rides]
        return [*self._rides, Ride(latest, frozenset(self._riders))]

    def _start_if_enough(self, seq: int, gifter: int, coins: int) -> None:
        recent, now_ms = self._recent, self._now_ms
        recent.append((now_ms, gifter, coins))
        while recent[0][0] <= now_ms - WINDOW_MS:
            recent.popleft()
        gifters = {recent_gifter for _, recent_gifter, _ in recent}
        if len(gifters) >= FEWEST_GIFTERS and sum(recent_coins for _, _, recent_coins in recent) >= FEWEST_COINS:
            recent.clear()
            self._rides = self.rides(self._now_ms)
            self._riders = gifters
            self._set_train(Train(seq, now_ms, now_ms + LEVEL_MS))

    def _set_train(self, train: Train) -> None:
        self.train = train
        self.best = max(self.best or 0, train.levels_done)
