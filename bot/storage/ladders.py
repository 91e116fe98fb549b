"""Bringing leaderboards up to date: their lines, their totals, and how many lines have about as many coins.

The writer holds the heads of the guilds meanwhile: what is read here cannot change before it is written back.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, select, true

from bot.domain.standings import FEW, Board, Line, Scoring, Spans, cell_of
from bot.storage.board_tables import SPANS, ladders, standings, tallies
from bot.storage.statements import InsertMany, Lookup, UpdateMany

# The driver asks for an adapter for every value that is not exactly a str.
_PLAIN: dict[str, str] = {member: member.value for member in Board}

_KEY = (ladders.c.guild_id, ladders.c.board, ladders.c.scope, ladders.c.event)
_LADDERS = Lookup(select(*ladders.c), _KEY)
_LINES = Lookup(select(*standings.c), (standings.c.guild_id, standings.c.subject, standings.c.ladder))
_KEEP_LADDERS = InsertMany(
    tuple(ladders.c), update=lambda new: {column.name: new[column.name] for column in [*ladders.c][5:]}
)
_KEEP_LINES = InsertMany(
    tuple(standings.c), update=lambda new: {column.name: new[column.name] for column in [*standings.c][3:]}
)
_TALLY = (tallies.c.guild_id, tallies.c.ladder, tallies.c.period, tallies.c.cell)
_MORE = InsertMany((*_TALLY, tallies.c.places), update=lambda new: {"places": tallies.c.places + new.places})
_FEWER = UpdateMany(tallies.c.places, _TALLY)

_LadderKey = tuple[int, str, int, int]
"""Guild, board, scope and event, plain."""

_LineKey = tuple[int, int, int]
"""Guild, subject and ladder."""

_Row = tuple[Any, ...]
"""A row of `standings`."""

_Added = list[int]
"""What is added to a line: coins, pieces and the sequence number of the last gift."""

_Tally = tuple[int, int, str, int, int]
"""A row of `tallies`."""

_NO_SPANS = (None, 0, 0) * len(SPANS)
"""What the line of a live event says about days, weeks and months."""

_NO_TOTALS = (0, 0, 0, 0) * len(SPANS)
"""What its ladder says about them."""


class Scored(NamedTuple):
    """A gift: its guild, its sequence number there, and what it counts for."""

    guild_id: int
    seq: int
    scoring: Scoring


class _Span:
    """The totals of one ladder over one stretch of time, and the cells whose number of lines changes.

    `at` is where a line's row has its coins; the bucket, if there is one, stands before. Only what has many places is
    tallied: `tallied` tells whether it was before the batch.
    """

    __slots__ = ("at", "bucket", "coins", "moved", "outdated", "pieces", "places", "tallied")

    def __init__(self, at: int, bucket: int, places: int, coins: int, pieces: int) -> None:
        self.at = at
        self.bucket = bucket
        self.places = places
        self.coins = coins
        self.pieces = pieces
        self.tallied = places > FEW
        self.outdated = False
        self.moved: dict[int, int] = {}

    def reach(self, bucket: int) -> None:
        """Begin anew with `bucket`, unless it has begun already: no board goes back to a day that is over."""
        if bucket > self.bucket:
            self.bucket = bucket
            self.places = self.coins = self.pieces = 0
            self.outdated = self.outdated or self.tallied
            self.tallied = False
            self.moved.clear()

    def tally(self, before: _Row, after: _Row) -> None:
        """Note that a line changed its cell, or came in."""
        at = self.at
        reached = cell_of(after[at], after[3])
        if before[at] and (not self.bucket or before[at - 1] == self.bucket):
            left = cell_of(before[at], before[3])
            if left == reached:
                return
            self.moved[left] = self.moved.get(left, 0) - 1
        self.moved[reached] = self.moved.get(reached, 0) + 1

    @property
    def totals(self) -> tuple[int, int, int]:
        """Places, coins and pieces."""
        return self.places, self.coins, self.pieces


class _Ladder:
    """A ladder as the batch leaves it. `spans` are its day, week and month; a live event's ladder has none."""

    __slots__ = ("all", "key", "number", "spans")

    def __init__(self, key: _LadderKey, number: int, *totals: int) -> None:
        self.key = key
        self.number = number
        self.all = _Span(4, 0, *(totals[:3] or (0, 0, 0)))
        of_spans = totals[3:] or _NO_TOTALS
        self.spans = () if key[3] else tuple(_Span(7 + 3 * n, *of_spans[4 * n : 4 * n + 4]) for n in range(len(SPANS)))

    def add(self, spans: Spans | None, coins: int, pieces: int) -> None:
        """Add what all lines are about to get, over `spans`."""
        for span, bucket in zip(self.spans, spans or (), strict=True):
            span.reach(bucket)
            span.coins += coins
            span.pieces += pieces
        self.all.coins += coins
        self.all.pieces += pieces

    def line_after(self, row: _Row | None, subject: int, added: _Added) -> _Row:
        """Return a line, None where there is none yet, with what is added to it, and count it."""
        coins, pieces, seq = added
        if row is None:
            self.all.places += 1
            row = (self.key[0], subject, self.number, 0, 0, 0, *_NO_SPANS)
        before = row
        head = (self.key[0], subject, self.number, seq, row[4] + coins, row[5] + pieces)
        if not self.spans:
            after = head + _NO_SPANS
        else:
            # Written out, because this runs for every line of every gift.
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
        if self.all.tallied:
            self._tally(before, after)
        return after

    def _tally(self, before: _Row, after: _Row) -> None:
        for span in (self.all, *self.spans):
            if span.tallied:
                span.tally(before, after)

    @property
    def row(self) -> _Row:
        """What is stored of it."""
        guild_id, *key = self.key
        of_spans = [value for span in self.spans for value in (span.bucket, *span.totals)]
        return (guild_id, self.number, *key, *self.all.totals, *(of_spans or _NO_TOTALS))

    @property
    def named_spans(self) -> Iterator[tuple[str, _Span]]:
        """Its stretches of time, by the names that tallies know them by."""
        yield "all", self.all
        yield from zip(SPANS, self.spans, strict=bool(self.spans))


