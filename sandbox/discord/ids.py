"""Snowflakes: Discord's ids carry the time they were made, and clients read it."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

DISCORD_EPOCH_MS = 1_420_070_400_000


class Snowflakes:
    """Makes ids that only ever grow, from a clock in seconds since the epoch."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._last = 0

    def __call__(self) -> int:
        """Return the next id."""
        stamp = (int(self._now() * 1000) - DISCORD_EPOCH_MS) << 22
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
