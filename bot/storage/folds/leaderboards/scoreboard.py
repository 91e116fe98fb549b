"""One leaderboard and its lines in memory, while gifts are counted on them."""

from collections.abc import Sequence
from typing import Any, Self

from bot.domain.leaderboards import PeriodKeys
from bot.domain.periods import ALL_TIME
from bot.storage.folds.leaderboards.calendar import Counts
from bot.storage.folds.leaderboards.rank_bins import FEW, rank_bin_of
from bot.storage.sql.leaderboard_tables import SPANS

BoardKey = tuple[str, int, int]
"""What a leaderboard ranks: its board (a plain str), its scope and its live event."""

_NO_PERIODS = (None, 0, 0) * len(SPANS)
"""The columns of days, weeks and months in a line of a live event."""

_NO_TOTALS = (0, 0, 0, 0) * len(SPANS)
"""The columns of days, weeks and months in the leaderboard of a live event."""

_IS_KEPT = (False, True, False, True)
"""Whether the sums of a period are kept when it is over: all time has no end, and nobody looks at past weeks."""

PastSums = tuple[int, int, int, int, int]
"""A past day or month, the subject of a line, its last row, and the coins and pieces that it had then."""


class Sums:
    """The sums of one line over one period. `key` is the day, week or month, None for none."""

    __slots__ = ("coins", "key", "pieces")

    def __init__(self, key: int | None, coins: int = 0, pieces: int = 0) -> None:
        self.key = key
        self.coins = coins
        self.pieces = pieces


class ScoreLine:
    """A line of a leaderboard: what one member gave or received, or how often an item was given.

    `sums` begin with those of all time, over all gifts. In a live event there are no others.
    """

    __slots__ = ("last_seq", "subject", "sums")

    def __init__(self, subject: int, last_seq: int, sums: list[Sums]) -> None:
        self.subject = subject
        self.last_seq = last_seq
        self.sums = sums

    @classmethod
    def of_row(cls, row: Sequence[Any]) -> Self:
        """Return the line in a row of `standings`."""
        _, subject, _, last_seq, coins, pieces, *periods = row
        day, day_coins, day_pieces, week, week_coins, week_pieces, month, month_coins, month_pieces = periods
        sums = [
            Sums(ALL_TIME, coins, pieces),
            Sums(day, day_coins, day_pieces),
            Sums(week, week_coins, week_pieces),
            Sums(month, month_coins, month_pieces),
        ]
        return cls(subject, last_seq, sums)

    def row(self, guild_id: int, number: int) -> tuple[Any, ...]:
        """Return the line as a row of `standings`."""
        all_time, *periods = self.sums
        head = (guild_id, self.subject, number, self.last_seq, all_time.coins, all_time.pieces)
        if not periods:
            return head + _NO_PERIODS
        day, week, month = periods
        return (
            *head,
            *(day.key, day.coins, day.pieces),
            *(week.key, week.coins, week.pieces),
            *(month.key, month.coins, month.pieces),
        )


class PeriodTotals:
    """The totals of one leaderboard over one period, and by how much its counts of rank bins change.

    Only periods with many places have such counts. `has_bins` tells whether they are stored for the period,
    `has_outdated_bins` whether those of an earlier one are.
    """

    __slots__ = ("bin_changes", "coins", "has_bins", "has_outdated_bins", "key", "pieces", "places")

    def __init__(self, key: int, places: int, coins: int, pieces: int) -> None:
        self.key = key
        self.places = places
        self.coins = coins
        self.pieces = pieces
        self.has_bins = places > FEW
        self.has_outdated_bins = False
        self.bin_changes: dict[int, int] = {}

    def turn(self, key: int) -> None:
        """Start over if a new day, week or month has begun."""
        if key != self.key:
            self.key = key
            self.places = self.coins = self.pieces = 0
            self.has_outdated_bins = self.has_outdated_bins or self.has_bins
            self.has_bins = False
            self.bin_changes.clear()

    def add(self, sums: Sums, coins: int, pieces: int) -> None:
        """Add to the sums of a line that are of this period, and to the totals. Without coins, a line has no place."""
        if sums.key != self.key:
            sums.key, sums.coins, sums.pieces = self.key, 0, 0
        had_place = sums.coins > 0
        sums.coins += coins
        sums.pieces += pieces
        assert sums.coins >= 0, "more was taken back than was given"
        self.coins += coins
        self.pieces += pieces
        self.places += (sums.coins > 0) - had_place
        if not sums.coins:
            self.pieces -= sums.pieces
            sums.key, sums.pieces = None, 0

    def bin_of(self, sums: Sums, last_seq: int) -> int | None:
        """Return the rank bin of a line, None if it has no place in this period."""
        return rank_bin_of(sums.coins, last_seq) if sums.key == self.key and sums.coins else None

    def move(self, before: int | None, after: int | None) -> None:
        """Count a line that moved from one rank bin to another."""
        if before == after:
            return
        changes = self.bin_changes
        if before is not None:
            changes[before] = changes.get(before, 0) - 1
        if after is not None:
            changes[after] = changes.get(after, 0) + 1