_Sums = dict[tuple[int, int, Spans | None], dict[Line, _Added]]
"""What a batch adds to each line, by guild, live event and, where that is 0, stretches of time."""


def count(c: Connection, scored: Iterable[Scored]) -> None:
    """Count gifts, ordered by their sequence numbers, for every leaderboard that they are on."""
    sums = _sums_of(scored)
    if not sums:
        return
    boards = {
        (guild_id, _PLAIN[board], scope, event_id)
        for (guild_id, event_id, _), lines in sums.items()
        for board, scope in {(line[0], line[1]) for line in lines}
    }
    found = _load(c, boards)
    _KEEP_LINES.run(c, [*_lines_after(c, found, sums).values()])
    _KEEP_LADDERS.run(c, [ladder.row for ladder in found.values()])
    _keep_tallies(c, found.values())


def _sums_of(scored: Iterable[Scored]) -> _Sums:
    sums: _Sums = {}
    for guild_id, seq, (lines, spans, event_id, coins, pieces) in scored:
        _add(sums.setdefault((guild_id, 0, spans), {}), lines, coins, pieces, seq)
        if event_id:
            _add(sums.setdefault((guild_id, event_id, None), {}), lines, coins, pieces, seq)
    return sums


def _add(so_far: dict[Line, _Added], lines: Iterable[Line], coins: int, pieces: int, seq: int) -> None:
    for line in lines:
        known = so_far.get(line)
        if known is None:
            so_far[line] = [coins, pieces, seq]
        else:
            known[0] += coins
            known[1] += pieces
            known[2] = seq


