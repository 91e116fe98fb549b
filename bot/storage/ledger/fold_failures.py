"""Guilds whose folds fail: with how many rows each is tried again, and when."""

from collections.abc import Callable
from typing import NamedTuple

_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 60.0
"""Seconds after which a guild whose fold fails is tried again, twice as many each time."""


class _Failure(NamedTuple):
    """A guild whose fold failed. `pause_s` is 0 while fewer rows are tried at once."""

    rows: int
    retry_s: float = 0.0
    pause_s: float = 0.0


class FoldFailures:
    """The failures of all guilds. `now_s` tells the time in seconds."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._failures: dict[int, _Failure] = {}

    def __contains__(self, guild_id: int) -> bool:
        """Whether the fold of a guild has failed, and has not caught up with its usual slices since."""
        return guild_id in self._failures

    @property
    def resting(self) -> set[int]:
        """The guilds that are left alone for a while."""
        return {guild_id for guild_id, failure in self._failures.items() if failure.pause_s}

    def rest_s(self, guild_id: int) -> float:
        """Return for how many seconds a guild is still left alone."""
        failure = self._failures.get(guild_id)
        return max(failure.retry_s - self._now_s(), 0.0) if failure else 0.0

    def most_rows(self, guild_id: int, rows: int) -> int:
        """Return how many of `rows` are tried at once."""
        failure = self._failures.get(guild_id)
        return min(failure.rows, rows) if failure else rows

    def note_success(self, guild_id: int, rows: int, usual_rows: int) -> None:
        """Note that up to `rows` were folded. The next slice may have twice as many, until slices are as usual."""
        failure = self._failures.pop(guild_id, None)
        if failure is not None and rows < usual_rows:
            self._failures[guild_id] = _Failure(rows * 2)

    def halve(self, guild_id: int, rows: int) -> None:
        """Note that `rows` failed, and that half of them are to be tried."""
        self._failures[guild_id] = _Failure(rows // 2)

    def rest(self, guild_id: int, rows: int) -> bool:
        """Leave a guild alone for a while, twice as long each time. Return whether it is the first time."""
        failure = self._failures.get(guild_id)
        is_first = failure is None or not failure.pause_s
        pause_s = _PAUSE_S if failure is None or is_first else min(failure.pause_s * 2, _LONGEST_PAUSE_S)
        self._failures[guild_id] = _Failure(rows, self._now_s() + pause_s, pause_s)
        return is_first
