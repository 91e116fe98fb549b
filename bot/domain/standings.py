"""Leaderboards: which boards and stretches of time a gift counts for, and in which order places are given."""

from collections.abc import Iterator
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


PUBLIC_BOARDS = (Board.GIFTERS, Board.CREATORS, Board.GIFTS)
"""The choices of `/leaderboard`."""


EVERYBODY = 0
"""Scope of a board that covers the whole guild; else the scope is a creator's holder id: that creator's own fans."""


class Score(NamedTuple):
    """What one gift adds to one line of one board: `coins` and `pieces` for `subject` in one bucket of a period.

    `subject` is a holder id, or an item id on the board GIFTS.
    """

    board: Board
    scope: int
    period: Period
    bucket: int
    subject: int
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


class _When(NamedTuple):
    period: Period
    bucket: int


@lru_cache(maxsize=64)
def _calendar(at_ms: int, zone: ZoneInfo) -> tuple[_When, ...]:
    # Remembered, because all gifts of a batch happen at the same time.
    return tuple(_When(period, bucket_of(period, at_ms, zone)) for period in Period if period is not Period.LIVE)


def scores_of_gift(
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
) -> Iterator[Score]:
    """Yield everything that one gift counts for. `event_id` is the live event it belongs to, 0 for none."""
    # A place on a public board would tell who it was.
    gifters = Board.ANONYMOUS if anonymous else Board.GIFTERS
    whens = _calendar(at_ms, zone)
    if event_id:
        whens = (*whens, _When(Period.LIVE, event_id))
    for period, bucket in whens:
        for board, scope, subject in (
            (gifters, EVERYBODY, sender),
            (gifters, creator, sender),
            (Board.CREATORS, EVERYBODY, creator),
            (Board.GIFTS, EVERYBODY, item_id),
        ):
            yield Score(board, scope, period, bucket, subject, coins, pieces)
