"""Rankings of past days and months, and of several days in a row, kept in memory once somebody has looked at them.

No order of these is stored: it would cost every gift a write, for what few people look at. To rank 100,000 lines takes
a third of a second, so what was ranked is remembered, and brought up to date with the lines that changed since:

    journal   … ──────────────┤ seq of the ranking ├────┤ seq of the fold
                              who is in these rows ┘ has their lines read again, and moved to their places

A ranking follows from what the fold has counted up to a row. So it is true for as long as the fold has not started
over, and `Counted` tells that.
"""

import threading
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from bot.domain.periods import Span

_BITS = 64
_MASK = (1 << _BITS) - 1
_TOP = 1 << _BITS
"""More than any number of coins."""


class Limits(NamedTuple):
    """How much is remembered, and for how long."""

    lines: int = 200_000
    """Lines that are remembered in all: 30 MB. A ranking that has more is not."""
    awaited_lines: int = 30_000
    """Lines at most of a ranking that is read from a server: they arrive in the thread that answers all, in 30 ms."""
    rows: int = 2_000
    """Rows of the journal after which a ranking is computed anew. Reading the lines of as many members takes equally
    long."""
    too_large: int = 1_000
    """The most rankings that are remembered as having too many lines: each day brings others."""


class Line(NamedTuple):
    """A line with its sums over the days that are ranked."""

    subject: int
    coins: int
    pieces: int
    last_seq: int


class Counted(NamedTuple):
    """What the fold has counted: which rows and how, and up to which row `seq`."""

    ladder: int
    ahead_seq: int
    ahead_ms: int
    uncounted: int
    seq: int

    def leads_to(self, now: "Counted") -> bool:
        """Return whether the same rows are counted in the same way, and perhaps some that follow them."""
        return self._replace(seq=now.seq) == now and self.seq <= now.seq


class Place(NamedTuple):
    """Where a line is in a ranking, from 1."""

    place: int
    line: Line


class Page(NamedTuple):
    """A part of a ranking, with somebody's own place, and the places and coins of all of it."""

    lines: list[Line]
    own: Place | None
    places: int
    coins: int


def _packed(subject: int, coins: int, pieces: int, last_seq: int) -> int:
    """Return a line as one number, lower the further ahead it is: a third of the memory of a tuple with its numbers."""
    return (((_TOP - coins) << _BITS | last_seq) << _BITS | subject) << _BITS | pieces


def _unpacked(key: int) -> Line:
    rest, pieces = key >> _BITS, key & _MASK
    rest, subject = rest >> _BITS, rest & _MASK
    return Line(subject, _TOP - (rest >> _BITS), pieces, rest & _MASK)


class Ranking:
    """A ranking of all lines of one leaderboard over some days. Threads share it."""

    def __init__(self, counted: Counted, rows: Sequence[tuple[Any, ...]]) -> None:
        """Start with the lines in `rows`, in order: subject, coins, pieces and last row each."""
        self.counted = counted
        self._order = [_packed(*row) for row in rows]
        self._by_subject = {row[0]: key for row, key in zip(rows, self._order, strict=True)}
        self._coins = sum([coins for _, coins, _, _ in rows])
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._order)

    def page(
        self, before: Counted, now: Counted, changes: Mapping[int, Line | None], rows: range, viewer: int | None
    ) -> Page | None:
        """Return `rows` of the ranking, from 0, after `changes` by subject: those of what was counted since `before`.

        Return None if somebody else has changed the ranking meanwhile.
        """
        with self._lock:
            if self.counted == before:
                self._change(changes)
                self.counted = now
            if self.counted != now:
                return None
            own = self._by_subject.get(viewer) if viewer is not None else None
            return Page(
                [_unpacked(key) for key in self._order[rows.start : rows.stop]],
                None if own is None else Place(bisect_left(self._order, own) + 1, _unpacked(own)),
                len(self._order),
                self._coins,
            )

    def _change(self, changes: Mapping[int, Line | None]) -> None:
        for subject, line in changes.items():
            before = self._by_subject.pop(subject, None)
            if before is not None:
                del self._order[bisect_left(self._order, before)]
                self._coins -= _unpacked(before).coins
            if line is not None:
                key = self._by_subject[subject] = _packed(*line)
                self._order.insert(bisect_left(self._order, key), key)
                self._coins += line.coins


Key = tuple[int, int, Span]
"""What is ranked: guild, number of the leaderboard, and days."""


class Rankings:
    """The rankings of one database that were looked at last, and which of them are too large to be remembered."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._rankings: OrderedDict[Key, Ranking] = OrderedDict()
        self._too_large: OrderedDict[Key, None] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Ranking | None:
        """Return a ranking, None if it is not remembered."""
        with self._lock:
            if key in self._rankings:
                self._rankings.move_to_end(key)
            return self._rankings.get(key)

    def put(self, key: Key, ranking: Ranking) -> None:
        """Remember a ranking, and forget those that nobody has looked at for longest."""
        with self._lock:
            self._rankings[key] = ranking
            self._rankings.move_to_end(key)
            while sum(map(len, self._rankings.values())) > self.limits.lines:
                self._rankings.popitem(last=False)

    def is_too_large(self, key: Key) -> bool:
        """Return whether it is known that a ranking has too many lines: then nobody need read them to find out."""
        with self._lock:
            if key in self._too_large:
                self._too_large.move_to_end(key)
            return key in self._too_large

    def note_too_large(self, key: Key) -> None:
        """Note that a ranking has too many lines, and forget of those that nobody has asked for longest."""
        with self._lock:
            self._too_large[key] = None
            self._too_large.move_to_end(key)
            while len(self._too_large) > self.limits.too_large:
                self._too_large.popitem(last=False)


_rankings: WeakKeyDictionary[Engine, Rankings] = WeakKeyDictionary()
_lock = threading.Lock()


def rankings_of(engine: Engine) -> Rankings:
    """Return what is remembered of a database."""
    with _lock:
        return _rankings.setdefault(engine, Rankings())
