"""The lines of every leaderboard of a guild, counted again from its gifts.

This does not use what counts them when a gift is sent (`bot.domain.standings`): two ways must come to the same.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.periods import Period, bucket_of
from bot.domain.standings import EVERYBODY, Board

_SPANS = (Period.TODAY, Period.WEEK, Period.MONTH)
_QUARTER_MS = 15 * 60 * 1000
"""No time zone's day begins between two quarters of an hour of UTC."""

Line = tuple[str, int, int, int]
"""Board, scope, live event (0 for none) and subject."""

Sums = tuple[int | None, ...]
"""Last row, coins and pieces; then day, week and month, each with its coins and pieces."""


@lru_cache(maxsize=4_096)
def _calendar(quarter: int, zone: str) -> tuple[int, ...]:
    return tuple(bucket_of(period, quarter * _QUARTER_MS, ZoneInfo(zone)) for period in _SPANS)


class Lines:
    """Counts gifts, then yields lines."""

    def __init__(self) -> None:
        self._sums: dict[Line, list[Any]] = {}
        self._reached: dict[tuple[str, int], tuple[int, ...]] = {}

    def add(
        self,
        seq: int,
        sender: int,
        at_ms: int,
        zone: str,
        creator: int,
        item: int,
        event: int,
        coins: int,
        pieces: int,
        anonymous: bool,
    ) -> None:
        """Count one gift; they come in the order of their rows."""
        gifters = Board.ANONYMOUS if anonymous else Board.GIFTERS
        buckets = _calendar(at_ms // _QUARTER_MS, zone)
        for board, scope, subject in (
            (gifters.value, EVERYBODY, sender),
            (gifters.value, creator, sender),
            (Board.CREATORS.value, EVERYBODY, creator),
            (Board.GIFTS.value, EVERYBODY, item),
        ):
            # A board never goes back to a day that is over.
            now = self._reached[board, scope] = tuple(map(max, self._reached.get((board, scope), buckets), buckets))
            sums = self._sums.setdefault((board, scope, 0, subject), [0, 0, 0, *(0, 0, 0) * 3])
            _add(sums, seq, coins, pieces)
            for at, bucket in zip((3, 6, 9), now, strict=True):
                if sums[at] != bucket:
                    sums[at : at + 3] = bucket, 0, 0
                sums[at + 1] += coins
                sums[at + 2] += pieces
            if event:
                nothing: list[Any] = [0, 0, 0, *(None, 0, 0) * 3]
                _add(self._sums.setdefault((board, scope, event, subject), nothing), seq, coins, pieces)

    def totals(self) -> Iterator[tuple[Line, Sums]]:
        """Yield all lines in order."""
        for line in sorted(self._sums):
            yield line, tuple(self._sums[line])


def _add(sums: list[Any], seq: int, coins: int, pieces: int) -> None:
    sums[0] = seq
    sums[1] += coins
    sums[2] += pieces
