"""Standings: who gave, who received and what was given, ranked over a stretch of time."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Column, ColumnElement, Connection, Select, and_, bindparam, func, select, tuple_

from bot.domain.live import EventTotals
from bot.domain.periods import Period
from bot.domain.standings import (
    EVERYBODY,
    EXACT,
    FEW,
    Board,
    Leaderboard,
    Standing,
    cell_of,
    class_of,
    class_of_cell,
    first_seq_of,
    least_of,
)
from bot.storage import holders
from bot.storage.board_tables import SPANS
from bot.storage.statements import Query
from bot.storage.tables import ladders, tallies
from bot.storage.tables import standings as table


class _Line(NamedTuple):
    """One line of a ladder."""

    subject: int
    coins: int
    pieces: int
    last_seq: int


class _Columns(NamedTuple):
    """Where a stretch of time is kept: its bucket (None where there is but one), and its sums in each line."""

    name: str
    bucket: Column[Any] | None
    coins: Column[Any]
    pieces: Column[Any]

    @property
    def order(self) -> tuple[ColumnElement[Any], ...]:
        """More coins first; among equals whoever had them first."""
        return self.coins.desc(), table.c.last_seq, table.c.subject

    @property
    def totals(self) -> tuple[Column[Any], ...]:
        """Places, coins and pieces of the whole ladder."""
        prefix = "" if self.bucket is None else f"{self.name}_"
        return tuple(ladders.c[f"{prefix}{name}"] for name in ("places", "coins", "pieces"))


_ALL = _Columns("all", None, table.c.coins, table.c.pieces)
_COLUMNS = {Period.ALL: _ALL, Period.LIVE: _ALL} | {
    period: _Columns(span, table.c[span], table.c[f"{span}_coins"], table.c[f"{span}_pieces"])
    for period, span in zip((Period.TODAY, Period.WEEK, Period.MONTH), SPANS, strict=True)
}


def _given(name: str) -> Any:  # noqa: ANN401 - whatever takes a number
    """Return a parameter of a query."""
    return bindparam(name, type_=BigInteger)


class _Queries:
    """What is asked about the ladders of one stretch of time, compiled once: boards are looked at all day long."""

    def __init__(self, columns: _Columns) -> None:
        self._columns = columns
        counted = [] if columns.bucket is None else [ladders.c[columns.name]]
        self.ladder = Query(
            select(ladders.c.ladder, *columns.totals, *counted).where(
                ladders.c.guild_id == _given("guild"),
                ladders.c.board == bindparam("board"),
                ladders.c.scope == _given("scope"),
                ladders.c.event == _given("event"),
            )
        )
        held = columns.coins
        self.page = self._page()
        self.page_below = self._page(held < _given("coins"))
        self.page_of_level = self._page(held == _given("coins"), table.c.last_seq >= _given("seq"))
        lines = select(table.c.subject, held, columns.pieces, table.c.last_seq)
        self.line = Query(lines.where(self._mine, table.c.subject == _given("subject")))
        here = select(func.count()).where(self._mine)
        before = tuple_(table.c.last_seq, table.c.subject) < tuple_(_given("seq"), _given("subject"))
        level = here.where(held == _given("coins"), before)
        richer = here.where(held > _given("coins"))
        higher = select(func.coalesce(func.sum(tallies.c.places), 0)).where(
            self._tallied, tallies.c.cell > _given("cell")
        )
        self.ahead = _sum(richer, level)
        # Only within one cell are lines counted one by one.
        self.ahead_by_seq = _sum(higher, level.where(table.c.last_seq >= _given("first_seq")))
        self.ahead_by_class = _sum(higher, richer.where(held < _given("least")), level)
        running = func.sum(tallies.c.places).over(order_by=tallies.c.cell.desc())
        cells = select(tallies.c.cell, running.label("running"), tallies.c.places).where(self._tallied).subquery()
        first = select(cells.c.cell, cells.c.running - cells.c.places).where(cells.c.running > _given("skip"))
        self.cell = Query(first.order_by(cells.c.running).limit(1))

    @property
    def _mine(self) -> ColumnElement[bool]:
        mine = and_(table.c.guild_id == _given("guild"), table.c.ladder == _given("ladder"))
        bucket = self._columns.bucket
        return mine if bucket is None else and_(mine, bucket == _given("bucket"))

    @property
    def _tallied(self) -> ColumnElement[bool]:
        period = tallies.c.period == self._columns.name
        return and_(tallies.c.guild_id == _given("guild"), tallies.c.ladder == _given("ladder"), period)

    def _page(self, *where: ColumnElement[bool]) -> Query:
        order = self._columns.order
        # What is skipped is only read in the index: the rows themselves are fetched for the page alone.
        places = select(table.c.subject).where(self._mine, *where).order_by(*order)
        places = places.offset(_given("skip")).limit(_given("limit")).subquery()
        query = select(table.c.subject, self._columns.coins, self._columns.pieces, table.c.last_seq).where(
            table.c.guild_id == _given("guild"),
            table.c.ladder == _given("ladder"),
            table.c.subject == places.c.subject,
        )
        return Query(query.order_by(*order))


def _sum(*counts: Select[Any]) -> Query:
    first, *others = (count.scalar_subquery() for count in counts)
    return Query(select(sum(others, first)))


_QUERIES = {columns.name: _Queries(columns) for columns in _COLUMNS.values()}


class _Ladder(NamedTuple):
    """One leaderboard as it is kept: its number in its guild, where its lines are, and its totals."""

    number: int
    columns: _Columns
    bucket: int
    places: int
    coins: int
    pieces: int

    def asked(self, query: Query, c: Connection, guild_id: int, **values: int) -> Sequence[tuple[Any, ...]]:
        """Return what a query finds about this ladder."""
        bucket = {} if self.columns.bucket is None else {"bucket": self.bucket}
        return query.rows(c, guild=guild_id, ladder=self.number, **bucket, **values)

    @property
    def queries(self) -> _Queries:
        """What can be asked."""
        return _QUERIES[self.columns.name]


_NONE = _Ladder(0, _ALL, 0, 0, 0, 0)
"""A leaderboard that nobody is on."""


def leaderboard(
    c: Connection,
    guild_id: int,
    board: Board,
    period: Period,
    bucket: int,
    *,
    viewer_id: int,
    fans_of: int | None = None,
    offset: int = 0,
    limit: int = 10,
) -> Leaderboard:
    """Return the places after `offset` of one bucket of a board, and the viewer's own.

    `bucket` is as `bot.domain.periods.bucket_of` gives it, or a live event's id. `fans_of` narrows the board to what
    one creator was given. Erased members are 0.
    """
    scope = EVERYBODY if fans_of is None else holders.holder_id(c, guild_id, fans_of)
    if scope is None:
        return Leaderboard(board, period, (), None, 0, 0)
    ladder = _ladder(c, guild_id, board, scope, period, bucket)
    return Leaderboard(
        board=board,
        period=period,
        standings=_page(c, guild_id, board, ladder, offset, limit),
        own=None if board is Board.GIFTS else _own(c, guild_id, viewer_id, ladder),
        places=ladder.places,
        coins=ladder.coins,
    )


def spent(c: Connection, guild_id: int, member_id: int, period: Period, bucket: int) -> int:
    """Return the coins that a member gave in one bucket of a period, with and without their name."""
    lines = (
        _line(c, guild_id, member_id, _ladder(c, guild_id, board, EVERYBODY, period, bucket))
        for board in (Board.GIFTERS, Board.ANONYMOUS)
    )
    return sum(line.coins for line in lines if line)


def event_totals(c: Connection, guild_id: int, event_id: int, *, places: int = 3) -> EventTotals:
    """Return what was given in a live event, with its first `places` gifters. Anonymous gifts have no gifters."""
    named = _ladder(c, guild_id, Board.GIFTERS, EVERYBODY, Period.LIVE, event_id)
    hidden = _ladder(c, guild_id, Board.ANONYMOUS, EVERYBODY, Period.LIVE, event_id)
    first = _page(c, guild_id, Board.GIFTERS, named, 0, places)
    return EventTotals(named.coins + hidden.coins, named.pieces + hidden.pieces, named.places, first)


def _ladder(c: Connection, guild_id: int, board: Board, scope: int, period: Period, bucket: int) -> _Ladder:
    columns = _COLUMNS[period]
    event = bucket if period is Period.LIVE else 0
    found = _QUERIES[columns.name].ladder.rows(c, guild=guild_id, board=board.value, scope=scope, event=event)
    if not found:
        return _NONE
    number, places, coins, pieces, *counted = found[0]
    # What is counted may be ahead of `bucket`, where a guild moved to a zone in which today is yesterday still.
    if counted and counted[0] < bucket:
        return _NONE
    return _Ladder(number, columns, counted[0] if counted else bucket, places, coins, pieces)


def _page(c: Connection, guild_id: int, board: Board, ladder: _Ladder, offset: int, limit: int) -> tuple[Standing, ...]:
    if offset >= ladder.places:
        return ()
    rows = _rows(c, guild_id, ladder, offset, limit)
    subjects = {line.subject: line.subject for line in rows}
    if board is not Board.GIFTS:
        subjects = holders.member_ids(c, guild_id, subjects)
    return tuple(
        Standing(place, subjects.get(line.subject, 0), line.coins, line.pieces)
        for place, line in enumerate(rows, start=offset + 1)
    )


def _rows(c: Connection, guild_id: int, ladder: _Ladder, offset: int, limit: int) -> list[_Line]:
    """Return up to `limit` lines after `offset`. Where there are many, whole cells are skipped by their tallies."""
    queries = ladder.queries
    if not offset or ladder.places <= FEW:
        return _lines(ladder.asked(queries.page, c, guild_id, skip=offset, limit=limit))
    cell, skipped = ladder.asked(queries.cell, c, guild_id, skip=offset)[0]
    rank_class, more = class_of_cell(cell), offset - int(skipped)
    if rank_class >= EXACT:
        least = least_of(rank_class + 1)
        return _lines(ladder.asked(queries.page_below, c, guild_id, coins=least, skip=more, limit=limit))
    # Two searches, because one for both would read all that share these coins.
    seq = first_seq_of(cell)
    same = {"coins": rank_class, "limit": limit}
    rows = _lines(ladder.asked(queries.page_of_level, c, guild_id, seq=seq, skip=more, **same))
    if len(rows) < limit:
        left = {"coins": rank_class, "limit": limit - len(rows)}
        rows += _lines(ladder.asked(queries.page_below, c, guild_id, skip=0, **left))
    return rows


def _lines(rows: Sequence[tuple[Any, ...]]) -> list[_Line]:
    return [_Line(*row) for row in rows]


def _own(c: Connection, guild_id: int, member_id: int, ladder: _Ladder) -> Standing | None:
    line = _line(c, guild_id, member_id, ladder)
    if line is None:
        return None
    queries, cell = ladder.queries, cell_of(line.coins, line.last_seq)
    mine = {"coins": line.coins, "seq": line.last_seq, "subject": line.subject}
    if ladder.places <= FEW:
        ahead = ladder.asked(queries.ahead, c, guild_id, **mine)
    elif line.coins < EXACT:
        ahead = ladder.asked(queries.ahead_by_seq, c, guild_id, cell=cell, first_seq=first_seq_of(cell), **mine)
    else:
        least = least_of(class_of(line.coins) + 1)
        ahead = ladder.asked(queries.ahead_by_class, c, guild_id, cell=cell, least=least, **mine)
    return Standing(int(ahead[0][0]) + 1, member_id, line.coins, line.pieces)


def _line(c: Connection, guild_id: int, member_id: int, ladder: _Ladder) -> _Line | None:
    """Return the member's line of a ladder."""
    holder = holders.holder_id(c, guild_id, member_id)
    if holder is None:
        return None
    found = ladder.asked(ladder.queries.line, c, guild_id, subject=holder)
    return _Line(*found[0]) if found else None
