"""The lines of all leaderboards of one guild, counted again from its gifts, on disk where they do not fit in memory.

This does not use what counts them when a gift is sent (`bot.domain.standings`): two ways must come to the same.
"""

import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

from bot.domain.periods import Period, bucket_of
from bot.domain.standings import EVERYBODY, Board

HELD = 20_000
"""Sums that are kept in memory before they are put aside."""

_BOARDS: tuple[Board, ...] = (Board.GIFTERS, Board.ANONYMOUS, Board.CREATORS, Board.GIFTS)
_GIFTERS, _ANONYMOUS, _CREATORS, _GIFTS = range(len(_BOARDS))
_PERIODS = (Period.TODAY, Period.WEEK, Period.MONTH, Period.ALL)
_QUARTER_MS = 15 * 60 * 1000
"""No time zone's day begins between two quarters of an hour of UTC."""

_Key = tuple[int, int, int, int, int]
"""Board (its place in _BOARDS), subject, scope, day and live event: what longer sums are made of."""

_Sums = tuple[int, int, int]
_Buckets = dict[tuple[str, int], _Sums]

Line = tuple[str, int, tuple[str, int], int, _Sums]
"""Board, scope, (period, bucket) and subject; then coins, pieces and last row."""


@lru_cache(maxsize=4_096)
def _calendar(quarter: int, zone: str) -> tuple[tuple[str, int], ...]:
    return tuple((period.value, bucket_of(period, quarter * _QUARTER_MS, ZoneInfo(zone))) for period in _PERIODS)


class Lines:
    """Counts gifts, then yields lines."""

    def __init__(self, held: int = HELD) -> None:
        self._held = held
        # A database without a name is a temporary file that goes when it is closed.
        self._aside = sqlite3.connect("", isolation_level=None)
        self._aside.executescript("""
            PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8192;
            CREATE TABLE given (board, subject, scope, day, event, coins, pieces, last);
            BEGIN;
        """)
        self._sums: dict[_Key, list[int]] = {}
        self._calendars: dict[int, tuple[tuple[str, int], ...]] = {}

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
        """Count one gift."""
        whens = _calendar(at_ms // _QUARTER_MS, zone)
        day = whens[0][1]
        self._calendars[day] = whens
        sums = self._sums
        for key in (
            (_ANONYMOUS if anonymous else _GIFTERS, sender, creator, day, event),
            (_CREATORS, creator, EVERYBODY, day, event),
            (_GIFTS, item, EVERYBODY, day, event),
        ):
            so_far = sums.get(key)
            if so_far is None:
                sums[key] = [*key, coins, pieces, seq]
            else:
                so_far[5] += coins
                so_far[6] += pieces
                so_far[7] = seq
        if len(sums) >= self._held:
            self._put_aside()

    def sort(self) -> None:
        """Get ready to yield: no more gifts will come."""
        self._put_aside()

    def totals(self) -> Iterator[Line]:
        """Yield all lines, subject after subject."""
        given = self._aside.execute("SELECT * FROM given ORDER BY board, subject, scope")
        for (board, subject), mine in groupby(given, itemgetter(0, 1)):
            name = _BOARDS[int(board)].value
            everywhere: _Buckets = {}
            for scope, scoped in groupby(mine, itemgetter(2)):
                if scope == EVERYBODY:
                    self._roll_up(scoped, everywhere)
                    continue
                here: _Buckets = {}
                self._roll_up(scoped, here)
                for when, sums in here.items():
                    yield name, scope, when, subject, sums
                    so_far = everywhere.get(when)
                    if so_far is None:
                        everywhere[when] = sums
                    else:
                        everywhere[when] = _both(so_far, sums)
            for when, sums in everywhere.items():
                yield name, EVERYBODY, when, subject, sums

    def totals_in_order(self) -> Iterator[tuple[str | int, ...]]:
        """Yield all lines, flat, in the order of board, scope, period, bucket and subject."""
        self._aside.execute("CREATE TABLE line (board, scope, period, bucket, subject, coins, pieces, last)")
        flat = ((board, scope, *when, subject, *sums) for board, scope, when, subject, sums in self.totals())
        self._aside.executemany("INSERT INTO line VALUES (?, ?, ?, ?, ?, ?, ?, ?)", flat)
        yield from self._aside.execute("SELECT * FROM line ORDER BY board, scope, period, bucket, subject")

    def close(self) -> None:
        """Forget everything."""
        self._aside.close()

    def _roll_up(self, given: Iterator[tuple[int, ...]], into: _Buckets) -> None:
        for row in given:
            event, sums = row[4], (row[5], row[6], row[7])
            whens = self._calendars[row[3]]
            for when in (*whens, (Period.LIVE.value, event)) if event else whens:
                so_far = into.get(when)
                into[when] = sums if so_far is None else _both(so_far, sums)

    def _put_aside(self) -> None:
        self._aside.executemany("INSERT INTO given VALUES (?, ?, ?, ?, ?, ?, ?, ?)", self._sums.values())
        self._sums.clear()


def _both(one: _Sums, other: _Sums) -> _Sums:
    return one[0] + other[0], one[1] + other[1], max(one[2], other[2])
