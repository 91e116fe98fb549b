"""Which backups to keep: the newest of each of the last days, weeks and months in which there is one.

Only periods with a backup count. So a community whose timer has stood still for a year loses none of its old backups.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

_PERIODS: Final[dict[str, Callable[[datetime], tuple[int, ...]]]] = {
    "h": lambda at: (at.year, at.month, at.day, at.hour),
    "d": lambda at: (at.year, at.month, at.day),
    "w": lambda at: tuple(at.isocalendar())[:2],
    "m": lambda at: (at.year, at.month),
    "y": lambda at: (at.year,),
}
"""What tells one period from another, for each letter of a rule."""

_PART = re.compile(rf"([1-9]\d{{0,3}})([{''.join(_PERIODS)}])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Retention:
    """How many periods of each kind, as (letter, count)."""

    counts: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, text: str) -> "Retention | None":
        """Return the rule that a text such as 7d,4w,6m describes, None if it describes none."""
        parts = [_PART.fullmatch(part.strip()) for part in text.split(",")]
        counts = tuple((part[2], int(part[1])) for part in parts if part is not None)
        if len(counts) < len(parts) or len(dict(counts)) < len(counts):
            return None
        return cls(counts)

    def kept(self, times: Collection[datetime]) -> set[datetime]:
        """Return which of the backups made at `times`, in UTC, to keep. The newest is always among them."""
        kept: set[datetime] = set()
        for letter, count in self.counts:
            # Later ones replace earlier ones, so the newest of each period remains.
            newest = {_PERIODS[letter](at): at for at in sorted(times)}
            kept.update(sorted(newest.values())[-count:])
        return kept
