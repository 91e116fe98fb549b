"""The local Discord's own clock: its ids, the `Date` headers of its responses and all its times come from it.

It can run ahead of or behind the machine's clock, just as Discord's does for a machine whose clock is wrong.
"""

from collections.abc import Callable
from email.utils import formatdate
from functools import lru_cache


class WorldClock:
    """Returns seconds since the epoch: those of `source` plus `ahead`, which may be negative."""

    def __init__(self, source: Callable[[], float]) -> None:
        self.source = source
        self.ahead = 0.0

    def __call__(self) -> float:
        """Return the current time in seconds since the epoch."""
        return self.source() + self.ahead

    @property
    def date(self) -> str:
        """The current time as an HTTP date, truncated to the second."""
        return _date(int(self()))


@lru_cache(maxsize=8)
def _date(second: int) -> str:
    # Every response has one, and thousands share a second.
    return formatdate(second, usegmt=True)
