"""Counts that any part can keep of its own work at almost no cost.

`bot.metrics` reads them when asked to. Nothing here knows of that, and nothing here takes a lock: all of it belongs to
one event loop.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

Labels = tuple[str, ...]

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Bounds for what takes from a millisecond to some seconds."""


class Tally:
    """How often something happened, by a few labels, whose values are from small, fixed sets.

    `known` labels are there from the start with 0: of a count that begins with 1, no growth is seen.
    """

    def __init__(self, known: Iterable[Labels] = ()) -> None:
        self.counts: dict[Labels, int] = defaultdict(int, dict.fromkeys(known, 0))

    def know(self, *labels: str) -> None:
        """Have labels there that are expected, with 0 if nothing was counted yet."""
        self.counts.setdefault(labels, 0)

    def add(self, *labels: str, times: int = 1) -> None:
        """Count once, or several times."""
        self.counts[labels] += times


class Spread:
    """How values are spread: how many are at most as large as each bound, and their sum."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        """How many values each bound is the smallest for; the last are above all bounds."""
        self.total = 0.0

    def note(self, value: float) -> None:
        """Count a value."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value


class Spreads:
    """A spread for each label."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self.by_label: dict[str, Spread] = {}

    def note(self, label: str, value: float) -> None:
        """Count a value."""
        spread = self.by_label.get(label)
        if spread is None:
            spread = self.by_label[label] = Spread(self._bounds)
        spread.note(value)