class Scoreboard:
    """A leaderboard. `totals` begin with those of all time; leaderboards of live events have no others.

    `ended` are the days and months that lines have left behind, `undone` is what was taken back from earlier ones, by
    period and subject: coins and pieces.
    """

    __slots__ = ("ended", "key", "number", "totals", "undone")

    def __init__(self, key: BoardKey, number: int, totals: Sequence[int] = (0, 0, 0, *_NO_TOTALS)) -> None:
        self.key = key
        self.number = number
        self.ended: list[PastSums] = []
        self.undone: dict[tuple[int, int], list[int]] = {}
        places, coins, pieces, *periods = totals
        self.totals = [PeriodTotals(ALL_TIME, places, coins, pieces)]
        _, _, event_id = key
        if not event_id:
            self.totals += [PeriodTotals(*periods[start : start + 4]) for start in range(0, len(periods), 4)]

    @classmethod
    def of_row(cls, row: Sequence[Any]) -> Self:
        """Return the leaderboard in a row of `ladders`."""
        _, number, board, scope, event_id, *totals = row
        return cls((board, scope, event_id), number, totals)

    def row(self, guild_id: int) -> tuple[Any, ...]:
        """Return the leaderboard as a row of `ladders`."""
        all_time, *periods = self.totals
        columns = [value for totals in periods for value in (totals.key, totals.places, totals.coins, totals.pieces)]
        head = (guild_id, self.number, *self.key, all_time.places, all_time.coins, all_time.pieces)
        return (*head, *(columns or _NO_TOTALS))

    def new_score(self, subject: int) -> ScoreLine:
        """Return a line on which nothing is counted yet."""
        return ScoreLine(subject, 0, [Sums(ALL_TIME), *(Sums(None) for _ in self.totals[1:])])

    def turn(self, keys: PeriodKeys) -> None:
        """Start the periods over that have ended."""
        for totals, key in zip(self.totals[1:], keys, strict=False):
            totals.turn(key)

    def add(self, score: ScoreLine, counts: Counts, coins: int, pieces: int, gift_seq: int) -> None:
        """Add to a line, and to the totals, in the periods that it `counts` for. `gift_seq` is 0 without a gift."""
        seq_before = score.last_seq
        score.last_seq = gift_seq or seq_before
        for totals, sums, key, is_kept in zip(self.totals, score.sums, counts, _IS_KEPT, strict=False):
            is_counted = key == totals.key
            if is_counted and is_kept and sums.key != key and sums.key is not None:
                self.ended.append((sums.key, score.subject, seq_before, sums.coins, sums.pieces))
            if not is_counted and key is not None:
                self._undo(score.subject, sums, key, coins, pieces)
            if not totals.has_bins:
                if is_counted:
                    totals.add(sums, coins, pieces)
                continue
            before = totals.bin_of(sums, seq_before)
            if is_counted:
                totals.add(sums, coins, pieces)
            totals.move(before, totals.bin_of(sums, score.last_seq))

    def _undo(self, subject: int, sums: Sums, key: int, coins: int, pieces: int) -> None:
        """Take back from a past day or month, whether or not the line has begun another since."""
        if sums.key != key:
            part = self.undone.setdefault((key, subject), [0, 0])
            part[0] += coins
            part[1] += pieces
            return
        sums.coins += coins
        sums.pieces += pieces
        assert sums.coins >= 0, "more was taken back than was given"
        if not sums.coins:
            sums.key, sums.pieces = None, 0
