"""Bringing leaderboards up to date: their lines, their totals, and how many lines have about as many coins.

The writer holds the heads of the guilds meanwhile: what is read here cannot change before it is written back.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, select

from bot.domain.standings import Board, Line, Scoring, Spans, cell_of
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

_NO_SPANS = (None, 0, 0) * len(SPANS)
"""What the line of a live event says about days, weeks and months."""


class Scored(NamedTuple):
    """A gift: its guild, its sequence number there, and what it counts for."""

    guild_id: int
    seq: int
    scoring: Scoring


class _Added(NamedTuple):
    coins: int
    pieces: int
    last_seq: int


class _Span:
    """The totals of one ladder over one stretch of time, and the cells whose number of lines changes."""

    __slots__ = ("anew", "bucket", "coins", "moved", "pieces", "places")

    def __init__(self, bucket: int, places: int, coins: int, pieces: int) -> None:
        self.bucket = bucket
        self.places = places
        self.coins = coins
        self.pieces = pieces
        self.moved: dict[int, int] = {}
        self.anew = False

    def reach(self, bucket: int) -> None:
        """Begin anew with `bucket`, unless it has begun already: no board goes back to a day that is over."""
        if bucket > self.bucket:
            self.bucket, self.anew = bucket, self.anew or self.bucket > 0
            self.places = self.coins = self.pieces = 0
            self.moved.clear()

    def enter(self, coins: int, pieces: int, seq: int) -> None:
        """Count a line that was not there."""
        self.places += 1
        self.coins += coins
        self.pieces += pieces
        cell = cell_of(coins, seq)
        self.moved[cell] = self.moved.get(cell, 0) + 1

    def move(self, held: int, last_seq: int, coins: int, pieces: int, seq: int) -> None:
        """Count what is added to a line that held `held` coins, the last ones since `last_seq`."""
        self.coins += coins
        self.pieces += pieces
        left, reached = cell_of(held, last_seq), cell_of(held + coins, seq)
        if left != reached:
            moved = self.moved
            moved[left] = moved.get(left, 0) - 1
            moved[reached] = moved.get(reached, 0) + 1

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
        self.all = _Span(0, *(totals[:3] or (0, 0, 0)))
        self.spans: tuple[_Span, ...] = ()
        if not key[3]:
            of_spans = totals[3:] or (0, 0, 0, 0) * len(SPANS)
            self.spans = tuple(_Span(*of_spans[at : at + 4]) for at in range(0, len(of_spans), 4))

    def line_after(self, row: _Row | None, subject: int, added: _Added) -> _Row:
        """Return a line, None where there is none yet, with what is added to it, and count it."""
        coins, pieces, seq = added
        if row is None:
            self.all.enter(coins, pieces, seq)
            return (self.key[0], subject, self.number, seq, coins, pieces, *self._entered(added))
        last_seq, held, held_pieces = row[3:6]
        self.all.move(held, last_seq, coins, pieces, seq)
        head = (self.key[0], subject, self.number, seq, held + coins, held_pieces + pieces)
        if not self.spans:
            return head + _NO_SPANS
        day, week, month = self.spans
        # Written out, because this runs for every line of every gift.
        in_day, day_coins, day_pieces, in_week, week_coins, week_pieces, in_month, month_coins, month_pieces = row[6:]
        if in_day == day.bucket:
            day.move(day_coins, last_seq, coins, pieces, seq)
        else:
            day.enter(coins, pieces, seq)
            day_coins = day_pieces = 0
        if in_week == week.bucket:
            week.move(week_coins, last_seq, coins, pieces, seq)
        else:
            week.enter(coins, pieces, seq)
            week_coins = week_pieces = 0
        if in_month == month.bucket:
            month.move(month_coins, last_seq, coins, pieces, seq)
        else:
            month.enter(coins, pieces, seq)
            month_coins = month_pieces = 0
        return (
            *head,
            *(day.bucket, day_coins + coins, day_pieces + pieces),
            *(week.bucket, week_coins + coins, week_pieces + pieces),
            *(month.bucket, month_coins + coins, month_pieces + pieces),
        )

    def _entered(self, added: _Added) -> Iterator[int | None]:
        if not self.spans:
            yield from _NO_SPANS
        for span in self.spans:
            span.enter(*added)
            yield from (span.bucket, added.coins, added.pieces)

    @property
    def row(self) -> _Row:
        """What is stored of it."""
        guild_id, *key = self.key
        of_spans = [value for span in self.spans for value in (span.bucket, *span.totals)]
        return (guild_id, self.number, *key, *self.all.totals, *(of_spans or (0, 0, 0, 0) * len(SPANS)))

    @property
    def tallied(self) -> Iterator[tuple[str, _Span]]:
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
        so_far[line] = _Added(known[0] + coins, known[1] + pieces, seq) if known else _Added(coins, pieces, seq)


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
    changes: list[tuple[Spans | None, _Ladder, int, _Added]] = []
    for (guild_id, event_id, spans), lines in sums.items():
        on: dict[tuple[Board, int], _Ladder] = {}
        for (board, scope, subject), added in lines.items():
            ladder = on.get((board, scope))
            if ladder is None:
                ladder = on[board, scope] = found[guild_id, _PLAIN[board], scope, event_id]
            changes.append((spans, ladder, subject, added))
    keys = {(ladder.key[0], subject, ladder.number) for _, ladder, subject, _ in changes}
    rows: dict[_LineKey, _Row] = {(row[0], row[1], row[2]): row for row in _LINES.rows(c, keys)}
    after: dict[_LineKey, _Row] = {}
    for spans, ladder, subject, added in changes:
        if spans is not None:
            for span, bucket in zip(ladder.spans, spans, strict=True):
                span.reach(bucket)
        key = ladder.key[0], subject, ladder.number
        rows[key] = after[key] = ladder.line_after(rows.get(key), subject, added)
    return after


def _keep_tallies(c: Connection, found: Iterable[_Ladder]) -> None:
    more: list[tuple[int, int, str, int, int]] = []
    fewer: list[tuple[int, int, int, str, int]] = []
    for ladder in found:
        guild_id, number = ladder.key[0], ladder.number
        for period, span in ladder.tallied:
            if span.anew:
                same = (tallies.c.guild_id == guild_id, tallies.c.ladder == number, tallies.c.period == period)
                c.execute(delete(tallies).where(*same))
            for cell, change in span.moved.items():
                if change > 0:
                    more.append((guild_id, number, period, cell, change))
                elif change < 0:
                    fewer.append((change, guild_id, number, period, cell))
    _MORE.run(c, more)
    _FEWER.run(c, fewer)