def _load(c: Connection, keys: Collection[_LadderKey]) -> dict[_LadderKey, _Ladder]:
    """Return the ladders of `keys`; those that nobody was on yet get their numbers now."""
    found: dict[_LadderKey, _Ladder] = {}
    for guild_id, number, board, scope, event_id, *totals in _LADDERS.rows(c, keys):
        key = guild_id, board, scope, event_id
        found[key] = _Ladder(key, number, *totals)
    new = sorted(keys - found.keys())
    if new:
        guild_ids = {guild_id for guild_id, *_ in new}
        query = select(ladders.c.guild_id, func.max(ladders.c.ladder).label("last")).where(
            ladders.c.guild_id.in_(guild_ids)
        )
        last = {row.guild_id: row.last for row in c.execute(query.group_by(ladders.c.guild_id))}
        for key in new:
            number = last[key[0]] = last.get(key[0], 0) + 1
            found[key] = _Ladder(key, number)
    return found


def _lines_after(c: Connection, found: dict[_LadderKey, _Ladder], sums: _Sums) -> dict[_LineKey, _Row]:
    """Return all lines that change, as they are then, and bring the ladders' totals up to date."""
    changes = [_changes(found, guild_id, event_id, lines) for (guild_id, event_id, _), lines in sums.items()]
    keys = {key for changed in changes for _, of_ladder in changed for key in of_ladder}
    rows: dict[_LineKey, _Row] = {(row[0], row[1], row[2]): row for row in _LINES.rows(c, keys)}
    after: dict[_LineKey, _Row] = {}
    for (_, _, spans), changed in zip(sums, changes, strict=True):
        for ladder, of_ladder in changed:
            ladder.add(spans, sum([added[0] for added in of_ladder.values()]), sum([a[1] for a in of_ladder.values()]))
            for key, added in of_ladder.items():
                # Two days in one batch change a line twice.
                rows[key] = after[key] = ladder.line_after(rows.get(key), key[1], added)
    return after


def _changes(
    found: dict[_LadderKey, _Ladder], guild_id: int, event_id: int, lines: dict[Line, _Added]
) -> list[tuple[_Ladder, dict[_LineKey, _Added]]]:
    """Return what is added to each line, by ladder."""
    on: dict[tuple[Board, int], tuple[_Ladder, dict[_LineKey, _Added]]] = {}
    for (board, scope, subject), added in lines.items():
        here = on.get((board, scope))
        if here is None:
            here = on[board, scope] = found[guild_id, _PLAIN[board], scope, event_id], {}
        here[1][guild_id, subject, here[0].number] = added
    return [*on.values()]


def _keep_tallies(c: Connection, found: Iterable[_Ladder]) -> None:
    """Write the tallies that changed, after the lines: what has become many is tallied from them."""
    more: list[_Tally] = []
    fewer: list[tuple[int, int, int, str, int]] = []
    for ladder in found:
        guild_id, number = ladder.key[0], ladder.number
        for name, span in ladder.named_spans:
            if span.outdated:
                same = (tallies.c.guild_id == guild_id, tallies.c.ladder == number, tallies.c.period == name)
                c.execute(delete(tallies).where(*same))
            if span.places > FEW and not span.tallied:
                more += _tallied(c, guild_id, number, name, span.bucket)
            for cell, change in span.moved.items():
                if change > 0:
                    more.append((guild_id, number, name, cell, change))
                elif change < 0:
                    fewer.append((change, guild_id, number, name, cell))
    _MORE.run(c, more)
    _FEWER.run(c, fewer)


def _tallied(c: Connection, guild_id: int, number: int, name: str, bucket: int) -> Iterator[_Tally]:
    """Yield the tallies of lines that are stored."""
    lines = standings.c
    held, current = (lines[f"{name}_coins"], lines[name] == bucket) if name in SPANS else (lines.coins, true())
    query = select(held, lines.last_seq).where(lines.guild_id == guild_id, lines.ladder == number, current)
    for cell, places in Counter(cell_of(coins, seq) for coins, seq in c.execute(query)).items():
        yield guild_id, number, name, cell, places
