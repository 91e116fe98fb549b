"""Leaderboards: which boards and stretches of time a gift counts for, and in which order places are given."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.periods import Period, bucket_of


class Board(StrEnum):
    """What is ranked. The values are stored."""

    GIFTERS = "gifters"
    CREATORS = "creators"
    GIFTS = "gifts"
    ANONYMOUS = "anonymous"
    """What members gave without their name. Never shown: it is there for their own totals."""


# Before Python 3.12 a member of an enum is looked up by a call: once is enough.
_GIFTERS, _ANONYMOUS, _CREATORS, _GIFTS = Board.GIFTERS, Board.ANONYMOUS, Board.CREATORS, Board.GIFTS

PUBLIC_BOARDS = (Board.GIFTERS, Board.CREATORS, Board.GIFTS)
"""The choices of `/leaderboard`."""


EVERYBODY = 0
"""Scope of a board that covers the whole guild; else the scope is a creator's holder id: that creator's own fans."""


class Line(NamedTuple):
    """One line that a gift counts for: `scope` narrows the board to what one creator was given.

    `subject` is a holder id, or an item id on the board GIFTS.
    """

    board: Board
    scope: int
    subject: int


class Spans(NamedTuple):
    """The day, the week and the month that a gift counts for, as `bot.domain.periods.bucket_of` numbers them."""

    day: int
    week: int
    month: int


class Scoring(NamedTuple):
    """What one gift counts for: `coins` and `pieces` on each of `lines`, in each of `spans` and of all time.

    Of a live event (`event_id`, 0 for none) it counts on the same lines once more.
    """

    lines: tuple[Line, ...]
    spans: Spans
    event_id: int
    coins: int
    pieces: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A place on a leaderboard. `subject_id` is a member, or an item on the board GIFTS; `place` counts from 1."""

    place: int
    subject_id: int
    coins: int
    pieces: int


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """One page of a board, the caller's own place (None without one), and how many places there are in all."""

    board: Board
    period: Period
    standings: tuple[Standing, ...]
    own: Standing | None
    places: int
    coins: int


_QUARTER_MS = 900_000
"""Every zone's clocks have shown :00, :15, :30 or :45 when a quarter of an hour of UTC began, since 1972."""


@lru_cache(maxsize=1_024)
def _calendar(quarter: int, zone: ZoneInfo) -> Spans:
    # A day begins with a quarter of an hour, everywhere: what holds at its start holds to its end.
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
    """Return what one gift counts for. `event_id` is the live event it belongs to, 0 for none."""
    # A place on a public board would tell who it was.
    gifters = _ANONYMOUS if anonymous else _GIFTERS
    lines = (
        Line(gifters, EVERYBODY, sender),
        Line(gifters, creator, sender),
        Line(_CREATORS, EVERYBODY, creator),
        Line(_GIFTS, EVERYBODY, item_id),
    )
    return Scoring(lines, _calendar(at_ms // _QUARTER_MS, zone), event_id, coins, pieces)


FEW = 4_096
"""Places up to which a leaderboard is counted line by line; with more it is tallied by cells."""

_STEPS = 4
"""Binary digits that tell the classes of one power of two apart: 16 classes between 1,024 and 2,047, say."""

EXACT = 2 << _STEPS
"""Each sum below has a class to itself. Many have given one or two small gifts, so these are cut into slices."""

SLICE = 15
"""Sums of one slice were reached within 2**15 transactions of each other."""

_SLICES = 40
"""Binary digits of a cell that tell slices apart."""


def class_of(coins: int) -> int:
    """Return the class of a sum of coins, a coarse logarithm: more coins are never in a lower class."""
    shift = coins.bit_length() - _STEPS - 1
    return coins if shift <= 0 else (shift << _STEPS) + (coins >> shift)


def least_of(rank_class: int) -> int:
    """Return the least coins of a class."""
    shift = max((rank_class >> _STEPS) - 1, 0)
    return (rank_class - (shift << _STEPS)) << shift


def cell_of(coins: int, last_seq: int) -> int:
    """Return the cell of a line: its class and, below EXACT, its slice. Whoever is in a higher cell is ahead."""
    if coins >= EXACT:
        return class_of(coins) << _SLICES
    return (coins + 1 << _SLICES) - 1 - (last_seq >> SLICE)


def class_of_cell(cell: int) -> int:
    """Return the class that a cell is of."""
    return cell >> _SLICES


def first_seq_of(cell: int) -> int:
    """Return the least sequence number of a cell, which is of a class below EXACT."""
    return ((class_of_cell(cell) + 1 << _SLICES) - 1 - cell) << SLICE
