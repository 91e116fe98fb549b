"""Leaderboards: which boards and periods a gift counts for, and how places are ordered."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.periods import Period, bucket_of


class Board(StrEnum):
    """What a leaderboard ranks. The values are stored."""

    GIFTERS = "gifters"
    CREATORS = "creators"
    GIFTS = "gifts"
    ANONYMOUS = "anonymous"
    """What members gave anonymously. It is never shown to others; members see it in their own totals."""


# Before Python 3.12, looking up an enum member costs a function call. Look these up once.
_GIFTERS, _ANONYMOUS, _CREATORS, _GIFTS = Board.GIFTERS, Board.ANONYMOUS, Board.CREATORS, Board.GIFTS

PUBLIC_BOARDS = (Board.GIFTERS, Board.CREATORS, Board.GIFTS)
"""The choices of `/leaderboard`."""


EVERYBODY = 0
"""The scope of a board for the whole guild. Any other scope is a creator's holder id, for that creator's fans."""


class Line(NamedTuple):
    """One line of a board that a gift counts for. `scope` narrows the board to gifts for one creator.

    `subject` is a holder id, or an item id on the board GIFTS.
    """

    board: Board
    scope: int
    subject: int


class Spans(NamedTuple):
    """The day, week and month that a gift counts for, as numbered by `bot.domain.periods.bucket_of`."""

    day: int
    week: int
    month: int


class Scoring(NamedTuple):
    """What one gift counts for: `coins` and `pieces` on each of `lines`, in each of `spans` and for all time.

    If it belongs to a live event (`event_id`, 0 for none), it also counts on the same lines of that event.
    """

    lines: tuple[Line, ...]
    spans: Spans
    event_id: int
    coins: int
    pieces: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A place on a leaderboard, from 1. `subject_id` is a member, or an item on the board GIFTS."""

    place: int
    subject_id: int
    coins: int
    pieces: int


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """One page of a board, the caller's own place, None without one, and the number of places in all."""

    board: Board
    period: Period
    standings: tuple[Standing, ...]
    own: Standing | None
    places: int
    coins: int


_QUARTER_MS = 900_000
"""A quarter of an hour. Since 1972, every time zone's offset from UTC has been a multiple of it."""


@lru_cache(maxsize=1_024)
def _calendar(quarter: int, zone: ZoneInfo) -> Spans:
    # In every zone a day begins together with such a quarter, so the whole quarter has the same buckets.
    at_ms = quarter * _QUARTER_MS
    return Spans(*(bucket_of(period, at_ms, zone) for period in (Period.TODAY, Period.WEEK, Period.MONTH)))


def scoring_of_gift(
    *,
    sender: int,
    creator: int,
    item_id: int,
    coins: int,
    pieces: int,
    event_id: int,
    anonymous: bool,
    at_ms: int,
    zone: ZoneInfo,
) -> Scoring:
    """Return what one gift counts for. `event_id` is its live event, 0 for none."""
    # A place on a public board would reveal the anonymous sender.
    gifters = _ANONYMOUS if anonymous else _GIFTERS
    lines = (
        Line(gifters, EVERYBODY, sender),
        Line(gifters, creator, sender),
        Line(_CREATORS, EVERYBODY, creator),
        Line(_GIFTS, EVERYBODY, item_id),
    )
    return Scoring(lines, _calendar(at_ms // _QUARTER_MS, zone), event_id, coins, pieces)


FEW = 4_096
"""Up to this many places, a leaderboard is counted line by line. Above it, cells are tallied."""

_STEPS = 4
"""Bits that distinguish classes within one power of two. There are 16 classes from 1,024 to 2,047, for example."""

EXACT = 2 << _STEPS
"""Each smaller sum has a class of its own. Many members share such a sum, so these classes are cut into slices."""

SLICE = 15
"""The sums of one slice were reached within 2**15 transactions of each other."""

_SLICES = 40
"""Bits of a cell that number the slice."""


def class_of(coins: int) -> int:
    """Return the class of a sum of coins, a coarse logarithm. More coins never give a lower class."""
    shift = coins.bit_length() - _STEPS - 1
    return coins if shift <= 0 else (shift << _STEPS) + (coins >> shift)


def least_of(rank_class: int) -> int:
    """Return the lowest number of coins in a class."""
    shift = max((rank_class >> _STEPS) - 1, 0)
    return (rank_class - (shift << _STEPS)) << shift


def cell_of(coins: int, last_seq: int) -> int:
    """Return the cell of a line: its class and, below EXACT, its slice. A higher cell is ahead."""
    if coins >= EXACT:
        return class_of(coins) << _SLICES
    return (coins + 1 << _SLICES) - 1 - (last_seq >> SLICE)


def class_of_cell(cell: int) -> int:
    """Return the class that a cell belongs to."""
    return cell >> _SLICES


def first_seq_of(cell: int) -> int:
    """Return the lowest sequence number of a cell, whose class must be below EXACT."""
    return ((class_of_cell(cell) + 1 << _SLICES) - 1 - cell) << SLICE
