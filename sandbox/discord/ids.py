"""Snowflakes: Discord's ids carry the time they were made, and clients read it."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

DISCORD_EPOCH_MS = 1_420_070_400_000


_TURNED_BACK = 60_000 << 22
"""What an id is behind the last one where the clock was turned back by a minute."""


class Snowflakes:
    """Makes ids from a clock in seconds since the epoch. They only grow, unless it is turned back by a minute."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._last = 0
        self._turns = 0

    def __call__(self) -> int:
        """Return the next id."""
        stamp = (int(self._now() * 1000) - DISCORD_EPOCH_MS) << 22
        if self._last - stamp > _TURNED_BACK:
            # What is made anew at a time that has been before must not have the same ids.
            self._turns += 1 << 12
            self._last = stamp + self._turns
        self._last = max(self._last + 1, stamp)
        return self._last


def created_at(snowflake: int) -> float:
    """Return when an id was made, in seconds since the epoch."""
    return ((snowflake >> 22) + DISCORD_EPOCH_MS) / 1000


@lru_cache(maxsize=4_096)
def iso(at: float) -> str:
    """Return a time in seconds since the epoch the way Discord writes it."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds")


def iso_or_none(at: float | None) -> str | None:
    """Return `iso(at)`, or None for a time that has not come."""
    return None if at is None else iso(at)


def parse_iso(text: str) -> float:
    """Return an ISO 8601 time as seconds since the epoch; raises ValueError if it is none."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
