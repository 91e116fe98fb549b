"""Snowflakes: Discord's ids contain their creation time, and clients read it from them."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

DISCORD_EPOCH_MS = 1_420_070_400_000


_TURNED_BACK = 60_000 << 22
"""The difference between two ids whose times are a minute apart."""


class Snowflakes:
    """Creates ids from a clock in seconds since the epoch. They only grow, unless the clock jumps back by a minute."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._last = 0
        self._turns = 0

    def __call__(self) -> int:
        stamp = (int(self._now() * 1000) - DISCORD_EPOCH_MS) << 22
        if self._last - stamp > _TURNED_BACK:
            # The clock passes the same times again, and its ids must differ from those of the first pass.
            self._turns += 1 << 12
            self._last = stamp + self._turns
        self._last = max(self._last + 1, stamp)
        return self._last


def created_at(snowflake: int) -> float:
    """Return the creation time of an id in seconds since the epoch."""
    return ((snowflake >> 22) + DISCORD_EPOCH_MS) / 1000


@lru_cache(maxsize=4_096)
def iso(at: float) -> str:
    """Format a time in seconds since the epoch as Discord does."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds")


def iso_or_none(at: float | None) -> str | None:
    """Return `iso(at)`, or None if there is no time."""
    return None if at is None else iso(at)


def parse_iso(text: str) -> float:
    """Return an ISO 8601 time as seconds since the epoch, UTC by default; raises ValueError for anything else."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
