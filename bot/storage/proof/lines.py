"""The lines of all leaderboards of one guild, counted again from its gifts, on disk where they do not fit in memory.

This does not use what counts them when a gift is sent (`bot.domain.standings`): two ways must come to the same.
"""

import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.periods import Period, bucket_of
from bot.domain.standings import EVERYBODY, Board

HELD = 50_000
"""Sums that are kept in memory before they are put aside."""

_GIFTERS, _ANONYMOUS, _CREATORS, _GIFTS = (
    board.value for board in (Board.GIFTERS, Board.ANONYMOUS, Board.CREATORS, Board.GIFTS)
)
_PERIODS = (Period.TODAY, Period.WEEK, Period.MONTH, Period.ALL)
_QUARTER_MS = 15 * 60 * 1000
"""No time zone's day begins between two quarters of an hour of UTC."""

_Key = tuple[str, int, int, int, int]
"""Board, subject, scope, day and live event: what the sums of weeks, months and all time are made of."""

_Buckets = dict[tuple[str, int], list[int]]


@lru_cache(maxsize=4_096)
def _calendar(quarter: int, zone: str) -> tuple[tuple[str, int], ...]:
    return tuple((period.value, bucket_of(period, quarter * _QUARTER_MS, ZoneInfo(zone))) for period in _PERIODS)


class Lines:
    """Counts gifts, then yields lines: board, scope, period, bucket, subject, coins, pieces, last row."""

    def __init__(self) -> None:
        # A database without a name is a temporary file that goes when it is closed.
        self._aside = sqlite3.connect("", isolation_level=None)
        self._aside.executescript("""
            PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-16384;
            CREATE TABLE given (board, subject, scope, day, event, coins, pieces, last);
            BEGIN;
        """)
        self._sums: dict[_Key, list[int]] = {}
        self._calendars: dict[int, tuple[tuple[str, int], ...]] = {}

    def add(self, seq: int, sender: int, at_ms: int, facts: dict[str, Any]) -> None:
        """Count one gift."""
        whens = _calendar(at_ms // _QUARTER_MS, facts["zone"])
        day = whens[0][1]
        self._calendars[day] = whens
        creator, event, coins, pieces = facts["creator"], facts["event"], facts["coins"], facts["count"]
        sums = self._sums
        for key in (
            (_ANONYMOUS if facts["anonymous"] else _GIFTERS, sender, creator, day, event),
            (_CREATORS, creator, EVERYBODY, day, event),
            (_GIFTS, facts["item"], EVERYBODY, day, event),
        ):
            so_far = sums.get(key)
            if so_far is None:
                sums[key] = [coins, pieces, seq]
            else:
                so_far[0] += coins
                so_far[1] += pieces
                so_far[2] = seq
        if len(sums) >= HELD:
            self._put_aside()

    def sort(self) -> None:
        """Get ready to yield: no more gifts will come."""
        self._put_aside()

    def totals(self) -> Iterator[tuple[Any, ...]]:
        """Yield all lines, subject after subject."""
        given = self._aside.execute("SELECT * FROM given ORDER BY board, subject, scope")
        for (board, subject), mine in groupby(given, itemgetter(0, 1)):
            everywhere: _Buckets = {}
            for scope, scoped in groupby(mine, itemgetter(2)):
                if scope == EVERYBODY:
                    self._roll_up(scoped, everywhere)
                    continue
                here: _Buckets = {}
                self._roll_up(scoped, here)
                for (period, bucket), sums in here.items():
                    yield board, scope, period, bucket, subject, *sums
                    _merge(everywhere, (period, bucket), *sums)
            for (period, bucket), sums in everywhere.items():
                yield board, EVERYBODY, period, bucket, subject, *sums

    def totals_in_order(self) -> Iterator[tuple[Any, ...]]:
        """Yield all lines in the order of the table `standings`."""
        self._aside.execute("CREATE TABLE line (board, scope, period, bucket, subject, coins, pieces, last)")
        self._aside.executemany("INSERT INTO line VALUES (?, ?, ?, ?, ?, ?, ?, ?)", self.totals())
        yield from self._aside.execute("SELECT * FROM line ORDER BY board, scope, period, bucket, subject")

    def close(self) -> None:
        """Forget everything."""
        self._aside.close()

    def _roll_up(self, given: Iterator[tuple[Any, ...]], into: _Buckets) -> None:
        for _board, _subject, _scope, day, event, coins, pieces, last in given:
            for when in self._calendars[day]:
                _merge(into, when, coins, pieces, last)
            if event:
                _merge(into, (Period.LIVE.value, event), coins, pieces, last)

    def _put_aside(self) -> None:
        rows = ((*key, *sums) for key, sums in self._sums.items())
        self._aside.executemany("INSERT INTO given VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self._sums.clear()


def _merge(into: _Buckets, when: tuple[str, int], coins: int, pieces: int, last: int) -> None:
    so_far = into.get(when)
    if so_far is None:
        into[when] = [coins, pieces, last]
    else:
        so_far[0] += coins
        so_far[1] += pieces
        so_far[2] = max(so_far[2], last)
