"""Update leaderboards: their lines, their totals, and the tallies of how many lines have about as many coins.

The writer holds the heads of the guilds while this runs, so what is read here cannot change before it is written back.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, select, true

from bot.domain.standings import FEW, Board, Line, Scoring, Spans, cell_of
from bot.storage.sql.leaderboard_tables import SPANS, ladders, standings, tallies
from bot.storage.sql.statements import InsertMany, Lookup, UpdateMany

# Board is a str subclass, and the driver looks for an adapter for every value that is not exactly a str.
_PLAIN: dict[str, str] = {member: member.value for member in Board}

_KEY = (ladders.c.guild_id, ladders.c.board, ladders.c.scope, ladders.c.event)
_LADDERS = Lookup(select(*ladders.c), _KEY)
_LINES = Lookup(select(*standings.c), (standings.c.guild_id, standings.c.subject, standings.c.ladder))
_SAVE_LADDERS = InsertMany(
    tuple(ladders.c), update=lambda new: {column.name: new[column.name] for column in [*ladders.c][5:]}
)
_SAVE_LINES = InsertMany(
    tuple(standings.c), update=lambda new: {column.name: new[column.name] for column in [*standings.c][3:]}
)
_TALLY = (tallies.c.guild_id, tallies.c.ladder, tallies.c.period, tallies.c.cell)
_ADD_TALLIES = InsertMany((*_TALLY, tallies.c.places), update=lambda new: {"places": tallies.c.places + new.places})
_TAKE_TALLIES = UpdateMany(tallies.c.places, _TALLY)

_LadderKey = tuple[int, str, int, int]
"""Guild, board (a plain str), scope and event."""

_LineKey = tuple[int, int, int]
"""Guild, subject and ladder."""

_Row = tuple[Any, ...]
"""A row of `standings`."""

_Increment = list[int]
"""What is added to a line: coins, pieces and the sequence number of the last gift."""

_Tally = tuple[int, int, str, int, int]
"""A row of `tallies`."""

_NO_SPANS = (None, 0, 0) * len(SPANS)
"""The columns of days, weeks and months in a line of a live event."""

_NO_TOTALS = (0, 0, 0, 0) * len(SPANS)
"""The columns of days, weeks and months in the ladder of a live event."""


class Scored(NamedTuple):
    """A gift: its guild, its sequence number there, and the lines and spans that it counts for."""

    guild_id: int
    seq: int
    scoring: Scoring


class _Span:
    """The totals of one ladder over one period, and the cells whose number of lines changes.

    `at` is the position of the period's coins in a line's row. The bucket, if there is one, comes just before. Only
    periods with many places have tallies: `is_tallied` tells whether this one had them before the batch, `is_outdated`
    whether the stored ones are those of an earlier bucket.
    """

    __slots__ = ("at", "bucket", "cell_changes", "coins", "is_outdated", "is_tallied", "pieces", "places")

    def __init__(self, at: int, bucket: int, places: int, coins: int, pieces: int) -> None:
        self.at = at
        self.bucket = bucket
        self.places = places
        self.coins = coins
        self.pieces = pieces
        self.is_tallied = places > FEW
        self.is_outdated = False
        self.cell_changes: dict[int, int] = {}

    def reach(self, bucket: int) -> None:
        """Start over with `bucket` if it is later than the current one: no board goes back to a past day."""
        if bucket > self.bucket:
            self.bucket = bucket
            self.places = self.coins = self.pieces = 0
            self.is_outdated = self.is_outdated or self.is_tallied
            self.is_tallied = False
            self.cell_changes.clear()

    def tally(self, before: _Row, after: _Row) -> None:
        """Count a line that moved to another cell, or is new."""
        at = self.at
        new_cell = cell_of(after[at], after[3])
        if before[at] and (not self.bucket or before[at - 1] == self.bucket):
            old_cell = cell_of(before[at], before[3])
            if old_cell == new_cell:
                return
            self.cell_changes[old_cell] = self.cell_changes.get(old_cell, 0) - 1
        self.cell_changes[new_cell] = self.cell_changes.get(new_cell, 0) + 1

    @property
    def totals(self) -> tuple[int, int, int]:
        """Places, coins and pieces."""
        return self.places, self.coins, self.pieces


class _Ladder:
    """A ladder, updated while the batch is counted. `spans` are its day, week and month: none in a live event."""

    __slots__ = ("all", "key", "number", "spans")

    def __init__(self, key: _LadderKey, number: int, *totals: int) -> None:
        self.key = key
        self.number = number
        self.all = _Span(4, 0, *(totals[:3] or (0, 0, 0)))
        sums = totals[3:] or _NO_TOTALS
        self.spans = () if key[3] else tuple(_Span(7 + 3 * n, *sums[4 * n : 4 * n + 4]) for n in range(len(SPANS)))

    def add(self, spans: Spans | None, coins: int, pieces: int) -> None:
        """Add the sum of all increments of lines, which count for the buckets `spans`, to the totals."""
        for span, bucket in zip(self.spans, spans or (), strict=True):
            span.reach(bucket)
            span.coins += coins
            span.pieces += pieces
        self.all.coins += coins
        self.all.pieces += pieces

    def line_after(self, row: _Row | None, subject: int, increment: _Increment) -> _Row:
        """Return the line `row`, None for a new one, after its increment; update places and cells."""
        coins, pieces, seq = increment
        if row is None:
            self.all.places += 1
            row = (self.key[0], subject, self.number, 0, 0, 0, *_NO_SPANS)
        before = row
        head = (self.key[0], subject, self.number, seq, row[4] + coins, row[5] + pieces)
        if not self.spans:
            after = head + _NO_SPANS
        else:
            # Unrolled, because this runs for every line of every gift.
            in_day, day_coins, day_pieces, in_week, week_coins, week_pieces, in_month, month_coins, month_pieces = row[
                6:
            ]
            day, week, month = self.spans
            if in_day != day.bucket:
                day.places += 1
                in_day, day_coins, day_pieces = day.bucket, 0, 0
            if in_week != week.bucket:
                week.places += 1
                in_week, week_coins, week_pieces = week.bucket, 0, 0
            if in_month != month.bucket:
                month.places += 1
                in_month, month_coins, month_pieces = month.bucket, 0, 0
            after = (
                *head,
                *(in_day, day_coins + coins, day_pieces + pieces),
                *(in_week, week_coins + coins, week_pieces + pieces),
                *(in_month, month_coins + coins, month_pieces + pieces),
            )
        if self.all.is_tallied:
            self._tally(before, after)
        return after

    def _tally(self, before: _Row, after: _Row) -> None:
        for span in (self.all, *self.spans):
            if span.is_tallied:
                span.tally(before, after)

    @property
    def row(self) -> _Row:
        """The ladder as a row of `ladders`."""
        guild_id, *key = self.key
        span_totals = [value for span in self.spans for value in (span.bucket, *span.totals)]
        return (guild_id, self.number, *key, *self.all.totals, *(span_totals or _NO_TOTALS))

    @property
    def named_spans(self) -> Iterator[tuple[str, _Span]]:
        """Its periods, with the names that tallies have for them."""
        yield "all", self.all
        yield from zip(SPANS, self.spans, strict=bool(self.spans))


_Sums = dict[tuple[int, int, Spans | None], dict[Line, _Increment]]
"""What a batch adds to each line, by guild, live event and, if that is 0, day, week and month."""


def count(c: Connection, gifts: Iterable[Scored]) -> None:
    """Count gifts on every leaderboard that they concern. They must be in the order of their sequence numbers."""
    sums = _sums_of(gifts)
    if not sums:
        return
    boards = {
        (guild_id, _PLAIN[board], scope, event_id)
        for (guild_id, event_id, _), lines in sums.items()
        for board, scope in {(line[0], line[1]) for line in lines}
    }
    ladder_by_key = _load(c, boards)
    _SAVE_LINES.run(c, [*_lines_after(c, ladder_by_key, sums).values()])
    _SAVE_LADDERS.run(c, [ladder.row for ladder in ladder_by_key.values()])
    _save_tallies(c, ladder_by_key.values())


def _sums_of(gifts: Iterable[Scored]) -> _Sums:
    sums: _Sums = {}
    for guild_id, seq, (lines, spans, event_id, coins, pieces) in gifts:
        _add(sums.setdefault((guild_id, 0, spans), {}), lines, coins, pieces, seq)
        if event_id:
            _add(sums.setdefault((guild_id, event_id, None), {}), lines, coins, pieces, seq)
    return sums


def _add(increments: dict[Line, _Increment], lines: Iterable[Line], coins: int, pieces: int, seq: int) -> None:
    for line in lines:
        increment = increments.get(line)
        if increment is None:
            increments[line] = [coins, pieces, seq]
        else:
            increment[0] += coins
            increment[1] += pieces
            increment[2] = seq


def _load(c: Connection, keys: Collection[_LadderKey]) -> dict[_LadderKey, _Ladder]:
    """Return the ladders of `keys`. New ones get the next numbers of their guild."""
    ladder_by_key: dict[_LadderKey, _Ladder] = {}
    for guild_id, number, board, scope, event_id, *totals in _LADDERS.rows(c, keys):
        key = guild_id, board, scope, event_id
        ladder_by_key[key] = _Ladder(key, number, *totals)
    new = sorted(keys - ladder_by_key.keys())
    if new:
        guild_ids = {guild_id for guild_id, *_ in new}
        query = select(ladders.c.guild_id, func.max(ladders.c.ladder).label("last")).where(
            ladders.c.guild_id.in_(guild_ids)
        )
        last_numbers = {row.guild_id: row.last for row in c.execute(query.group_by(ladders.c.guild_id))}
        for key in new:
            number = last_numbers[key[0]] = last_numbers.get(key[0], 0) + 1
            ladder_by_key[key] = _Ladder(key, number)
    return ladder_by_key


def _lines_after(c: Connection, ladder_by_key: dict[_LadderKey, _Ladder], sums: _Sums) -> dict[_LineKey, _Row]:
    """Return all lines that change, as they are afterwards, and update the totals of their ladders."""
    changes = [_changes(ladder_by_key, guild_id, event_id, lines) for (guild_id, event_id, _), lines in sums.items()]
    keys = {key for ladder_changes in changes for _, increments in ladder_changes for key in increments}
    rows: dict[_LineKey, _Row] = {(row[0], row[1], row[2]): row for row in _LINES.rows(c, keys)}
    changed_lines: dict[_LineKey, _Row] = {}
    for (_, _, spans), ladder_changes in zip(sums, changes, strict=True):
        for ladder, increments in ladder_changes:
            coins = sum([increment[0] for increment in increments.values()])
            pieces = sum([increment[1] for increment in increments.values()])
            ladder.add(spans, coins, pieces)
            for key, increment in increments.items():
                # A batch that spans midnight changes a line twice, so the second change builds on the first.
                rows[key] = changed_lines[key] = ladder.line_after(rows.get(key), key[1], increment)
    return changed_lines


def _changes(
    ladder_by_key: dict[_LadderKey, _Ladder], guild_id: int, event_id: int, lines: dict[Line, _Increment]
) -> list[tuple[_Ladder, dict[_LineKey, _Increment]]]:
    """Return what is added to each line, grouped by ladder."""
    changes: dict[tuple[Board, int], tuple[_Ladder, dict[_LineKey, _Increment]]] = {}
    for (board, scope, subject), increment in lines.items():
        change = changes.get((board, scope))
        if change is None:
            change = changes[board, scope] = ladder_by_key[guild_id, _PLAIN[board], scope, event_id], {}
        change[1][guild_id, subject, change[0].number] = increment
    return [*changes.values()]


def _save_tallies(c: Connection, changed_ladders: Iterable[_Ladder]) -> None:
    """Write the tallies that changed. Save the lines first: a period that now has many places is tallied from them."""
    more: list[_Tally] = []
    fewer: list[tuple[int, int, int, str, int]] = []
    for ladder in changed_ladders:
        guild_id, number = ladder.key[0], ladder.number
        for name, span in ladder.named_spans:
            if span.is_outdated:
                of_span = (tallies.c.guild_id == guild_id, tallies.c.ladder == number, tallies.c.period == name)
                c.execute(delete(tallies).where(*of_span))
            if span.places > FEW and not span.is_tallied:
                more += _count_tallies(c, guild_id, number, name, span.bucket)
            for cell, change in span.cell_changes.items():
                if change > 0:
                    more.append((guild_id, number, name, cell, change))
                elif change < 0:
                    fewer.append((change, guild_id, number, name, cell))
    _ADD_TALLIES.run(c, more)
    _TAKE_TALLIES.run(c, fewer)


def _count_tallies(c: Connection, guild_id: int, number: int, name: str, bucket: int) -> Iterator[_Tally]:
    """Yield the tallies of one period of a ladder, counted from the stored lines."""
    lines = standings.c
    line_coins, is_current = (lines[f"{name}_coins"], lines[name] == bucket) if name in SPANS else (lines.coins, true())
    query = select(line_coins, lines.last_seq).where(lines.guild_id == guild_id, lines.ladder == number, is_current)
    for cell, places in Counter(cell_of(coins, seq) for coins, seq in c.execute(query)).items():
        yield guild_id, number, name, cell, places
