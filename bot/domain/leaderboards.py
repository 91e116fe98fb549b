"""Leaderboards: which boards and periods a gift counts for, and how places are ordered."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.periods import PastPeriod, Period, period_key_of


class Board(StrEnum):
    """What a leaderboard ranks. The values are stored."""

    GIFTERS = "gifters"
    CREATORS = "creators"
    GIFTS = "gifts"
    ANONYMOUS = "anonymous"
    """What members gave anonymously. It is never shown to others; members see it in their own totals."""


# Before Python 3.12, looking up an enum member costs a function call. Look these up once.
_GIFTERS, _ANONYMOUS, _CREATORS, _GIFTS = Board.GIFTERS, Board.ANONYMOUS, Board.CREATORS, Board.GIFTS

PUBLIC_BOARDS: tuple[Board, ...] = (Board.GIFTERS, Board.CREATORS, Board.GIFTS)
"""The choices of `/leaderboard`. Buttons carry their places in this list, so that new ones only go to its end."""


EVERYBODY = 0
"""The scope of a board for the whole guild. Any other scope is a creator's holder id, for that creator's fans."""


class ScoreKey(NamedTuple):
    """One line of a board that a gift counts for. `scope` narrows the board to gifts for one creator.

    `subject` is a holder id, or an item id on the board GIFTS.
    """

    board: Board
    scope: int
    subject: int


BoardScope = tuple[Board, int]
"""A board and its scope."""

CREATOR_BOARDS: tuple[BoardScope, ...] = ((_CREATORS, EVERYBODY),)
"""Where a gift counts for its creator."""

ITEM_BOARDS: tuple[BoardScope, ...] = ((_GIFTS, EVERYBODY),)
"""Where a gift counts for its item."""


def sender_boards(creator: int, *, is_anonymous: bool) -> tuple[BoardScope, ...]:
    """Return where a gift to a creator counts for its sender."""
    # A place on a public board would reveal the anonymous sender.
    board = _ANONYMOUS if is_anonymous else _GIFTERS
    return (board, EVERYBODY), (board, creator)


class PeriodKeys(NamedTuple):
    """The day, week and month of a moment, as numbered by `bot.domain.periods.period_key_of`."""

    day: int
    week: int
    month: int


class Credit(NamedTuple):
    """What one row of the journal adds to leaderboards: `coins` and `pieces` on each of `lines`.

    They are negative for a row that undoes a gift, or a part of one. Which day, week and month change is decided by
    the gift itself: row `gift_seq`, sent at `at_ms` in the time zone `zone`. A gift of a live event (`event_id`, 0 for
    none) also counts on the same lines of that event. `sender` and `creator` are holder ids.
    """

    gift_seq: int
    at_ms: int
    zone: str
    sender: int
    creator: int
    item: int
    is_anonymous: bool
    event_id: int
    coins: int
    pieces: int

    @property
    def lines(self) -> tuple[ScoreKey, ...]:
        """The lines that it counts on."""
        places = (
            (self.sender, sender_boards(self.creator, is_anonymous=self.is_anonymous)),
            (self.creator, CREATOR_BOARDS),
            (self.item, ITEM_BOARDS),
        )
        return tuple([ScoreKey(board, scope, subject) for subject, boards in places for board, scope in boards])


@dataclass(frozen=True, slots=True)
class Standing:
    """A place on a leaderboard, from 1. `subject_id` is a member, or an item on the board GIFTS.

    A member who `hides_amount` has a place, and others do not see with how many coins.
    """

    place: int
    subject_id: int
    coins: int
    pieces: int
    hides_amount: bool = False


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """One page of a board, the caller's own place, None without one, and the number of places in all."""

    board: Board
    period: Period | PastPeriod
    standings: tuple[Standing, ...]
    own: Standing | None
    places: int
    coins: int


def by_pieces(standings: Iterable[Standing]) -> tuple[Standing, ...]:
    """Return standings ranked by how many pieces were sent; among equals, those that came to more coins first."""
    ranked = sorted(standings, key=lambda standing: (-standing.pieces, standing.place))
    return tuple(replace(standing, place=place) for place, standing in enumerate(ranked, start=1))


QUARTER_MS = 900_000
"""A quarter of an hour. Since 1972, every time zone's offset from UTC has been a multiple of it."""


def period_keys(at_ms: int, zone: str) -> PeriodKeys:
    """Return the day, week and month of a moment in a time zone."""
    return _period_keys(at_ms // QUARTER_MS, zone)


@lru_cache(maxsize=1_024)
def _period_keys(quarter: int, zone: str) -> PeriodKeys:
    # In every zone a day begins together with such a quarter, so the whole quarter has the same keys.
    at_ms, clock = quarter * QUARTER_MS, ZoneInfo(zone)
    return PeriodKeys(*(period_key_of(period, at_ms, clock) for period in (Period.TODAY, Period.WEEK, Period.MONTH)))
