"""A clock of the stand-in's own: its ids, the `Date` of its answers and all its times come from it.

So it can be ahead of the machine's or behind, as Discord's is for a machine whose clock is wrong.
"""

from collections.abc import Callable
from email.utils import formatdate


class WorldClock:
    """Gives seconds since the epoch: those of `source`, and `ahead` more, or fewer where that is below 0."""

    def __init__(self, source: Callable[[], float]) -> None:
        self.source = source
        self.ahead = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.source() + self.ahead

    @property
    def date(self) -> str:
        """The time as HTTP writes it, cut off to the second."""
        return formatdate(int(self()), usegmt=True)
